import { chunksOf } from '../../model/chunks';
import { SyncError } from '../../model/errors';
import type { TableSource } from '../../model/record';
import type { SyncSession } from '../../ports/session';

/** Of one item, in its base unit; at the location that was asked for, or at all of them. */
export interface CardFigures {
	onHand: number;
	onOrder: number;
}

const FIELDS = ['No', 'Inventory', 'Qty_on_Sales_Order'];
/** Items that a question names: its address stays short. */
const NAMED = 40;
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * What the card of items shows, by number of the item; null where the page is not published. A location narrows what its figures are calculated from
 * ("Using filter expressions in OData URIs", FlowFilters).
 */
export async function cardsOf(
	{ businessCentral }: SyncSession,
	page: TableSource,
	numbers: readonly string[],
	location: string | null,
): Promise<Map<string, CardFigures> | null> {
	try {
		if ((await businessCentral.absentColumns(page, FIELDS)).length > 0) return null;
		const found = new Map<string, CardFigures>();
		for (const chunk of chunksOf(numbers, NAMED)) {
			const named = chunk.map((number) => `No eq ${quoted(number)}`).join(' or ');
			const filter = location === null ? named : `(${named}) and Location_Filter eq ${quoted(location)}`;
			for (const row of await businessCentral.readAll(`ODataV4/${page.name}`, FIELDS, filter))
				found.set(String(row['No']), { onHand: Number(row['Inventory'] ?? 0), onOrder: Number(row['Qty_on_Sales_Order'] ?? 0) });
		}
		return found;
	} catch (error) {
		// Published within the day, and not any more: the answer is told without it.
		if (error instanceof SyncError && /^BC_(PAGE_NOT_PUBLISHED|TABLE_NOT_FOUND|EXTENSION_GONE|SURFACE_GONE)$/.test(error.code)) return null;
		throw error;
	}
}

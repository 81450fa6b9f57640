import { itemProduct } from '../../defaults/itemProduct';
import { itemUom } from '../../defaults/itemUom';
import { resourceProduct } from '../../defaults/resourceProduct';
import { resourceUom } from '../../defaults/resourceUom';
import { compositeId } from '../../model/compositeId';
import type { Coupling } from '../../model/coupling';
import { SyncError } from '../../model/errors';
import type { FieldName, SystemRecord, TableSource } from '../../model/record';
import { spelledCode } from '../../model/upperCase';
import type { SyncSession } from '../../ports/session';
import type { InvoiceLookups, Sold } from './invoiceLookups';
import type { InvoiceLine } from './postedInvoice';

const PRODUCTS = itemProduct.mapping.crm;
/** Without the page of further fields: what lines need stands in API v2.0. */
const ITEMS: TableSource = { name: 'items', numberField: 'number', nameField: 'displayName' };

/** What lines sell, with the products it is coupled with, and their units. Two to four requests, and some looks into the store. */
export async function soldObjects(
	session: SyncSession,
	lines: readonly InvoiceLine[],
	unitGroups: boolean,
): Promise<Pick<InvoiceLookups, 'items' | 'resources' | 'units'>> {
	const { store } = session;
	const itemIds = unique(lines.flatMap(({ kind, itemId }) => (kind === 'item' && itemId ? [itemId] : [])));
	const numbers = unique(lines.flatMap(({ kind, number }) => (kind === 'resource' ? [spelledCode(number)] : [])));
	const items = await store.couplingsOf(itemProduct.mapping.name, 'businessCentral', itemIds);
	const resources = await store.couplingsOf(
		resourceProduct.mapping.name,
		'businessCentral',
		numbers.map((number) => compositeId([number])),
	);
	const productIds = unique([...items.values(), ...resources.values()].map(({ crmId }) => crmId));
	const products =
		productIds.length > 0
			? await session.crm.readByIds(PRODUCTS, productIds, ['statecode', 'defaultuomid'])
			: new Map<string, SystemRecord>();
	const sold = (coupling: Coupling | undefined, there: SystemRecord | undefined, blocked: FieldName): Sold => ({
		name: coupling?.bcName ?? there?.name ?? '',
		blocked: there?.values[blocked] === true,
		product: productOf(coupling && products.get(coupling.crmId)),
	});
	const openItems = await blockedOf(
		session,
		ITEMS,
		itemIds.filter((id) => !items.has(id)),
		'blocked',
	);
	const openResources = await blockedOf(
		session,
		resourceProduct.mapping.bc,
		numbers.map((number) => compositeId([number])).filter((id) => !resources.has(id)),
		'Blocked',
	);
	return {
		items: new Map(itemIds.map((id) => [id, sold(items.get(id), openItems.get(id), 'blocked')])),
		resources: new Map(
			numbers.map((number) => {
				const id = compositeId([number]);
				return [number, sold(resources.get(id), openResources.get(id), 'Blocked')];
			}),
		),
		units: unitGroups ? await unitsOf(session, lines) : new Map(),
	};
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];

function productOf(row: SystemRecord | undefined): Sold['product'] {
	if (!row) return null;
	const { statecode, defaultuomid } = row.values;
	return { id: row.id, state: Number(statecode ?? 0), defaultUnitId: typeof defaultuomid === 'string' ? defaultuomid : null };
}

/** Only what is not coupled is asked for: whether it could be. A page that is not published tells nothing. */
async function blockedOf(
	{ businessCentral }: SyncSession,
	table: TableSource,
	ids: readonly string[],
	field: FieldName,
): Promise<Map<string, SystemRecord>> {
	if (ids.length === 0) return new Map();
	try {
		return await businessCentral.readByIds(table, ids, [field]);
	} catch (error) {
		if (error instanceof SyncError && error.errorClass === 'setup') return new Map();
		throw error;
	}
}

/** Units of CRM by the item or resource and the code. */
async function unitsOf({ store }: SyncSession, lines: readonly InvoiceLine[]): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const [kind, mapping] of [
		['item', itemUom.mapping.name],
		['resource', resourceUom.mapping.name],
	] as const) {
		const ids = unique(lines.flatMap((line) => (line.kind === kind && line.unit !== '' ? [unitKey(line)] : [])));
		for (const [id, { crmId }] of await store.couplingsOf(mapping, 'businessCentral', ids)) found.set(`${kind} ${id}`, crmId);
	}
	return found;
}

export const unitKey = ({ number, unit }: Pick<InvoiceLine, 'number' | 'unit'>): string => compositeId([number, unit]);

import { loadSetup } from '../../defaults/catalog';
import { Decimal } from '../../model/decimal';
import { SyncError } from '../../model/errors';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { itemMissing, locationsNotShown, locationUnknown, productNotCoupled } from './availabilityErrors';
import { cardsOf, type CardFigures } from './itemCards';
import { BC_ITEMS, CARD, ITEM_MAPPING, itemCard, PRODUCTS } from './tables';

/** Whose availability is asked for: a product of CRM by its id, or an item of Business Central by its number. */
export type AvailabilityReference = { productId: string } | { itemNumber: string };

export interface Availability {
	/** Null for an item that is coupled with no product. */
	product: { id: string; number: string; name: string } | null;
	item: { id: string; number: string; name: string };
	/** In the base unit, as all quantities here; null for what is not kept in inventory. */
	onHand: number | null;
	/** What sales orders still have to deliver; null where no page shows it. */
	onOrder: number | null;
	/** On hand, less on order; null where one of them is. */
	available: number | null;
	/** Code of the base unit. */
	unit: string;
	/** Null: of all locations together. */
	location: string | null;
	/** By the clock of Business Central: ISO, UTC. */
	asOf: string;
	/** Why something is not told. */
	warnings: readonly string[];
}

/**
 * What there is of products, read from Business Central this moment; by position, with the reason where nobody can tell. Nothing is written, and no run is
 * waited for. Four requests at most, however many are asked for.
 * @throws SyncError where a system cannot be asked at all; `LOCATION_UNKNOWN` and `LOCATIONS_NOT_SHOWN` (data) for the location
 */
export async function getAvailability(
	session: SyncSession,
	references: readonly AvailabilityReference[],
	{ location = null }: { location?: string | null } = {},
): Promise<Array<Availability | SyncError>> {
	const { businessCentral, store, crm } = session;
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const page = itemCard(settings);
	const asked = await availabilityItems(session, references);
	const items = [...new Map(asked.flatMap((found) => (found instanceof SyncError ? [] : [[found.id, found]]))).values()];
	if (items.length === 0) return asked as SyncError[];
	const place = location === null ? null : await locationNamed(session, location);
	const cards = await cardsOf(session, page, items.map(({ number }) => number), place); // prettier-ignore
	if (place !== null && cards === null) throw locationsNotShown(page.name);
	const couplings = await store.couplingsOf(ITEM_MAPPING, 'businessCentral', items.map(({ id }) => id)); // prettier-ignore
	const products = couplings.size === 0 ? new Map<string, SystemRecord>() : await crm.readByIds(PRODUCTS, [...couplings.values()].map(({ crmId }) => crmId), []); // prettier-ignore
	const asOf = new Date(businessCentral.serviceNow() ?? session.clock.now()).toISOString();
	return asked.map((found): Availability | SyncError => {
		if (found instanceof SyncError) return found;
		const product = products.get(couplings.get(found.id)?.crmId ?? '');
		return {
			product: product ? { id: product.id, number: product.number, name: product.name } : null,
			item: { id: found.id, number: found.number, name: found.name },
			...quantities(found, cards && (cards.get(found.number) ?? null), { location: place, page: page.name }),
			unit: String(found.values['baseUnitOfMeasureCode'] ?? ''),
			location: place,
			asOf,
		};
	});
}

type Quantities = Pick<Availability, 'onHand' | 'onOrder' | 'available' | 'warnings'>;

function quantities(
	item: SystemRecord,
	card: CardFigures | null,
	{ location, page }: { location: string | null; page: string },
): Quantities {
	const type = String(item.values['type'] ?? '');
	if (type !== 'Inventory')
		return { onHand: null, onOrder: card?.onOrder ?? null, available: null, warnings: [`Item ${item.number} is of type ${type}, of which no inventory is kept.`] }; // prettier-ignore
	const onHand = location === null || card === null ? Number(item.values['inventory'] ?? 0) : card.onHand;
	if (card === null)
		return {
			onHand,
			onOrder: null,
			available: null,
			warnings: [
				`The page "${page}" (page ${CARD_PAGE}, usually "${CARD}") is not published in Business Central, so nobody can tell what is on order.`,
			],
		};
	return { onHand, onOrder: card.onOrder, available: Decimal.orZero(onHand).minus(Decimal.orZero(card.onOrder)).toNumber(), warnings: [] };
}
const CARD_PAGE = 30;

const FIELDS = ['inventory', 'type', 'baseUnitOfMeasureCode'];

/** The item of each reference, by position, or the reason why there is none. Two requests at most. */
export async function availabilityItems(
	{ businessCentral, store }: SyncSession,
	references: readonly AvailabilityReference[],
): Promise<Array<SystemRecord | SyncError>> {
	const productIds = references.flatMap((reference) => ('productId' in reference ? [reference.productId.toLowerCase()] : []));
	const numbers = references.flatMap((reference) => ('itemNumber' in reference ? [reference.itemNumber] : []));
	const couplings = productIds.length === 0 ? new Map() : await store.couplingsOf(ITEM_MAPPING, 'crm', productIds);
	const ids = [...couplings.values()].map(({ bcId }) => String(bcId));
	const byId = ids.length === 0 ? new Map<string, SystemRecord>() : await businessCentral.readByIds(BC_ITEMS, ids, FIELDS);
	const byNumber = numbers.length === 0 ? [] : await businessCentral.readByValues(BC_ITEMS, 'number', [...new Set(numbers)], FIELDS);
	const named = new Map(byNumber.map((item) => [item.number.toUpperCase(), item]));
	return references.map((reference) => {
		if ('itemNumber' in reference)
			return named.get(reference.itemNumber.toUpperCase()) ?? itemMissing(`with number ${reference.itemNumber}`);
		const coupling = couplings.get(reference.productId.toLowerCase());
		if (!coupling) return productNotCoupled(reference.productId);
		return (
			byId.get(coupling.bcId) ?? itemMissing(`${coupling.bcNumber || coupling.bcId}, which product ${reference.productId} is coupled with`)
		);
	});
}

/** Its code as Business Central writes it. */
async function locationNamed({ businessCentral }: SyncSession, location: string): Promise<string> {
	const code = location.trim().toUpperCase();
	const [found] = await businessCentral.readAll('locations', ['code'], `code eq '${code.replaceAll("'", "''")}'`);
	if (!found) throw locationUnknown(location);
	return String(found['code']);
}

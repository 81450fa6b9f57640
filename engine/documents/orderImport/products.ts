import { itemProduct } from '../../defaults/itemProduct';
import { resourceProduct } from '../../defaults/resourceProduct';
import { keyValues } from '../../model/compositeId';
import type { Coupling } from '../../model/coupling';
import { SyncError } from '../../model/errors';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import type { Product, SoldObject } from './orderLookups';

const { crm: PRODUCTS } = itemProduct.mapping;
const ITEMS = { name: 'items', numberField: 'number', nameField: 'displayName' };
/** What lines need stands in API v2.0, but for the assembly policy. */
const PAGE = 'workflowItems';
const WITH_PAGE = { ...ITEMS, companions: [{ service: PAGE, primaryKey: 'number', companionKey: 'number' }] };
const POLICY = `${PAGE}/assemblyPolicy`;
const ASSEMBLE_TO_ORDER = 'Assemble-to-Order';
const ITEM_FIELDS = ['blocked', 'priceIncludesTax', 'baseUnitOfMeasureCode'];
const SERVICES = 3;

/** The products that lines sell, by id, with the items and resources they are coupled with. Two requests. */
export async function productsOf(session: SyncSession, ids: readonly string[]): Promise<Map<string, Product>> {
	const asked = [...new Set(ids)];
	if (asked.length === 0) return new Map();
	const rows = await session.crm.readByIds(PRODUCTS, asked, ['producttypecode', 'statecode']);
	const services = asked.filter((id) => rows.get(id)?.values['producttypecode'] === SERVICES);
	const objects = new Map([
		...(await itemsOf(
			session,
			asked.filter((id) => !services.includes(id)),
		)),
		...(await resourcesOf(session, services)),
	]);
	return new Map(
		[...rows].map(([id, { name, number, values }]): [string, Product] => [
			id,
			{ name, number, type: values['producttypecode'] ?? null, state: values['statecode'] ?? null, object: objects.get(id) ?? null },
		]),
	);
}

async function itemsOf({ store, businessCentral }: SyncSession, ids: readonly string[]): Promise<Map<string, SoldObject>> {
	const couplings = await store.couplingsOf(itemProduct.mapping.name, 'crm', ids);
	if (couplings.size === 0) return new Map();
	const itemIds = [...couplings.values()].map(({ bcId }) => bcId);
	const items = await withPolicy(businessCentral, itemIds);
	const found = new Map<string, SoldObject>();
	for (const [id, { bcId }] of couplings) {
		const item = items.get(bcId);
		if (!item) continue;
		const { blocked, priceIncludesTax, baseUnitOfMeasureCode } = item.values;
		found.set(id, {
			lineType: 'Item',
			number: item.number,
			name: item.name,
			blocked: blocked === true,
			priceIncludesVat: priceIncludesTax === true,
			assembles: item.values[POLICY] === ASSEMBLE_TO_ORDER,
			baseUnit: typeof baseUnitOfMeasureCode === 'string' ? baseUnitOfMeasureCode : '',
		});
	}
	return found;
}

/** Where the page does not show the policy, nothing is assembled; that keeps no order from being imported. */
async function withPolicy(businessCentral: SyncSession['businessCentral'], ids: readonly string[]): Promise<Map<string, SystemRecord>> {
	try {
		return await businessCentral.readByIds(WITH_PAGE, ids, [...ITEM_FIELDS, POLICY]);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
		return await businessCentral.readByIds(ITEMS, ids, ITEM_FIELDS);
	}
}

/** Resources stand on published pages only, under their number: what was last seen of them is enough, and Business Central refuses a blocked one by name. */
async function resourcesOf({ store }: SyncSession, ids: readonly string[]): Promise<Map<string, SoldObject>> {
	const couplings = await store.couplingsOf(resourceProduct.mapping.name, 'crm', ids);
	return new Map([...couplings].map(([id, coupling]) => [id, resource(coupling)]));
}

const resource = ({ bcId, bcNumber, bcName }: Coupling): SoldObject => ({
	lineType: 'Resource',
	number: bcNumber || (keyValues(bcId)[0] ?? ''),
	name: bcName,
	blocked: false,
	priceIncludesVat: false,
	assembles: false,
	baseUnit: '',
});

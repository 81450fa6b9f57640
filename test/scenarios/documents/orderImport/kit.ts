import { importOrders, type ImportRequest, type ImportResult } from '../../../../engine';
import { createWorld, type SessionOptions, type World } from '../../../kit/world';
import type { SyncSession } from '../../../../engine/ports/session';
import { company, deliver, item, productOf, resource, units } from '../../products/shop';

export type Row = Record<string, unknown>;

/** A line of a CRM order: a product by its number, or a write-in by its text. */
export interface Line {
	product?: string;
	unit?: string;
	writeIn?: string;
	quantity?: number;
	price?: number;
	values?: Row;
}

/** A shop whose master data is coupled: items 1000 (100.00) and 2000, the resource LINA, the customer Adatum, and what order import needs to be set. */
export interface Shop {
	world: World;
	account: string;
	customer: string;
	/** An order as somebody enters it in CRM, and submits it; answers its id. */
	order(lines: readonly Line[], values?: Row, options?: { submit?: boolean }): string;
	crmOrder(id: string): Row;
	/** The row of the lines of a CRM order, in order. */
	crmLines(id: string): Row[];
	submit(id: string): void;
	/** Back to Active, changed, and submitted again. */
	edit(id: string, values: Row): void;
	import(request?: ImportRequest, options?: SessionOptions): Promise<ImportResult>;
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	/** Orders of Business Central. */
	bcOrders(): Row[];
	/** Lines of an order of Business Central by their sequence. */
	bcLines(order: Row): Row[];
	close(): Promise<void>;
}

export const ACCOUNT = { Name: 'Freight', No: '8100' };

export async function openShop(settings: Row = {}): Promise<Shop> {
	const world = await createWorld();
	const { crm } = world.sandbox;
	units(world, 'PCS', 'BOX', 'HOUR');
	item(world, '1000', {}, { BOX: 10 });
	item(world, '2000', { unitPrice: 7.5 });
	resource(world, 'LINA');
	item(world, 'MISC', { unitPrice: 0 });
	company(world).data.insert('G/L Account', { 'No.': ACCOUNT.No, Name: ACCOUNT.Name, 'Direct Posting': true }, 'ANNA');
	await world.settings({ writeInItem: 'MISC', freightAccount: ACCOUNT.No, ...settings });
	const customer = String(
		company(world).insert('customers', {
			number: 'C1',
			displayName: 'Adatum',
			addressLine1: 'Home Street 1',
			city: 'London',
			blocked: '_x0020_',
		})['id'],
	).toLowerCase();
	await deliver(world, { mappings: ['CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD', 'CUSTOMER', 'UNIT GROUP', 'UNIT OF MEASURE', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT'] }); // prettier-ignore
	const account = String(crm.rows('account').find(({ name }) => name === 'Adatum')!['accountid']);
	const list = crm.insert('pricelevel', { name: 'Orders', transactioncurrencyid: world.base.baseCurrencyId });
	const unitOf = (product: Row, name: string | undefined): unknown =>
		name === undefined
			? product['defaultuomid']
			: crm.rows('uom').find((unit) => unit['uomscheduleid'] === product['defaultuomscheduleid'] && unit['name'] === name)!['uomid'];
	const use: Shop['use'] = async (work, options) => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const bcOrders = (): Row[] => company(world).rows('salesOrders');
	return {
		world,
		account,
		customer,
		order(lines, values = {}, { submit = true } = {}) {
			const { transactioncurrencyid, ...later } = values;
			// Each has an age of its own.
			world.minutes(1);
			const id = crm.insert('salesorder', {
				name: 'Purchase 4711',
				customerid: { table: 'account', id: account },
				pricelevelid: list,
				...(transactioncurrencyid ? { transactioncurrencyid, pricelevelid: null } : {}),
				...pick(later, (name) => !DISCOUNTS.has(name)),
			} as never);
			for (const { product, unit, writeIn, quantity = 1, price, values: more = {} } of lines) {
				const row = product === undefined ? null : productOf(world, product);
				crm.insert('salesorderdetail', {
					salesorderid: id,
					quantity,
					...(row
						? { productid: row['productid'], uomid: unitOf(row, unit), ispriceoverridden: true, priceperunit: price ?? 100 }
						: { isproductoverridden: true, productdescription: writeIn, priceperunit: price ?? 10 }),
					...more,
				} as never);
			}
			const discounts = pick(later, (name) => DISCOUNTS.has(name));
			if (Object.keys(discounts).length > 0) crm.update('salesorder', id, discounts as never);
			if (submit) crm.update('salesorder', id, { statecode: 1, statuscode: 3 });
			return id;
		},
		crmOrder: (id) => crm.get('salesorder', id) as Row,
		crmLines: (id) => crm.rows('salesorderdetail').filter((line) => line['salesorderid'] === id),
		submit: (id) => crm.update('salesorder', id, { statecode: 1, statuscode: 3 }),
		edit(id, values) {
			crm.update('salesorder', id, { statecode: 0, statuscode: 2 });
			crm.update('salesorder', id, values as never);
			crm.update('salesorder', id, { statecode: 1, statuscode: 3 });
		},
		import: (request = {}, options) => use((session) => importOrders(session, request), options),
		use,
		bcOrders,
		bcLines: (order) =>
			company(world)
				.rows('salesOrderLines')
				.filter((line) => line['documentId'] === order['id'])
				.sort((a, b) => Number(a['sequence']) - Number(b['sequence'])),
		close: () => world.close(),
	};
}

const DISCOUNTS = new Set(['discountamount', 'discountpercentage', 'freightamount']);
const pick = (row: Row, wanted: (name: string) => boolean): Row => Object.fromEntries(Object.entries(row).filter(([name]) => wanted(name)));

/** A test in a shop of its own. */
export const inShop =
	(test: (shop: Shop) => Promise<void>, settings: Row = {}) =>
	async (): Promise<void> => {
		const shop = await openShop(settings);
		try {
			await test(shop);
		} finally {
			await shop.close();
		}
	};

export const codesOf = ({ job }: ImportResult): string[] => job.failed.map(({ errorCode }) => errorCode);

/** The row whose column holds the value. */
export function by(rows: readonly Row[], column: string, value: unknown): Row {
	const row = rows.find((each) => each[column] === value);
	if (!row) throw new Error(`No row with ${column} ${String(value)}.`);
	return row;
}

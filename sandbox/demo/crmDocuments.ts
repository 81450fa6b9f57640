import type { Random } from '../core/random';
import type { DataverseSandbox } from '../dataverse';

interface Shop {
	list: string;
	unit: string;
	products: string[];
	customers: string[];
}

/** Documents of a kind in every state, by label; state and status as they end up. */
const kinds = [
	{
		table: 'opportunity',
		lines: 'opportunityproduct',
		states: { 'in progress': [0, 1], 'on hold': [0, 2], won: [1, 3], canceled: [2, 4], 'out-sold': [2, 5] },
	},
	{
		table: 'quote',
		lines: 'quotedetail',
		states: { draft: [0, 1], active: [1, 2], won: [2, 4], lost: [3, 5], canceled: [3, 6], revised: [3, 7] },
	},
	{
		table: 'salesorder',
		lines: 'salesorderdetail',
		states: {
			new: [0, 1],
			pending: [0, 2],
			submitted: [1, 3],
			canceled: [2, 4],
			complete: [3, 100001],
			partial: [3, 100002],
			invoiced: [4, 100003],
		},
	},
	{
		table: 'invoice',
		lines: 'invoicedetail',
		states: {
			new: [0, 1],
			'partially shipped': [0, 2],
			billed: [0, 4],
			complete: [2, 100001],
			partial: [2, 100002],
			canceled: [3, 100003],
		},
	},
] satisfies Array<{ table: string; lines: string; states: Record<string, [state: number, status: number]> }>;

/**
 * Opportunities, quotes, orders and invoices in all their states, with product and write-in lines, discounts, freight and notes; a price list with
 * volume discounts; leads and activities.
 */
export function seedCrmDocuments(crm: DataverseSandbox, random: Random): void {
	const shop = seedShop(crm, random);
	for (const { table, lines, states } of kinds) {
		for (const [label, [state, status]] of Object.entries(states)) {
			const id = document(crm, random, shop, { table, lines, label });
			if (state === 0 && status === 1) continue;
			// Stored as it is: some states only a message sets, and lines cannot be added afterwards.
			crm.seed(table, [{ ...crm.get(table, id), statecode: state, statuscode: status }]);
			for (const line of crm.rows(lines)) {
				const column = `${table}statecode`;
				if (line[`${table}id`] === id && column in line) crm.seed(lines, [{ ...line, [column]: state }]);
			}
		}
	}
	seedPeople(crm, shop);
}

function seedShop(crm: DataverseSandbox, random: Random): Shop {
	const group = crm.insert('uomschedule', { uomscheduleid: random.guid(), name: 'Piece', baseuomname: 'PCS' });
	const unit = String(crm.find('uom', ({ uomscheduleid }) => uomscheduleid === group)!.uomid);
	const list = crm.insert('pricelevel', { pricelevelid: random.guid(), name: 'Standard', transactioncurrencyid: crm.baseCurrencyId });
	const discounts = crm.insert('discounttype', { discounttypeid: random.guid(), name: 'Volume', isamounttype: false });
	crm.insert('discount', { discounttypeid: discounts, lowquantity: 10, highquantity: 1000, percentage: 5 });
	const products = ['Desk lamp', 'Meeting table', 'Cabinet'].map((name, index) => {
		const product = crm.insert('product', { productid: random.guid(), name, productnumber: `CRM-${index + 1}`, defaultuomscheduleid: group, defaultuomid: unit }); // prettier-ignore
		crm.insert('productpricelevel', { pricelevelid: list, productid: product, uomid: unit, amount: 50 * (index + 1), discounttypeid: discounts }); // prettier-ignore
		crm.update('product', product, { statecode: 0, statuscode: 1 });
		return product;
	});
	const known = crm
		.rows('account')
		.slice(0, 5)
		.map(({ accountid }) => String(accountid));
	const customers = known.length ? known : [crm.insert('account', { accountid: random.guid(), name: 'Walk-in Customer' })];
	return { list, unit, products, customers };
}

function document(crm: DataverseSandbox, random: Random, shop: Shop, kind: { table: string; lines: string; label: string }): string {
	const { table, lines, label } = kind;
	const id = crm.insert(table, {
		[`${table}id`]: random.guid(),
		name: `${table} ${label}`,
		customerid: { table: 'account', id: random.pick(shop.customers) },
		pricelevelid: shop.list,
		...(table === 'opportunity' && { isrevenuesystemcalculated: true }),
	});
	const parent = { [`${table}id`]: id };
	for (const [index, product] of shop.products.entries()) {
		crm.insert(lines, { ...parent, productid: product, uomid: shop.unit, quantity: 1 + random.whole(20), tax: index, manualdiscountamount: index * 2 }); // prettier-ignore
	}
	crm.insert(lines, { ...parent, isproductoverridden: true, productdescription: 'Assembly', quantity: 1, priceperunit: 75 });
	crm.update(table, id, { discountpercentage: 2, freightamount: 10 });
	crm.insert('annotation', { subject: `Note on ${table} ${label}`, notetext: 'Deliver to the back door.', objectid: { table, id } });
	return id;
}

function seedPeople(crm: DataverseSandbox, { customers }: Shop): void {
	const [company] = customers;
	crm.insert('lead', { firstname: 'Mona', lastname: 'Vik', companyname: 'Vik Interiors', subject: 'Wants a catalogue' });
	crm.insert('task', { subject: 'Call back', regardingobjectid: { table: 'account', id: company! } });
	crm.insert('phonecall', { subject: 'Reclamation', regardingobjectid: { table: 'account', id: company! } });
}

import { environment } from './client';

/** A sellable product with price list, and an account. */
function shop() {
	const world = environment();
	const { crm } = world;
	const group = crm.insert('uomschedule', { name: 'Unit', baseuomname: 'PCS' });
	const unit = String(crm.find('uom', (row) => row.uomscheduleid === group)!.uomid);
	const list = crm.insert('pricelevel', { name: 'Standard', transactioncurrencyid: crm.baseCurrencyId });
	const product = crm.insert('product', { name: 'Bike', productnumber: '1000', defaultuomscheduleid: group, defaultuomid: unit });
	crm.insert('productpricelevel', { pricelevelid: list, productid: product, uomid: unit, amount: 100 });
	crm.update('product', product, { statecode: 0, statuscode: 1 });
	const account = crm.insert('account', { name: 'A' });
	const order = () => crm.insert('salesorder', { name: 'O', customerid: account, pricelevelid: list });
	const line = (salesorderid: string, values = {}) => crm.insert('salesorderdetail', { salesorderid, productid: product, uomid: unit, quantity: 2, ...values }); // prettier-ignore
	return { ...world, group, unit, list, product, account, order, line };
}

describe('Dataverse: states and sales', () => {
	test('statecode alone brings its default status; a status must belong to the state', async () => {
		const { crm, patch } = environment();
		const id = crm.insert('account', { name: 'A' });
		expect(crm.get('account', id)).toMatchObject({ statecode: 0, statuscode: 1 });
		await patch(`accounts(${id})`, { statecode: 1 });
		expect(crm.get('account', id)).toMatchObject({ statecode: 1, statuscode: 2 });
		expect(await patch(`accounts(${id})`, { statecode: 0, statuscode: 2 })).toMatchObject({ status: 400, code: '0x80048408', message: `2 is not a valid status code for state code AccountState.Active on account with Id ${id}.` }); // prettier-ignore
		expect((await patch(`accounts(${id})`, { statuscode: 1 })).status).toBe(400);
	});

	test.each(['quote', 'salesorder', 'invoice'])('a %s cannot be created outside its default state', (table) => {
		const { crm, account } = shop();
		expect(() => crm.insert(table, { name: 'X', customerid: account, statecode: 1 })).toThrow(/default state/);
		expect(crm.get(table, crm.insert(table, { name: 'X', customerid: account })).statecode).toBe(0);
	});

	test('only an active order can be edited: back to active, edit, submit again', async () => {
		const { crm, order, patch } = shop();
		const id = order();
		expect((await patch(`salesorders(${id})`, { statecode: 1 })).status).toBe(204);
		expect((await patch(`salesorders(${id})`, { name: 'X' })).status).toBe(400);
		expect((await patch(`salesorders(${id})`, { statecode: 0, statuscode: 2 })).status).toBe(204);
		expect((await patch(`salesorders(${id})`, { name: 'X' })).status).toBe(204);
		expect((await patch(`salesorders(${id})`, { statecode: 1 })).status).toBe(204);
		expect(crm.get('salesorder', id)).toMatchObject({ name: 'X', statecode: 1, statuscode: 3 });
	});

	test('lines of a locked order cannot be written', () => {
		const { crm, order, line } = shop();
		const id = order();
		const existing = line(id);
		crm.update('salesorder', id, { statecode: 1 });
		expect(() => line(id)).toThrow(/read-only/);
		expect(() => crm.update('salesorderdetail', existing, { quantity: 5 })).toThrow(/read-only/);
		expect(() => crm.remove('salesorderdetail', existing)).toThrow(/read-only/);
	});

	test('invoices become paid and canceled by plain updates', () => {
		const { crm, account } = shop();
		const id = crm.insert('invoice', { name: 'I', customerid: account });
		crm.update('invoice', id, { statecode: 2, statuscode: 100001 });
		crm.update('invoice', id, { statecode: 0, statuscode: 4 });
		crm.update('invoice', id, { statecode: 3, statuscode: 100003 });
		expect(crm.get('invoice', id)).toMatchObject({ statecode: 3, statuscode: 100003 });
	});

	test('fulfilling and canceling an order by an update is refused; the messages do it', async () => {
		const { crm, order, patch, post } = shop();
		const [one, two] = [order(), order()];
		expect(await patch(`salesorders(${one})`, { statecode: 3, statuscode: 100001 })).toMatchObject({ status: 400, message: expect.stringContaining('FulfillSalesOrder') }); // prettier-ignore
		const close = (id: string) => ({ subject: 'Done', 'salesorderid@odata.bind': `/salesorders(${id})` });
		expect((await post('FulfillSalesOrder', { Status: -1, OrderClose: close(one) })).status).toBe(204);
		expect((await post('CancelSalesOrder', { Status: 4, OrderClose: close(two) })).status).toBe(204);
		expect(crm.get('salesorder', one)).toMatchObject({ statecode: 3, statuscode: 100001 });
		expect(crm.get('salesorder', two)).toMatchObject({ statecode: 2, statuscode: 4 });
		expect(crm.rows('orderclose')).toHaveLength(2);
	});

	test('an order may be set to invoiced by an update', () => {
		const { crm, order } = shop();
		const id = order();
		crm.update('salesorder', id, { statecode: 4, statuscode: 100003 });
		expect(crm.get('salesorder', id).statecode).toBe(4);
	});

	test('opportunities are won and lost by messages, and reopened by an update', async () => {
		const { crm, post, patch } = environment();
		const id = crm.insert('opportunity', { name: 'O', estimatedvalue: 500 });
		expect((await patch(`opportunities(${id})`, { statecode: 1 })).message).toContain('WinOpportunity');
		const body = { Status: 3, OpportunityClose: { subject: 'Won', 'opportunityid@odata.bind': `/opportunities(${id})` } };
		expect((await post('WinOpportunity', body)).status).toBe(204);
		expect(crm.get('opportunity', id)).toMatchObject({ statecode: 1, statuscode: 3, actualvalue: 500 });
		expect((await patch(`opportunities(${id})`, { statecode: 0, statuscode: 1 })).status).toBe(204);
		expect((await post('LoseOpportunity', { ...body, Status: 5 })).status).toBe(204);
		expect(crm.get('opportunity', id)).toMatchObject({ statecode: 2, statuscode: 5 });
	});

	test('a quote is activated, won and made an order; revising gives a new draft', async () => {
		const { crm, post, account, list, product, unit } = shop();
		const quote = crm.insert('quote', { name: 'Q', customerid: account, pricelevelid: list });
		crm.insert('quotedetail', { quoteid: quote, productid: product, uomid: unit, quantity: 3 });
		crm.update('quote', quote, { statecode: 1 });
		const revised = await post('ReviseQuote', { QuoteId: quote, ColumnSet: { AllColumns: true } });
		expect(revised.json).toMatchObject({ statecode: 0, revisionnumber: 1, quotenumber: crm.get('quote', quote).quotenumber });
		expect(crm.get('quote', quote)).toMatchObject({ statecode: 3, statuscode: 7 });
		const draft = String(revised.json.quoteid);
		crm.update('quote', draft, { statecode: 1 });
		const converted = await post('ConvertQuoteToSalesOrder', { QuoteId: draft, ColumnSet: { AllColumns: true } });
		expect(converted.json).toMatchObject({ totalamount: 300, _customerid_value: account, _quoteid_value: draft });
		expect(crm.get('quote', draft).statecode).toBe(2);
	});

	test('a line takes its price from the price list; totals are computed and the version of the order moves with every line', () => {
		const { crm, order, line } = shop();
		const id = order();
		const before = Number(crm.get('salesorder', id).versionnumber);
		const detail = line(id, { tax: 20, manualdiscountamount: 10 });
		expect(crm.get('salesorderdetail', detail)).toMatchObject({
			priceperunit: 100,
			baseamount: 200,
			extendedamount: 210,
			lineitemnumber: 1,
		});
		const after = crm.get('salesorder', id);
		expect(Number(after.versionnumber)).toBeGreaterThan(before);
		expect(after).toMatchObject({ totallineitemamount: 190, totaltax: 20, totalamount: 210, totalamount_base: 210 });
		crm.update('salesorder', id, { freightamount: 5, discountpercentage: 10 });
		expect(crm.get('salesorder', id)).toMatchObject({ totaldiscountamount: 19, totalamountlessfreight: 171, totalamount: 196 });
		crm.remove('salesorderdetail', detail);
		expect(crm.get('salesorder', id)).toMatchObject({ totallineitemamount: 0, totalamount: 5 });
	});

	test('an overridden price and a write-in line keep their price', () => {
		const { crm, order, line } = shop();
		const id = order();
		expect(crm.get('salesorderdetail', line(id, { ispriceoverridden: true, priceperunit: 80 })).extendedamount).toBe(160);
		const writeIn = crm.insert('salesorderdetail', { salesorderid: id, isproductoverridden: true, productdescription: 'Freight', priceperunit: 15, quantity: 1 }); // prettier-ignore
		expect(crm.get('salesorderdetail', writeIn)).toMatchObject({ extendedamount: 15 });
		expect(() => crm.insert('salesorderdetail', { salesorderid: id, quantity: 1 })).toThrow(/product/);
	});

	test('a line inherits owner and currency of its order and cannot be created without one', () => {
		const { crm, line, account, list } = shop();
		const user = crm.addUser({ lastname: 'Seller' });
		const order = crm.insert('salesorder', { name: 'O', customerid: account, pricelevelid: list, ownerid: user });
		expect(crm.get('salesorderdetail', line(order))).toMatchObject({ ownerid: user, transactioncurrencyid: crm.baseCurrencyId });
		expect(() => crm.insert('salesorderdetail', { productdescription: 'x', isproductoverridden: true })).toThrow(/salesorderid/);
	});

	test('locked prices stay when the price list changes', async () => {
		const { crm, order, line, post } = shop();
		const id = order();
		const detail = line(id);
		expect((await post('LockSalesOrderPricing', { SalesOrderId: id })).status).toBe(204);
		const item = crm.rows('productpricelevel')[0]!;
		crm.update('productpricelevel', String(item.productpricelevelid), { amount: 120 });
		crm.update('salesorderdetail', detail, { quantity: 3 });
		expect(crm.get('salesorderdetail', detail).baseamount).toBe(300);
		await post('UnlockSalesOrderPricing', { SalesOrderId: id });
		crm.update('salesorderdetail', detail, { quantity: 4 });
		expect(crm.get('salesorderdetail', detail).baseamount).toBe(480);
	});

	test('a product starts as a draft, needs unit group and unit, and has a unique number', () => {
		const { crm, group, unit } = shop();
		const values = { name: 'Wheel', productnumber: '2000', defaultuomscheduleid: group, defaultuomid: unit };
		const id = crm.insert('product', values);
		expect(crm.get('product', id)).toMatchObject({ statecode: 2, statuscode: 0 });
		expect(() => crm.insert('product', { ...values })).toThrow(/already exists/);
		expect(() => crm.insert('product', { name: 'X', productnumber: '3' })).toThrow(/defaultuomscheduleid/);
	});

	test('drafts are published, revised, reverted and retired; lines need an active product', async () => {
		const { crm, group, unit, post, order, line } = shop();
		const id = crm.insert('product', { name: 'Wheel', productnumber: '2000', defaultuomscheduleid: group, defaultuomid: unit });
		expect(() => line(order(), { productid: id })).toThrow(/active/);
		expect((await post(`products(${id})/Microsoft.Dynamics.CRM.PublishProductHierarchy`, {})).status).toBe(204);
		expect(crm.get('product', id).statecode).toBe(0);
		crm.update('product', id, { statecode: 3, statuscode: 3 });
		await post(`products(${id})/Microsoft.Dynamics.CRM.RevertProduct`, {});
		crm.update('product', id, { statecode: 1, statuscode: 2 });
		expect(() => crm.update('product', id, { statecode: 2, statuscode: 0 })).toThrow(/state/);
		crm.update('product', id, { statecode: 0, statuscode: 1 });
		expect(crm.get('product', id).statecode).toBe(0);
	});

	test('a product keeps its unit group; its default unit may become another one of it', async () => {
		const { crm, group, unit, product, patch } = shop();
		const box = crm.insert('uom', { name: 'BOX', quantity: 12, uomscheduleid: group, baseuom: unit });
		const other = crm.insert('uomschedule', { name: 'Other', baseuomname: 'PCS' });
		const foreign = String(crm.find('uom', (row) => row.uomscheduleid === other)!.uomid);
		expect((await patch(`products(${product})`, { 'defaultuomid@odata.bind': `/uoms(${box})` })).status).toBe(204);
		expect((await patch(`products(${product})`, { 'defaultuomid@odata.bind': `/uoms(${foreign})` })).status).toBe(400);
		const both = { 'defaultuomid@odata.bind': `/uoms(${foreign})`, 'defaultuomscheduleid@odata.bind': `/uomschedules(${other})` };
		expect((await patch(`products(${product})`, both)).status).toBe(400);
	});

	test('where the organization says so, products without a family are active at once', () => {
		const { crm, group, unit } = shop();
		crm.update('organization', crm.organizationId, { createproductswithoutparentinactivestate: true });
		const id = crm.insert('product', { name: 'Car', productnumber: '2000', defaultuomscheduleid: group, defaultuomid: unit });
		expect(crm.get('product', id)).toMatchObject({ statecode: 0, statuscode: 1 });
	});

	test('a price list item has the currency of its price list, and keeps it', async () => {
		const { crm, list, patch } = shop();
		const euro = crm.insert('transactioncurrency', {
			isocurrencycode: 'EUR',
			currencyname: 'Euro',
			currencysymbol: '€',
			exchangerate: 0.9,
		});
		const item = crm.find('productpricelevel', (row) => row.pricelevelid === list)!;
		expect(item.transactioncurrencyid).toBe(crm.baseCurrencyId);
		const path = `productpricelevels(${String(item.productpricelevelid)})`;
		expect((await patch(path, { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro})` })).status).toBe(400);
		expect((await patch(path, { amount: 90 })).status).toBe(204);
	});

	test('a unit group brings its base unit; unit names are unique in the group', () => {
		const { crm, group, unit } = shop();
		expect(crm.get('uom', unit)).toMatchObject({ name: 'PCS', quantity: 1, isschedulebaseuom: true });
		crm.insert('uom', { name: 'BOX', uomscheduleid: group, baseuom: unit, quantity: 12 });
		expect(() => crm.insert('uom', { name: 'box', uomscheduleid: group, baseuom: unit, quantity: 6 })).toThrow(/already exists/);
		expect(() => crm.insert('uom', { name: 'X', uomscheduleid: group, quantity: 6 })).toThrow(/baseuom/);
		expect(() => crm.insert('uomschedule', { name: 'Unit', baseuomname: 'X' })).toThrow(/already exists/);
	});

	test('a currency code is unique', async () => {
		const { post } = environment();
		const currency = { isocurrencycode: 'USD', currencyname: 'Dollar', currencysymbol: '$', exchangerate: 1 };
		expect((await post('transactioncurrencies', currency)).status).toBe(412);
		expect((await post('transactioncurrencies', { ...currency, isocurrencycode: 'SEK', exchangerate: 0 })).status).toBe(400);
	});

	test('one price list item per price list, product and unit', () => {
		const { crm, list, product, unit } = shop();
		expect(() => crm.insert('productpricelevel', { pricelevelid: list, productid: product, uomid: unit, amount: 5 })).toThrow(
			/combination/,
		);
		expect(() => crm.insert('productpricelevel', { pricelevelid: list, productid: product, uomid: unit })).toThrow(/amount/);
	});

	test('deletes are restricted and cascade as documented', async () => {
		const { crm, del, account, order, list, group, product, unit, line } = shop();
		const id = order();
		line(id);
		expect(await del(`accounts(${account})`)).toMatchObject({ status: 405, code: '0x80040227' });
		expect((await del(`pricelevels(${list})`)).status).toBe(405);
		expect((await del(`uoms(${unit})`)).status).toBeGreaterThanOrEqual(400);
		expect((await del(`salesorders(${id})`)).status).toBe(204);
		expect(crm.rows('salesorderdetail')).toHaveLength(0);
		expect((await del(`products(${product})`)).status).toBe(204);
		expect(crm.rows('productpricelevel')).toHaveLength(0);
		expect((await del(`uomschedules(${group})`)).status).toBe(204);
		expect(crm.rows('uom')).toHaveLength(0);
		const contact = crm.insert('contact', { lastname: 'C', parentcustomerid: account });
		const main = crm.insert('contact', { lastname: 'M' });
		crm.update('account', account, { primarycontactid: main });
		await del(`contacts(${main})`);
		expect(crm.get('account', account).primarycontactid).toBeUndefined();
		expect((await del(`accounts(${account})`)).status).toBe(204);
		expect(crm.row('contact', contact)).toBeUndefined();
	});

	test('notes know their table; posts are written once', () => {
		const { crm, order } = shop();
		const id = order();
		const note = crm.insert('annotation', { subject: 'S', objectid: { table: 'salesorder', id }, documentbody: 'QUJD' });
		expect(crm.get('annotation', note)).toMatchObject({ objecttypecode: 'salesorder', isdocument: true, filesize: 3 });
		const account = crm.rows('account')[0]!;
		const post = crm.insert('post', {
			text: 'Hello',
			source: 2,
			type: 1,
			regardingobjectid: { table: 'account', id: String(account.accountid) },
		});
		expect(() => crm.update('post', post, { text: 'x' })).toThrow(/does not support/);
	});

	test('full names and customer splits are put together by the service', () => {
		const { crm } = environment();
		const account = crm.insert('account', { name: 'A', address1_line1: 'Road 1', address1_city: 'Rome' });
		expect(crm.get('account', account).address1_composite).toBe('Road 1\r\nRome');
		const id = crm.insert('contact', { firstname: 'Ann', lastname: 'Lee' });
		crm.update('contact', id, { lastname: 'Lang' });
		expect(crm.get('contact', id).fullname).toBe('Ann Lang');
	});
});

import { environment } from './client';

function shop() {
	const world = environment();
	const { crm } = world;
	const group = crm.insert('uomschedule', { name: 'Unit', baseuomname: 'PCS' });
	const unit = String(crm.find('uom', (row) => row.uomscheduleid === group)!.uomid);
	const list = crm.insert('pricelevel', { name: 'Standard', transactioncurrencyid: crm.baseCurrencyId });
	const product = crm.insert('product', { name: 'Bike', productnumber: '1000', defaultuomscheduleid: group, defaultuomid: unit });
	const item = crm.insert('productpricelevel', { pricelevelid: list, productid: product, uomid: unit, amount: 100 });
	crm.update('product', product, { statecode: 0, statuscode: 1 });
	const account = crm.insert('account', { name: 'A' });
	const opportunity = crm.insert('opportunity', { name: 'O', customerid: account, pricelevelid: list, isrevenuesystemcalculated: true });
	const line = (values: Record<string, string | number | boolean> = {}) => crm.insert('opportunityproduct', { opportunityid: opportunity, productid: product, uomid: unit, quantity: 2, ...values }); // prettier-ignore
	return { ...world, unit, list, item, product, account, opportunity, line };
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/opportunityproduct */
describe('opportunity products and totals', () => {
	test('the price comes from the price list, totals and estimated revenue from the lines', () => {
		const { crm, opportunity, line } = shop();
		const made = line({ manualdiscountamount: 10, tax: 5 });
		expect(crm.get('opportunityproduct', made)).toMatchObject({
			priceperunit: 100,
			baseamount: 200,
			extendedamount: 195,
			lineitemnumber: 1,
			opportunitystatecode: 0,
		});
		expect(crm.get('opportunity', opportunity)).toMatchObject({
			totallineitemamount: 190,
			totaltax: 5,
			totalamount: 195,
			estimatedvalue: 195,
		});
	});

	test('each line write moves the version of the opportunity', () => {
		const { crm, opportunity, line } = shop();
		const before = Number(crm.get('opportunity', opportunity).versionnumber);
		const made = line();
		const after = Number(crm.get('opportunity', opportunity).versionnumber);
		crm.remove('opportunityproduct', made);
		expect([after > before, Number(crm.get('opportunity', opportunity).versionnumber) > after]).toEqual([true, true]); // prettier-ignore
		expect(crm.get('opportunity', opportunity)).toMatchObject({ totalamount: 0, estimatedvalue: 0 });
	});

	test('estimated revenue that people type in stays', () => {
		const { crm, opportunity, line } = shop();
		crm.update('opportunity', opportunity, { isrevenuesystemcalculated: false, estimatedvalue: 7 });
		line();
		expect(crm.get('opportunity', opportunity)).toMatchObject({ totalamount: 200, estimatedvalue: 7 });
		crm.update('opportunity', opportunity, { isrevenuesystemcalculated: true });
		expect(crm.get('opportunity', opportunity).estimatedvalue).toBe(200);
	});

	test('discounts and freight of the opportunity count', () => {
		const { crm, opportunity, line } = shop();
		line();
		crm.update('opportunity', opportunity, { discountpercentage: 10, freightamount: 5 });
		expect(crm.get('opportunity', opportunity)).toMatchObject({ totaldiscountamount: 20, totalamountlessfreight: 180, totalamount: 185 });
	});

	test('write-in lines and lines of a closed opportunity', () => {
		const { crm, opportunity, line } = shop();
		const written = crm.insert('opportunityproduct', {
			opportunityid: opportunity,
			isproductoverridden: true,
			productdescription: 'Service',
			quantity: 1,
			priceperunit: 50,
		});
		expect(crm.get('opportunityproduct', written)).toMatchObject({ extendedamount: 50, opportunityproductname: 'Service' });
		expect(() => crm.insert('opportunityproduct', { opportunityid: opportunity, quantity: 1 })).toThrow(/product/);
		crm.seed('opportunity', [{ ...crm.get('opportunity', opportunity), statecode: 1, statuscode: 3 }]);
		expect(() => line()).toThrow(/read-only/);
	});

	test('winning shows on the lines without moving their version', async () => {
		const { opportunity, line, post, get } = shop();
		const made = line();
		const { headers } = await get(`opportunityproducts(${made})`);
		await post('WinOpportunity', {
			Status: -1,
			OpportunityClose: { subject: 'W', 'opportunityid@odata.bind': `/opportunities(${opportunity})` },
		});
		const after = await get(`opportunityproducts(${made})`);
		expect(after.json.opportunitystatecode).toBe(1);
		expect(after.headers.etag).toBe(headers.etag);
	});

	test('a product without a price in the list: error code 11, no price; without a list: 2', () => {
		const { crm, opportunity, line, item } = shop();
		crm.remove('productpricelevel', item);
		expect(crm.get('opportunityproduct', line())).toMatchObject({ pricingerrorcode: 11, priceperunit: 0 });
		crm.update('opportunity', opportunity, { pricelevelid: null });
		expect(crm.get('opportunityproduct', line())).toMatchObject({ pricingerrorcode: 2 });
	});
});

/** https://learn.microsoft.com/previous-versions/dynamicscrm-2016/developers-guide/mt607591(v=crm.8), mt593066(v=crm.8), mt607526(v=crm.8) */
describe('documents from opportunities', () => {
	test.each([
		['GenerateQuoteFromOpportunity', 'quote', 'quotedetail'],
		['GenerateSalesOrderFromOpportunity', 'salesorder', 'salesorderdetail'],
		['GenerateInvoiceFromOpportunity', 'invoice', 'invoicedetail'],
	])('%s: header and lines', async (action, table, lineTable) => {
		const { crm, opportunity, account, line, post } = shop();
		line();
		line({ quantity: 3 });
		const { json, status } = await post(action, { OpportunityId: opportunity, ColumnSet: { AllColumns: true } });
		expect(status).toBe(200);
		expect(json).toMatchObject({
			name: 'O',
			_opportunityid_value: opportunity,
			_customerid_value: account,
			totalamount: 500,
			statecode: 0,
		});
		expect(
			crm
				.rows(lineTable)
				.map(({ quantity }) => quantity)
				.sort(),
		).toEqual([2, 3]);
		expect(json[`${table}id`]).toEqual(expect.any(String));
	});

	test.each([
		['quote', 'quotes', 'GetQuoteProductsFromOpportunity', 'quotedetail'],
		['salesorder', 'salesorders', 'GetSalesOrderProductsFromOpportunity', 'salesorderdetail'],
		['invoice', 'invoices', 'GetInvoiceProductsFromOpportunity', 'invoicedetail'],
	])('a %s gets the products of an opportunity', async (table, set, action, lineTable) => {
		const { crm, opportunity, account, list, line, post } = shop();
		line();
		const document = crm.insert(table, { name: 'D', customerid: account, pricelevelid: list });
		expect((await post(`${set}(${document})/Microsoft.Dynamics.CRM.${action}`, { OpportunityId: opportunity })).status).toBe(204);
		expect(crm.rows(lineTable)).toMatchObject([{ quantity: 2, extendedamount: 200 }]);
		expect(crm.get(table, document).totalamount).toBe(200);
		expect((await post(`${set}(${document})/Microsoft.Dynamics.CRM.${action}`, { OpportunityId: account })).status).toBe(404);
		expect((await post(`opportunities(${opportunity})/Microsoft.Dynamics.CRM.${action}`, { OpportunityId: opportunity })).status).toBe(404);
	});

	test('a locked document gets none', async () => {
		const { crm, opportunity, account, list, line, post } = shop();
		line();
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list });
		crm.update('salesorder', order, { statecode: 1 });
		expect(
			(await post(`salesorders(${order})/Microsoft.Dynamics.CRM.GetSalesOrderProductsFromOpportunity`, { OpportunityId: opportunity }))
				.status,
		).toBe(400);
		expect(crm.rows('salesorderdetail')).toHaveLength(0);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/salesorderdetail */
describe('lines show their document', () => {
	test('state and price lock, without a version of their own', async () => {
		const { crm, account, list, product, unit, post, get } = shop();
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list });
		const line = crm.insert('salesorderdetail', { salesorderid: order, productid: product, uomid: unit, quantity: 1 });
		const read = async () => await get(`salesorderdetails(${line})?$select=salesorderstatecode,salesorderispricelocked`);
		const { headers, json } = await read();
		expect(json).toMatchObject({ salesorderstatecode: 0, salesorderispricelocked: false });
		await post('LockSalesOrderPricing', { SalesOrderId: order });
		expect((await read()).json).toMatchObject({ salesorderispricelocked: true });
		crm.update('salesorder', order, { statecode: 1 });
		const after = await read();
		expect(after.json).toMatchObject({ salesorderstatecode: 1 });
		expect(after.headers.etag).toBe(headers.etag);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/discounttype */
describe('discount lists', () => {
	function discounted(isamounttype = false) {
		const world = shop();
		const { crm, item } = world;
		const discounts = crm.insert('discounttype', { name: 'Volume', isamounttype, transactioncurrencyid: crm.baseCurrencyId });
		const value = (number: number) => (isamounttype ? { amount: number } : { percentage: number });
		crm.insert('discount', { discounttypeid: discounts, lowquantity: 10, highquantity: 99, ...value(5) });
		crm.insert('discount', { discounttypeid: discounts, lowquantity: 100, highquantity: 1000, ...value(20) });
		crm.update('productpricelevel', item, { discounttypeid: discounts });
		return { ...world, discounts };
	}

	test.each([
		[9, 0, 900],
		[10, 5, 950],
		[100, 20, 8000],
		[1001, 0, 100_100],
	])('quantity %i: %i per cent off each', (quantity, percentage, amount) => {
		const { crm, line } = discounted();
		expect(crm.get('opportunityproduct', line({ quantity }))).toMatchObject({ volumediscountamount: percentage, extendedamount: amount });
	});

	test('an amount instead of a share, on orders too; changed quantities bring other steps', () => {
		const { crm, account, list, product, unit } = discounted(true);
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list });
		const line = crm.insert('salesorderdetail', { salesorderid: order, productid: product, uomid: unit, quantity: 10 });
		expect(crm.get('salesorderdetail', line)).toMatchObject({ volumediscountamount: 5, extendedamount: 950 });
		crm.update('salesorderdetail', line, { quantity: 100 });
		expect(crm.get('salesorderdetail', line)).toMatchObject({ volumediscountamount: 20, extendedamount: 8000 });
		expect(crm.get('salesorder', order).totalamount).toBe(8000);
	});

	test('an overridden price has no volume discount', () => {
		const { crm, line } = discounted();
		expect(crm.get('opportunityproduct', line({ quantity: 10, ispriceoverridden: true, priceperunit: 100 }))).toMatchObject({
			extendedamount: 1000,
		});
	});

	test.each<[string, object]>([
		['overlapping steps', { lowquantity: 50, highquantity: 60, percentage: 1 }],
		['a start above the end', { lowquantity: 9, highquantity: 1, percentage: 1 }],
		['no share', { lowquantity: 1, highquantity: 2 }],
		['no end', { lowquantity: 1, percentage: 1 }],
	])('%s are refused', async (_name, values) => {
		const { post, discounts } = discounted();
		expect((await post('discounts', { ...values, 'discounttypeid@odata.bind': `/discounttypes(${discounts})` })).status).toBe(400);
	});

	test('a list in use cannot be deleted; its steps go with it', async () => {
		const { del, discounts, crm, item } = discounted();
		expect((await del(`discounttypes(${discounts})`)).status).toBe(405);
		crm.update('productpricelevel', item, { discounttypeid: null });
		expect((await del(`discounttypes(${discounts})`)).status).toBe(204);
		expect(crm.rows('discount')).toHaveLength(0);
	});
});

/** https://learn.microsoft.com/dynamics365/sales/developer/sales-order-processing-integration; columns of the table organization */
describe('who computes prices', () => {
	function ordered(organization: Record<string, number | boolean>, integration = false) {
		const world = shop();
		const { crm, account, list, product, unit } = world;
		crm.update('organization', crm.organizationId, organization);
		const user = crm.addUser({ fullname: 'U', isintegrationuser: integration });
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list }, user);
		const line = crm.insert(
			'salesorderdetail',
			{ salesorderid: order, productid: product, uomid: unit, quantity: 3, manualdiscountamount: 10 },
			user,
		);
		return { ...world, order, line, user };
	}

	test('a manual discount counts once, or for each unit', () => {
		const once = ordered({ discountcalculationmethod: 0 });
		expect(once.crm.get('salesorderdetail', once.line).extendedamount).toBe(290);
		const each = ordered({ discountcalculationmethod: 1 });
		expect(each.crm.get('salesorderdetail', each.line).extendedamount).toBe(270);
		expect(each.crm.get('salesorder', each.order)).toMatchObject({ totallineitemdiscountamount: 30, totalamount: 270 });
	});

	test('nobody, where the organization switched it off: totals stay as written', async () => {
		const { crm, line, order, patch } = ordered({ oobpricecalculationenabled: false });
		expect(crm.get('salesorderdetail', line).extendedamount).toBeUndefined();
		await patch(`salesorders(${order})`, { totalamount: 42 });
		expect(crm.get('salesorder', order).totalamount).toBe(42);
	});

	test('not for an integration user while sales order processing is integrated; opportunities and other users as always', () => {
		expect(ordered({ issopintegrationenabled: true }).crm.rows('salesorderdetail')[0]!.extendedamount).toBe(290);
		expect(ordered({ issopintegrationenabled: false }, true).crm.rows('salesorderdetail')[0]!.extendedamount).toBe(290);
		const { crm, user, opportunity, product, unit } = ordered({ issopintegrationenabled: true }, true);
		expect(crm.rows('salesorderdetail')[0]!.extendedamount).toBeUndefined();
		crm.insert('opportunityproduct', { opportunityid: opportunity, productid: product, uomid: unit, quantity: 1 }, user);
		expect(crm.get('opportunity', opportunity).totalamount).toBe(100);
	});

	test('a price list of another currency is refused', async () => {
		const { crm, post, patch, account, list } = shop();
		const [euro] = crm.seed('transactioncurrency', [
			{ isocurrencycode: 'EUR', currencyname: 'Euro', currencysymbol: '€', exchangerate: 0.5, currencyprecision: 2 },
		]);
		const euros = crm.insert('pricelevel', { name: 'Euro', transactioncurrencyid: euro! });
		const order = (more: object) => post('salesorders', { name: 'D', 'customerid_account@odata.bind': `/accounts(${account})`, ...more });
		const bound = { 'pricelevelid@odata.bind': `/pricelevels(${euros})` };
		expect((await order(bound)).status).toBe(400);
		expect((await order({ ...bound, 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${euro!})` })).status).toBe(204);
		const { id } = await order({ 'pricelevelid@odata.bind': `/pricelevels(${list})` });
		expect((await patch(`salesorders(${id})`, bound)).status).toBe(400);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/calculateprice, /webapi/reference/initializefrom */
describe('other messages of sales', () => {
	test.each([
		['CalculatePrice', (order: string) => ({ Target: { '@odata.type': 'Microsoft.Dynamics.CRM.salesorder', salesorderid: order } })],
		['RecalculatePrice', (order: string) => ({ entityLogicalName: 'salesorder', entityId: order })],
	])('%s prices the lines anew', async (action, parameters) => {
		const { crm, account, list, product, unit, item, post } = shop();
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list });
		crm.insert('salesorderdetail', { salesorderid: order, productid: product, uomid: unit, quantity: 1 });
		crm.update('productpricelevel', item, { amount: 120 });
		expect(crm.get('salesorder', order).totalamount).toBe(100);
		expect((await post(action, parameters(order))).status).toBe(204);
		expect(crm.get('salesorder', order).totalamount).toBe(120);
	});

	test('prices of a locked order stay', async () => {
		const { crm, account, list, product, unit, item, post } = shop();
		const order = crm.insert('salesorder', { name: 'D', customerid: account, pricelevelid: list });
		crm.insert('salesorderdetail', { salesorderid: order, productid: product, uomid: unit, quantity: 1 });
		await post('LockSalesOrderPricing', { SalesOrderId: order });
		crm.update('productpricelevel', item, { amount: 120 });
		await post('RecalculatePrice', { entityLogicalName: 'salesorder', entityId: order });
		expect(crm.get('salesorder', order).totalamount).toBe(100);
	});

	test('InitializeFrom gives the values of a new row and creates nothing', async () => {
		const { get, post, crm } = environment();
		const account = crm.insert('account', { name: 'A', telephone1: '1', address1_city: 'Rome' });
		const path = `InitializeFrom(EntityMoniker=@p1,TargetEntityName=@p2,TargetFieldType=@p3)?@p1={'@odata.id':'accounts(${account})'}&@p2='contact'&@p3=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate'`;
		const { json } = await get(path);
		expect(json).toMatchObject({ '@odata.type': '#Microsoft.Dynamics.CRM.contact', telephone1: '1', address1_city: 'Rome', 'parentcustomerid_account@odata.bind': `accounts(${account})` }); // prettier-ignore
		expect(crm.rows('contact')).toHaveLength(0);
		const { '@odata.context': _context, ...body } = json;
		expect((await post('contacts', { ...body, lastname: 'C' })).status).toBe(204);
		expect(crm.rows('contact')).toMatchObject([{ parentcustomerid: account, address1_city: 'Rome' }]);
	});

	test('InitializeFrom without a map between the tables is 400', async () => {
		const { get, crm } = environment();
		const account = crm.insert('account', { name: 'A' });
		expect(
			(
				await get(
					`InitializeFrom(EntityMoniker=@p1,TargetEntityName='product',TargetFieldType='All')?@p1={'@odata.id':'accounts(${account})'}`,
				)
			).status,
		).toBe(400);
	});
});

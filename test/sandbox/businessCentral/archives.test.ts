import { Client, code, NOON, type Json } from './client';

class Documents extends Client {
	customer: Json;
	item: Json;

	constructor() {
		super();
		this.company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		this.company.seed('locations', [{ code: 'EAST', displayName: 'East' }, { code: 'WEST', displayName: 'West' }]); // prettier-ignore
		this.customer = this.company.insert('customers', { displayName: 'Adatum', number: 'C1', email: 'a@adatum.example' });
		this.item = this.company.insert('items', { number: 'I1', displayName: 'Desk', unitPrice: 100, baseUnitOfMeasureCode: 'PCS' });
		for (const page of ['ItemCard', 'SalesReceivablesSetup']) this.sandbox.businessCentral.publish(page);
	}

	async make(set: string, quantities: number[] = [4], line: Json = {}): Promise<Json> {
		const lines = quantities.map((quantity) => ({ lineType: 'Item', itemId: this.item.id, quantity, ...line }));
		const { body } = await this.post(set, { customerId: this.customer.id, [`${set.replace(/s$/, '')}Lines`]: lines });
		if (body.error) throw new Error(body.error.message);
		return body;
	}

	act = (set: string, id: string, action: string) => this.post(`${set}(${id})/Microsoft.NAV.${action}`, undefined);
	setUp = (values: Json) => this.patch(`${this.odata}/Company('CRONUS')/SalesReceivablesSetup('')`, values, '*');
}

let bc: Documents;
beforeEach(() => (bc = new Documents()));

/** microsoft/BCApps, src/Apps/W1/APIV2/app/src/pages/APIV2SalesOrdArchives.Page.al, APIV2SOrdArchLines.Page.al, APIV2SalesQtArchives.Page.al */
describe('salesOrderArchives, salesQuoteArchives', () => {
	it('hold every version of an order, as it was', async () => {
		const order = await bc.make('salesOrders', [4, 2]);
		bc.company.clerk.release(order.id);
		bc.company.clerk.archive(order.id);
		bc.sandbox.clock.advance(60_000);
		bc.company.clerk.ship(order.id, { 10000: 1 });
		bc.company.clerk.archive(order.id);
		const { body } = await bc.get(`salesOrderArchives?$filter=number eq '${order.number}'&$expand=salesOrderArchiveLines`);
		expect(body.value).toMatchObject([
			{ number: order.number, docNoOccurrence: 1, versionNumber: 1, status: 'Released', archivedBy: 'ANNA', dateArchived: '2026-06-01', currencyCode: '' },
			{ versionNumber: 2, sellToCustomerNumber: 'C1', sellToCustomerName: 'Adatum', lastModifiedDateTime: '2026-06-01T12:01:00.000Z' },
		]); // prettier-ignore
		expect(body.value.map((one: Json) => one.salesOrderArchiveLines.map((line: Json) => line.outstandingQuantity))).toEqual([[4, 2], [3, 2]]); // prettier-ignore
		expect(body.value[0].salesOrderArchiveLines[0]).toMatchObject({ sequence: 10000, lineType: 'Item', lineObjectNumber: 'I1', quantity: 4, unitPrice: 100, lineAmount: 400, amount: 400 }); // prettier-ignore
		expect(body.value[0].id).not.toBe(order.id);
	});

	it('a deleted order leaves its last version where the set-up asks for it; another order with its number is another occurrence', async () => {
		await bc.setUp({ Archive_Orders: true });
		const order = await bc.make('salesOrders');
		await bc.send('DELETE', `salesOrders(${order.id})`);
		bc.company.settings.series['Order']!.next -= 1;
		const again = await bc.make('salesOrders', [1]);
		expect(again.number).toBe(order.number);
		bc.company.clerk.delete(again.id);
		const { body } = await bc.get('salesOrderArchives?$select=docNoOccurrence,versionNumber');
		expect(body.value.map((one: Json) => [one.docNoOccurrence, one.versionNumber])).toEqual([[1, 1], [2, 1]]); // prettier-ignore
	});

	it('quotes stand in a set of their own, without what only orders have', async () => {
		const quote = await bc.make('salesQuotes');
		bc.company.clerk.archive(quote.id);
		expect((await bc.get('salesOrderArchives/$count')).text).toBe('0');
		const { body } = await bc.get('salesQuoteArchives?$expand=salesQuoteArchiveLines,dimensionSetLines,attachments,documentAttachments');
		expect(body.value).toMatchObject([{ number: quote.number, status: 'Open', dimensionSetLines: [], attachments: [], documentAttachments: [] }]); // prettier-ignore
		expect(body.value[0]).not.toHaveProperty('orderDate');
		expect(body.value[0].salesQuoteArchiveLines[0]).not.toHaveProperty('quantityShipped');
	});

	it('cannot be written', async () => {
		const order = await bc.make('salesOrders');
		bc.company.clerk.archive(order.id);
		const [archive] = (await bc.get('salesOrderArchives')).body.value;
		expect(code(await bc.post('salesOrderArchives', {}))).toBe('405 BadRequest_MethodNotAllowed');
		expect(code(await bc.patch(`salesOrderArchives(${archive.id})`, { number: 'X' }, '*'))).toBe('405 BadRequest_MethodNotAllowed');
		expect(code(await bc.send('DELETE', `salesOrderArchives(${archive.id})`))).toBe('405 BadRequest_MethodNotAllowed');
	});
});

/** microsoft/BCApps, src/Apps/W1/APIV2/app/src/pages/APIV2CustomerSales.Query.al; learn.microsoft.com dynamics_customersale_get */
describe('customerSales', () => {
	beforeEach(async () => {
		bc.company.insert('customers', { displayName: 'Trey', number: 'C2' });
		for (const [at, quantity] of [
			[NOON, 1],
			[NOON + 40 * 86_400_000, 3],
		] as const) {
			// prettier-ignore
			bc.sandbox.clock.set(at);
			bc.token = bc.sandbox.login.token('businessCentral');
			const { id } = await bc.make('salesInvoices', [quantity]);
			await bc.act('salesInvoices', id, 'post');
		}
	});
	const totals = async (query = '') => (await bc.get(`customerSales${query}`)).body.value?.map((row: Json) => [row.customerNumber, row.totalSalesAmount]); // prettier-ignore

	it('is the sum of invoices and credit memos of each customer; a row is no record', async () => {
		const { body } = await bc.get('customerSales');
		expect(body.value[0]).toEqual({ customerId: bc.customer.id, customerNumber: 'C1', name: 'Adatum', totalSalesAmount: 400, dateFilter_FilterOnly: null }); // prettier-ignore
		expect(await totals()).toEqual([['C1', 400], ['C2', 0]]); // prettier-ignore
	});

	it('payments do not count', async () => {
		const [invoice] = (await bc.get("salesInvoices?$filter=status eq 'Open'")).body.value;
		bc.company.clerk.pay(invoice.id);
		expect(await totals("?$filter=customerNumber eq 'C1'")).toEqual([['C1', 400]]);
	});

	it.each([
		['dateFilter_FilterOnly ge 2026-06-01 and dateFilter_FilterOnly le 2026-06-30', [['C1', 100], ['C2', 0]]], // prettier-ignore
		['dateFilter_FilterOnly gt 2026-06-30', [['C1', 300], ['C2', 0]]], // prettier-ignore
		["dateFilter_FilterOnly lt 2026-01-01 and customerNumber eq 'C1'", [['C1', 0]]],
		['dateFilter_FilterOnly gt 2026-06-30 and totalSalesAmount gt 100', [['C1', 300]]],
	])('within dates: %s', async (filter, expected) => {
		expect(await totals(`?$filter=${encodeURIComponent(filter)}`)).toEqual(expected);
	});

	it('cannot be written or watched', async () => {
		expect(code(await bc.post('customerSales', {}))).toBe('405 BadRequest_MethodNotAllowed');
		const resource = `/api/v2.0/companies(${bc.company.id})/customerSales`;
		expect((await bc.post('/subscriptions', { notificationUrl: 'https://a.example', resource })).status).toBe(400);
	});
});

/** https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/use-flowfilters-in-odata-uris */
describe('FlowFilters of ItemCard', () => {
	const card = (query: string) => bc.get(`${bc.odata}/Company('CRONUS')/ItemCard${query}`);

	beforeEach(async () => {
		bc.company.setCalculated('items', bc.item.id, { inventory: 5 });
		bc.company.clerk.adjust('I1', 20, 'EAST');
		bc.company.clerk.adjust('I1', 7, 'WEST');
		const [east] = bc.company.rows('locations');
		await bc.make('salesOrders', [3], { locationId: east!['id'], shipmentDate: '2026-07-01' });
		await bc.make('salesOrders', [2]);
	});

	it.each([
		["('I1')", 32, 5],
		["('I1')?$filter=Location_Filter eq 'EAST'", 20, 3],
		["('I1')?$filter=Location_Filter eq 'west'", 7, 0],
		["('I1')?$filter=Location_Filter eq 'EAST' or Location_Filter eq 'WEST'", 27, 3],
		["('I1')?$filter=Lot_No_Filter eq 'L1'", 0, 0],
	])('%s', async (query, inventory, onOrders) => {
		const { status, body } = await card(query);
		expect([status, body.No, body.Inventory, body.Qty_on_Sales_Order]).toEqual([200, 'I1', inventory, onOrders]);
	});

	it('choose no rows, beside conditions that do', async () => {
		bc.company.insert('items', { number: 'I2', displayName: 'Lamp', baseUnitOfMeasureCode: 'PCS' });
		const found = async (filter: string) => (await card(`?$filter=${filter}`)).body.value.map((row: Json) => [row.No, row.Inventory]);
		expect(await found("Location_Filter eq 'EAST'")).toEqual([['I1', 20], ['I2', 0]]); // prettier-ignore
		expect(await found("Location_Filter eq 'EAST' and No eq 'I1'")).toEqual([['I1', 20]]);
		expect(await found("Location_Filter eq 'EAST' and Inventory gt 5")).toEqual([['I1', 20]]);
	});

	it('goods that are shipped leave their location', async () => {
		const [order] = (await bc.get('salesOrders?$orderby=number')).body.value;
		bc.company.clerk.ship(order.id);
		expect((await card("('I1')?$filter=Location_Filter eq 'EAST'")).body).toMatchObject({ Inventory: 17, Qty_on_Sales_Order: 0 });
	});

	it('stand in the metadata and cannot be written', async () => {
		const { text } = await bc.get(`${bc.odata}/$metadata`);
		expect(text).toContain('<Property Name="Location_Filter" Type="Edm.String"');
		expect((await card("('I1')")).body.Location_Filter).toBe('');
		const written = await bc.patch(`${bc.odata}/Company('CRONUS')/ItemCard('I1')`, { Location_Filter: 'EAST' }, '*');
		expect(code(written)).toBe('400 BadRequest_InvalidOperation');
	});

	it('another condition on a single entity is refused', async () => {
		expect((await card("('I1')?$filter=No eq 'I1'")).body.error.message).toContain('is not a collection');
	});
});

/** microsoft/BCApps, BaseApp/Integration/Entity/PostedSalesInvoiceAPI.Page.al (page 9970) */
describe('microsoft/automate/v1.0', () => {
	const automate = (path = '') => bc.get(`${bc.root.replace('/api/v2.0', '/api/microsoft/automate/v1.0')}${path}`);

	it('is listed, has its document and postedSalesInvoices', async () => {
		const root = await automate();
		expect(root.body.value.map(({ name }: Json) => name)).toEqual(['companies', 'subscriptions', 'postedSalesInvoices']);
		expect((await automate('/$metadata')).text).toContain('<EntityType Name="postedSalesInvoice"');
	});

	it('an invoice that was a draft has another id there, one from an order the same', async () => {
		const order = await bc.make('salesOrders');
		await bc.act('salesOrders', order.id, 'shipAndInvoice');
		const draft = await bc.make('salesInvoices');
		await bc.act('salesInvoices', draft.id, 'post');
		await bc.make('salesInvoices');
		const company = `/companies(${bc.company.id})`;
		const { body } = await automate(`${company}/postedSalesInvoices?$orderby=number`);
		expect(body.value).toHaveLength(2);
		const [fromOrder, fromDraft] = body.value;
		expect([fromOrder.id === fromOrder.apiId, fromOrder.orderNumber]).toEqual([true, order.number]);
		expect([fromDraft.id === fromDraft.apiId, fromDraft.apiId]).toEqual([false, draft.id]);
		expect((await automate(`${company}/postedSalesInvoices(${fromDraft.id})`)).body).toMatchObject({ apiId: draft.id, currencyCode: '' });
		expect((await automate(`${company}/postedSalesInvoices(${draft.id})`)).status).toBe(404);
		expect((await automate(`${company}/postedSalesInvoices?$filter=id eq ${fromDraft.id}`)).body.value).toHaveLength(1);
		const url = `${bc.root.replace('/api/v2.0', '/api/microsoft/automate/v1.0')}${company}/postedSalesInvoices(${fromDraft.id})`;
		expect(code(await bc.patch(url, { email: 'x' }, '*'))).toBe('405 BadRequest_MethodNotAllowed');
	});
});

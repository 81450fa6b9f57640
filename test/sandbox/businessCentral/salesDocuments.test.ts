import { Client, code, type Json } from './client';

/** Sources: APIV2 stands for github.com/microsoft/ALAppExtensions, Apps/W1/APIV2. A company with two customers, two items, a resource, an account; and shortcuts for documents. */
class Sales extends Client {
	customer: Json;
	item: Json;
	chair: Json;

	constructor() {
		super();
		this.company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		this.company.seed('accounts', [
			{ number: '2310', displayName: 'Customers', directPosting: false },
			{ number: '6110', displayName: 'Sales', directPosting: true },
		]);
		this.company.seed('locations', [{ code: 'EAST', displayName: 'East' }]);
		this.company.seed('dimensions', [{ code: 'AREA', displayName: 'Area' }]);
		this.company.seed('dimensionValues', [{ code: '30', displayName: 'Europe', 'Dimension Code': 'AREA', Name: 'Europe' }]);
		this.customer = this.company.insert('customers', { displayName: 'Adatum', city: 'Bonn', email: 'a@adatum.example' });
		this.item = this.company.insert('items', { displayName: 'Desk', unitPrice: 100, baseUnitOfMeasureCode: 'PCS' });
		this.chair = this.company.insert('items', { displayName: 'Chair', unitPrice: 33.33, baseUnitOfMeasureCode: 'PCS' });
		this.sandbox.clock.advance(60_000);
	}

	async make(set: string, lines: Json[] = [{ quantity: 4 }], header: Json = {}): Promise<Json> {
		const collection = `${set.replace(/s$/, '')}Lines`;
		const own = lines.map((line) => ('lineType' in line ? line : { lineType: 'Item', itemId: this.item.id, ...line }));
		const { body } = await this.post(set, { customerId: this.customer.id, ...header, [collection]: own });
		if (body.error) throw new Error(body.error.message);
		this.sandbox.clock.advance(60_000);
		return body;
	}

	order = (lines?: Json[], header?: Json) => this.make('salesOrders', lines, header);
	lines = async (set: string, id: string): Promise<Json[]> => (await this.get(`${set}(${id})/${set.replace(/s$/, '')}Lines`)).body.value;
	act = (set: string, id: string, action: string) => this.post(`${set}(${id})/Microsoft.NAV.${action}`, undefined);
	stamp = async (set: string, id: string): Promise<string> => (await this.get(`${set}(${id})`)).body.lastModifiedDateTime;
	pass = () => this.sandbox.clock.advance(60_000);
}

const sum = (rows: Json[], name: string): number => Math.round(rows.reduce((total, row) => total + row[name], 0) * 100) / 100;

describe('Invoice discounts', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	// APIV2/test/src/APIV2SalesOrdersE2E, TestModifyOrderSetManualDiscount; learn.microsoft.com salesOrderLine: invoiceDiscountAllocation, netAmount.
	it.each(['salesOrders', 'salesInvoices'])('of %s are spread over the lines, which add up to the header', async (set) => {
		const { id } = await bc.make(set, [{ quantity: 1 }, { itemId: bc.chair.id, quantity: 1 }, { itemId: bc.chair.id, quantity: 2 }]);
		const header = (await bc.patch(`${set}(${id})`, { discountAmount: 10 }, '*')).body;
		expect(header).toMatchObject({ discountAmount: 10, totalAmountExcludingTax: 189.99 });
		const lines = await bc.lines(set, id);
		expect(lines.map((line) => line.invoiceDiscountAllocation)).toEqual([5, 1.67, 3.33]);
		expect(sum(lines, 'invoiceDiscountAllocation')).toBe(10);
		expect(sum(lines, 'netAmount')).toBe(header.totalAmountExcludingTax);
		expect(sum(lines, 'netTaxAmount')).toBe(header.totalTaxAmount);
		expect(sum(lines, 'netAmountIncludingTax')).toBe(header.totalAmountIncludingTax);
		expect(lines[0]).toMatchObject({ amountExcludingTax: 100, netAmount: 95, netAmountIncludingTax: 114, netTaxAmount: 19 });
	});

	// Codeunit 56 Sales - Calc Discount By Type, InvDiscBaseAmountIsZeroErr: the discount is applied before lines exist.
	it('cannot come with the creation of the header', async () => {
		const reply = await bc.post('salesOrders', {
			customerId: bc.customer.id,
			discountAmount: 5,
			salesOrderLines: [{ lineType: 'Item', itemId: bc.item.id, quantity: 1 }],
		});
		expect(code(reply)).toBe('400 Application_DialogException');
		expect(reply.body.error.message).toContain('Cannot apply an invoice discount because the document does not include lines');
		expect(bc.company.count('salesOrders')).toBe(0);
	});

	it('of 0 may come with it', async () => {
		expect((await bc.order([{ quantity: 1 }], { discountAmount: 0 })).discountAmount).toBe(0);
	});

	// APIV2/test/src/APIV2SalesOrdersE2E, TestClearingManualDiscounts
	it('are removed by 0', async () => {
		const { id } = await bc.order();
		await bc.patch(`salesOrders(${id})`, { discountAmount: 40 }, '*');
		const { body } = await bc.patch(`salesOrders(${id})`, { discountAmount: 0 }, '*');
		expect(body).toMatchObject({ discountAmount: 0, totalAmountExcludingTax: 400 });
		expect((await bc.lines('salesOrders', id))[0]!.invoiceDiscountAllocation).toBe(0);
	});

	// APIV2/test/src/APIV2SalesOrdersE2E, TestGetOrdersRedistributesDiscountAmt
	it('are spread anew after a line changed, came or went', async () => {
		const { id } = await bc.order([{ quantity: 1 }]);
		await bc.patch(`salesOrders(${id})`, { discountAmount: 30 }, '*');
		await bc.post('salesOrderLines', { documentId: id, lineType: 'Item', itemId: bc.item.id, quantity: 2 });
		const lines = await bc.lines('salesOrders', id);
		expect(lines.map((line) => line.invoiceDiscountAllocation)).toEqual([10, 20]);
		await bc.send('DELETE', `salesOrderLines(${lines[0]!.id})`);
		expect((await bc.lines('salesOrders', id)).map((line) => line.invoiceDiscountAllocation)).toEqual([30]);
	});

	// learn.microsoft.com "Set Up Terms for Sales Invoice Discounts": lines without Allow Invoice Disc. take no part; G/L account lines do not.
	it('leave G/L account lines and items that allow none alone', async () => {
		bc.company.seed('items', [{ number: 'NODISC', displayName: 'Net', unitPrice: 100, 'Allow Invoice Disc.': 'No' }]);
		const { id } = await bc.order([
			{ quantity: 1 },
			{ lineType: 'Item', lineObjectNumber: 'NODISC', quantity: 1 },
			{ lineType: 'Account', lineObjectNumber: '6110', quantity: 1, unitPrice: 50 },
		]);
		await bc.patch(`salesOrders(${id})`, { discountAmount: 20 }, '*');
		expect((await bc.lines('salesOrders', id)).map((line) => line.invoiceDiscountAllocation)).toEqual([20, 0, 0]);
	});

	// APIV2/test/src/APIV2SalesOrdersE2E, TestGetOrdersAppliesDiscountPct
	it('of the customer apply by themselves until an amount is given', async () => {
		bc.company.settings.invoiceDiscountPercent[String(bc.customer.number)] = 5;
		const { id, discountAmount } = await bc.order();
		expect(discountAmount).toBe(20);
		expect((await bc.patch(`salesOrders(${id})`, { discountAmount: 1 }, '*')).body.discountAmount).toBe(1);
	});

	it('greater than what they are taken off are refused', async () => {
		const { id } = await bc.order();
		expect(code(await bc.patch(`salesOrders(${id})`, { discountAmount: 401 }, '*'))).toBe('400 Application_DialogException');
	});

	// learn.microsoft.com salesOrder: pricesIncludeTax
	it('and prices may include the tax', async () => {
		const { id } = await bc.order([{ quantity: 1, unitPrice: 120 }], { pricesIncludeTax: true });
		const body = (await bc.patch(`salesOrders(${id})`, { discountAmount: 12 }, '*')).body;
		expect(body).toMatchObject({ totalAmountExcludingTax: 90, totalTaxAmount: 18, totalAmountIncludingTax: 108 });
		expect((await bc.lines('salesOrders', id))[0]).toMatchObject({ amountExcludingTax: 100, invoiceDiscountAllocation: 10, netAmount: 90 });
	});
});

describe('Order of validation in a body', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	// APIV2 pages register the fields of the body one by one (RegisterFieldSet) and validate them in that order.
	it.each<[Json, Json]>([
		[
			{ quantity: 2, unitPrice: 50 },
			{ unitPrice: 50, amountExcludingTax: 100 },
		],
		[
			{ unitPrice: 50, quantity: 2 },
			{ unitPrice: 100, amountExcludingTax: 200 },
		],
		[
			{ quantity: 2, discountAmount: 30 },
			{ discountAmount: 30, discountPercent: 15, amountExcludingTax: 170 },
		],
		[
			{ quantity: 2, discountPercent: 10 },
			{ discountAmount: 20, discountPercent: 10, amountExcludingTax: 180 },
		],
		[{ quantity: 2, unitOfMeasureCode: 'PCS', unitPrice: 7 }, { unitPrice: 7 }],
		[{ quantity: 2, unitPrice: 7, unitOfMeasureCode: 'PCS' }, { unitPrice: 100 }],
	])('line %o → %o', async (line, wanted) => {
		const { id } = await bc.order([line]);
		expect((await bc.lines('salesOrders', id))[0]).toMatchObject(wanted);
	});

	it('the customer overwrites what came before it and not what comes after', async () => {
		const before = (await bc.post('salesOrders', { shipToCity: 'Ulm', customerId: bc.customer.id })).body;
		const after = (await bc.post('salesOrders', { customerId: bc.customer.id, shipToCity: 'Ulm' })).body;
		expect([before.shipToCity, after.shipToCity]).toEqual(['Bonn', 'Ulm']);
	});

	it('a changed quantity finds the price anew', async () => {
		const { id } = await bc.order([{ quantity: 2, unitPrice: 50 }]);
		const [line] = await bc.lines('salesOrders', id);
		expect((await bc.patch(`salesOrderLines(${line.id})`, { quantity: 3 }, '*')).body.unitPrice).toBe(100);
	});

	it("a line discount of 0 overrides the customer's own", async () => {
		bc.company.settings.lineDiscountPercent[String(bc.customer.number)] = 10;
		const { id } = await bc.order([{ quantity: 1 }, { quantity: 1, discountAmount: 0 }]);
		expect((await bc.lines('salesOrders', id)).map((line) => line.discountAmount)).toEqual([10, 0]);
	});

	it('a line discount needs a quantity', async () => {
		const { id } = await bc.order();
		const line = { documentId: id, lineType: 'Item', itemId: bc.item.id, discountAmount: 5 };
		expect(code(await bc.post('salesOrderLines', line))).toBe('400 Application_FieldValidationException');
	});

	it('the sell-to address is copied onto the bill-to address while both are one customer', async () => {
		const { id } = await bc.order();
		expect((await bc.patch(`salesOrders(${id})`, { sellToCity: 'Ulm' }, '*')).body).toMatchObject({
			billToCity: 'Ulm',
			shipToCity: 'Bonn',
		});
	});

	it('and not when somebody else pays', async () => {
		const payer = bc.company.insert('customers', { displayName: 'Payer', city: 'Kiel' });
		bc.company.settings.billTo[String(bc.customer.number)] = String(payer['number']);
		const { id, billToCustomerNumber } = await bc.order();
		expect(billToCustomerNumber).toBe(payer['number']);
		expect((await bc.patch(`salesOrders(${id})`, { sellToCity: 'Ulm' }, '*')).body.billToCity).toBe('Kiel');
	});

	it('externalDocumentNumber is a Code: upper case, without blanks around', async () => {
		expect((await bc.order([], { externalDocumentNumber: ' po-7 a ' })).externalDocumentNumber).toBe('PO-7 A');
	});

	it('a sequence in use is refused', async () => {
		const { id } = await bc.order();
		const line = { documentId: id, lineType: 'Item', itemId: bc.item.id, quantity: 1 };
		const { error } = (await bc.post('salesOrderLines', { ...line, sequence: 10000 })).body;
		expect(error.code).toBe('Internal_EntityWithSameKeyExists');
		// AL names the record by the primary key of its table.
		expect(error.message).toMatch(
			/^The Sales Line already exists\. Identification fields and values: Document Type='Order',Document No\.='[^']+',Line No\.='10000'/,
		);
		expect((await bc.post('salesOrderLines', line)).body.sequence).toBe(20000);
	});
});

describe('What documents refuse, in the words of the pages of API v2.0', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));
	const nobody = '00000000-0000-4000-8000-00000000dead';

	// Labels of APIV2/app/src/pages; learn.microsoft.com "dynamics-error-codes": NavNCLDialogException → Application_DialogException
	it.each<[string, () => Json, string]>([
		['no customer', () => ({}), 'A "customerNumber" or a "customerId" must be provided.'],
		['an unknown customerId', () => ({ customerId: nobody }), 'The sell-to customer cannot be found.'],
		['an unknown customerNumber', () => ({ customerNumber: 'NONE' }), 'The sell-to customer cannot be found.'],
		['the zero customerId', () => ({ customerId: '00000000-0000-0000-0000-000000000000' }), 'The sell-to customer cannot be found.'],
		['an unknown bill-to id', () => ({ customerId: bc.customer.id, billToCustomerId: nobody }), 'The bill-to customer cannot be found.'],
		[
			'an unknown bill-to number',
			() => ({ customerId: bc.customer.id, billToCustomerNumber: 'NONE' }),
			'The bill-to customer cannot be found.',
		],
		['two customers', () => ({ customerId: bc.customer.id, customerNumber: 'OTHER' }), 'The sell-to customer'],
		['an unknown currencyId', () => ({ customerId: bc.customer.id, currencyId: nobody }), 'The "currencyId" does not match to a Currency.'],
		[
			'an unknown currencyCode',
			() => ({ customerId: bc.customer.id, currencyCode: 'XXX' }),
			'The "currencyCode" does not match to a Currency.',
		],
		[
			'unknown terms',
			() => ({ customerId: bc.customer.id, paymentTermsId: nobody }),
			'The "paymentTermsId" does not match to a Payment Terms.',
		],
		[
			'an unknown shipment method',
			() => ({ customerId: bc.customer.id, shipmentMethodId: nobody }),
			'The "shipmentMethodId" does not match to a Shipment Method.',
		],
	])('%s', async (_what, body, text) => {
		for (const set of ['salesOrders', 'salesQuotes', 'salesInvoices', 'salesCreditMemos']) {
			const reply = await bc.post(set, body());
			expect([set, code(reply)]).toEqual([set, '400 Application_DialogException']);
			expect(reply.body.error.message).toContain(text);
		}
	});

	it.each<[string, () => Json, string]>([
		['an unknown itemId', () => ({ itemId: nobody, lineType: 'Item' }), 'Item does not exist.'],
		['an unknown item number', () => ({ lineType: 'Item', lineObjectNumber: 'NONE' }), 'Item does not exist.'],
		['an unknown accountId', () => ({ accountId: nobody }), 'Account does not exist.'],
		['an unknown account', () => ({ lineType: 'Account', lineObjectNumber: 'NONE' }), 'Account does not exist.'],
		[
			'item and account',
			() => ({ itemId: bc.item.id, accountId: String(bc.company.rows('accounts')[0]!['id']) }),
			'Both "itemId" and "accountId" are specified. Specify only one of them.',
		],
	])('a line with %s', async (_what, line, text) => {
		const { id } = await bc.order();
		const reply = await bc.post('salesOrderLines', { documentId: id, quantity: 1, ...line() });
		expect(code(reply)).toBe('400 Application_DialogException');
		expect(reply.body.error.message).toContain(text);
	});

	it.each<[Json, string]>([
		[{ sequence: 5 }, 'The value for sequence cannot be modified. Delete and insert the line again.'],
		[{ lineObjectNumber: 'CHAIR' }, ''],
		[{ documentId: nobody }, 'The value for "documentId" cannot be modified.'],
	])('PATCH of a line with %o', async (body, text) => {
		const { id } = await bc.order();
		const [line] = await bc.lines('salesOrders', id);
		const reply = await bc.patch(`salesOrderLines(${line.id})`, body, '*');
		expect(reply.status).toBe(400);
		expect(reply.body.error.message).toContain(text);
	});

	// APIV2/app/src/pages/APIV2SalesQuotes.Page.al, field(acceptedDate)
	it('not the accepted date of a quote, which can be written', async () => {
		const { id } = await bc.make('salesQuotes');
		expect((await bc.patch(`salesQuotes(${id})`, { acceptedDate: '2026-05-01' }, '*')).body.acceptedDate).toBe('2026-05-01');
	});
});

describe('Released orders', () => {
	let bc: Sales;
	let id: string;
	beforeEach(async () => {
		bc = new Sales();
		({ id } = await bc.order([{ quantity: 4 }, { lineType: 'Comment', description: 'Careful' }]));
		bc.company.clerk.release(id);
	});

	// learn.microsoft.com "dynamics-error-codes": NavTestFieldException → Application_FieldValidationException; table Sales Line, TestStatusOpen
	it.each<[string, Json]>([
		['POST', { lineType: 'Item', quantity: 1 }],
		['PATCH', { quantity: 9 }],
		['PATCH', { unitPrice: 9 }],
		['PATCH', { discountAmount: 9 }],
		['DELETE', undefined],
	])('refuse %s %o of a line', async (method, body) => {
		const [line] = await bc.lines('salesOrders', id);
		const path = method === 'POST' ? 'salesOrderLines' : `salesOrderLines(${line.id})`;
		const sent = method === 'POST' ? { documentId: id, itemId: bc.item.id, ...body } : body;
		const reply = await bc.send(method, path, sent, { 'if-match': '*' });
		expect(code(reply)).toBe('400 Application_FieldValidationException');
		expect(reply.body.error.message).toContain("Status must be equal to 'Open'");
		expect((await bc.get(`salesOrders(${id})`)).body.totalAmountExcludingTax).toBe(400);
	});

	it('let comment lines be written', async () => {
		const comment = (await bc.lines('salesOrders', id))[1]!;
		expect((await bc.patch(`salesOrderLines(${comment.id})`, { description: 'Very' }, '*')).status).toBe(200);
		expect((await bc.post('salesOrderLines', { documentId: id, lineType: 'Comment', description: 'New' })).status).toBe(201);
	});

	it.each<Json>([
		{ customerNumber: 'C00020' },
		{ billToCustomerNumber: 'C00020' },
		{ currencyCode: 'EUR' },
		{ pricesIncludeTax: true },
		{ requestedDeliveryDate: '2026-07-01' },
		{ partialShipping: false },
		{ discountAmount: 5 },
	])('refuse %o of the header', async (body) => {
		bc.company.seed('customers', [{ number: 'C00020', displayName: 'Other' }]);
		bc.company.seed('currencies', [{ code: 'EUR' }]);
		expect(code(await bc.patch(`salesOrders(${id})`, body, '*'))).toBe('400 Application_FieldValidationException');
	});

	it.each<Json>([
		{ shipToCity: 'Ulm' },
		{ externalDocumentNumber: 'X' },
		{ email: 'x@x.example' },
		{ phoneNumber: '1' },
		{ orderDate: '2026-05-01' },
		{ salesperson: '' },
	])('take %o', async (body) => {
		expect((await bc.patch(`salesOrders(${id})`, body, '*')).status).toBe(200);
	});

	it('are open again after a person reopened them', async () => {
		bc.company.clerk.reopen(id);
		const [line] = await bc.lines('salesOrders', id);
		expect((await bc.patch(`salesOrderLines(${line.id})`, { quantity: 5 }, '*')).status).toBe(200);
	});
});

describe('Which event moves which stamp: the API shows buffer rows', () => {
	let bc: Sales;
	let id: string;
	beforeEach(async () => {
		bc = new Sales();
		({ id } = await bc.order());
	});
	const page = (change: Json) => bc.patch(`${bc.odata}/Company('CRONUS')/salesDocuments(${id})`, change, '*');

	// APIV2 reads "Sales Order Entity Buffer" (Graph Mgt - Sales Order Buffer): the stamp is the buffer row's.
	it.each<[string, (line: Json) => unknown]>([
		['a field of the buffer', () => bc.patch(`salesOrders(${id})`, { shipToCity: 'Ulm' }, '*')],
		['the price of a line', (line) => bc.patch(`salesOrderLines(${line.id})`, { unitPrice: 1 }, '*')],
		['the quantity of a line', (line) => bc.patch(`salesOrderLines(${line.id})`, { quantity: 5 }, '*')],
		['the invoice discount', () => bc.patch(`salesOrders(${id})`, { discountAmount: 1 }, '*')],
		['a release', () => bc.company.clerk.release(id)],
		['the last shipment, which makes it fully shipped', () => bc.company.clerk.ship(id)],
	])('%s moves it', async (_what, change) => {
		const before = await bc.stamp('salesOrders', id);
		const [line] = await bc.lines('salesOrders', id);
		await change(line);
		expect((await bc.stamp('salesOrders', id)) > before).toBe(true);
	});

	it.each<[string, (line: Json) => unknown]>([
		['Your Reference', () => page({ yourReference: 'PO 7' })],
		['the work description', () => page({ workDescription: 'x' })],
		['the payment discount', () => page({ paymentDiscountPercent: 2 })],
		['the tracking number', () => page({ packageTrackingNumber: '1Z' })],
		['the text of a line', (line) => bc.patch(`salesOrderLines(${line.id})`, { description: 'Other' }, '*')],
		['the shipment date of a line', (line) => bc.patch(`salesOrderLines(${line.id})`, { shipmentDate: '2026-07-01' }, '*')],
		['a partial shipment', () => bc.company.clerk.ship(id, { 10000: 1 })],
		[
			'a partial invoice',
			() => {
				bc.company.clerk.ship(id, { 10000: 2 });
				bc.company.clerk.invoice(id, { 10000: 1 });
			},
		],
	])('%s does not move it', async (_what, change) => {
		const before = await bc.stamp('salesOrders', id);
		const [line] = await bc.lines('salesOrders', id);
		await change(line);
		expect(await bc.stamp('salesOrders', id)).toBe(before);
	});

	it('what the buffer does not hold does not move the etag of the API either, but that of the page', async () => {
		const before = (await bc.get(`salesOrders(${id})`)).body['@odata.etag'];
		const first = (await page({ yourReference: 'PO 7' })).body['@odata.etag'];
		const second = (await page({ yourReference: 'PO 8' })).body['@odata.etag'];
		expect((await bc.get(`salesOrders(${id})`)).body['@odata.etag']).toBe(before);
		expect(second).not.toBe(first);
	});
});

import { Client, code, type Json } from './client';

/** Sources: microsoft/ALAppExtensions, Apps/W1/APIV2 (pages and E2E tests named at the tests); learn.microsoft.com API v2.0 reference. */
class Sales extends Client {
	customer: Json;
	item: Json;

	constructor() {
		super();
		this.company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		for (const [number, displayName] of [
			['2310', 'Customers'],
			['6110', 'Sales'],
			['5610', 'VAT'],
			['2920', 'Bank'],
		])
			this.company.seed('accounts', [{ number, displayName, directPosting: true }]);
		this.customer = this.company.insert('customers', { displayName: 'Adatum', email: 'a@adatum.example' });
		this.item = this.company.insert('items', { displayName: 'Desk', unitPrice: 100, baseUnitOfMeasureCode: 'PCS' });
		this.company.setCalculated('items', this.item.id, { inventory: 50 });
		this.sandbox.clock.advance(60_000);
		for (const page of ['CustomerLedgerEntries', 'DetailedCustLedgEntries', 'PostedSalesShipment', 'SalesReceivablesSetup'])
			this.sandbox.businessCentral.publish(page);
	}

	async make(set: string, quantities: number[] = [4], header: Json = {}): Promise<Json> {
		const lines = quantities.map((quantity) => ({ lineType: 'Item', itemId: this.item.id, quantity }));
		const { body } = await this.post(set, { customerId: this.customer.id, ...header, [`${set.replace(/s$/, '')}Lines`]: lines });
		if (body.error) throw new Error(body.error.message);
		this.sandbox.clock.advance(60_000);
		return body;
	}

	one = async (set: string, id: string): Promise<Json> => (await this.get(`${set}(${id})`)).body;
	all = async (path: string): Promise<Json[]> => (await this.get(path)).body.value;
	lines = (set: string, id: string): Promise<Json[]> => this.all(`${set}(${id})/${set.replace(/s$/, '')}Lines`);
	act = (set: string, id: string, action: string) => this.post(`${set}(${id})/Microsoft.NAV.${action}`, undefined);
	page = async (name: string): Promise<Json[]> => (await this.get(`${this.odata}/Company('CRONUS')/${name}`)).body.value;
	noMail = () => this.company.update('customers', this.customer.id, { email: '' });
	posted = async (): Promise<Json> => {
		const { id } = await this.make('salesInvoices');
		await this.act('salesInvoices', id, 'post');
		this.sandbox.clock.advance(60_000);
		return this.one('salesInvoices', id);
	};
}

describe('Shipping and invoicing', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	// APIV2SalesOrders.Page.al ShipAndInvoice; learn.microsoft.com salesOrderLine: shipQuantity, invoiceQuantity, shippedQuantity, invoicedQuantity
	it('shipAndInvoice posts what the lines say, and the order stays with the rest', async () => {
		const { id, number } = await bc.make('salesOrders', [4, 2]);
		const [first] = await bc.lines('salesOrders', id);
		await bc.patch(`salesOrderLines(${first.id})`, { shipQuantity: 3, invoiceQuantity: 1 }, '*');
		expect((await bc.act('salesOrders', id, 'shipAndInvoice')).status).toBe(204);
		expect(
			(await bc.lines('salesOrders', id)).map((l) => [l.shippedQuantity, l.invoicedQuantity, l.shipQuantity, l.invoiceQuantity]),
		).toEqual([
			[3, 1, 1, 3],
			[2, 2, 0, 0],
		]);
		const [invoice] = await bc.all('salesInvoices?$expand=salesInvoiceLines');
		expect(invoice).toMatchObject({ orderId: id, orderNumber: number, status: 'Open', totalAmountExcludingTax: 300 });
		expect(invoice.salesInvoiceLines.map((l: Json) => l.quantity)).toEqual([1, 2]);
		expect((await bc.act('salesOrders', id, 'shipAndInvoice')).status).toBe(204);
		expect((await bc.get(`salesOrders(${id})`)).status).toBe(404);
		expect((await bc.all('salesInvoices')).map((each) => each.totalAmountExcludingTax)).toEqual([300, 300]);
	});

	it('shares the discounts out by quantity, to the cent', async () => {
		const { id } = await bc.make('salesOrders', [3]);
		await bc.patch(`salesOrders(${id})`, { discountAmount: 10 }, '*');
		bc.company.clerk.ship(id);
		for (const quantity of [1, 2]) bc.company.clerk.invoice(id, { 10000: quantity });
		const invoices = await bc.all('salesInvoices');
		expect(invoices.map((each) => each.discountAmount).reduce((a: number, b: number) => a + b)).toBe(10);
		expect(invoices.map((each) => each.totalAmountExcludingTax)).toEqual([96.67, 193.33]);
	});

	it.each<[Json, string]>([
		[{ shipQuantity: 5 }, 'You cannot ship more than 4 units.'],
		[{ invoiceQuantity: 5 }, 'You cannot invoice more than 4 units.'],
	])('refuses %o of a line with 4', async (body, text) => {
		const { id } = await bc.make('salesOrders');
		const [line] = await bc.lines('salesOrders', id);
		const reply = await bc.patch(`salesOrderLines(${line.id})`, body, '*');
		expect(code(reply)).toBe('400 Application_DialogException');
		expect(reply.body.error.message).toContain(text);
	});

	it('does not invoice what is not shipped, and undoes the shipment then', async () => {
		const { id } = await bc.make('salesOrders');
		const [line] = await bc.lines('salesOrders', id);
		await bc.patch(`salesOrderLines(${line.id})`, { shipQuantity: 1, invoiceQuantity: 2 }, '*');
		expect(code(await bc.act('salesOrders', id, 'shipAndInvoice'))).toBe('400 Application_DialogException');
		expect(await bc.all('salesShipments')).toEqual([]);
		expect((await bc.lines('salesOrders', id))[0]!.shippedQuantity).toBe(0);
	});

	it('has nothing to post when nothing is to be shipped or invoiced', async () => {
		const { id } = await bc.make('salesOrders');
		const [line] = await bc.lines('salesOrders', id);
		await bc.patch(`salesOrderLines(${line.id})`, { shipQuantity: 0, invoiceQuantity: 0 }, '*');
		expect((await bc.act('salesOrders', id, 'shipAndInvoice')).body.error.message).toContain('There is nothing to post');
	});

	// Codeunit APIV2 - Send Sales Document, ThereIsNothingToSellQuoteErr; codeunit Lines Instruction Mgt.
	it('refuses an order without lines, or with a line without quantity', async () => {
		const empty = await bc.make('salesOrders', []);
		expect((await bc.act('salesOrders', empty.id, 'shipAndInvoice')).body.error.message).toContain('Please add at least one line item');
		const zero = await bc.make('salesOrders', [0]);
		expect((await bc.act('salesOrders', zero.id, 'shipAndInvoice')).body.error.message).toContain('do not have a quantity specified');
	});

	it('refuses a part of an order that must be shipped completely', async () => {
		const { id } = await bc.make('salesOrders', [4], { partialShipping: false });
		const [line] = await bc.lines('salesOrders', id);
		await bc.patch(`salesOrderLines(${line.id})`, { shipQuantity: 1, invoiceQuantity: 1 }, '*');
		expect(code(await bc.act('salesOrders', id, 'shipAndInvoice'))).toBe('400 Application_DialogException');
	});

	// APIV2SalesShipments.Page.al, APIV2SalesShipmentLines.Page.al
	it('a shipment has a row of its own with the order number, lines and a stamp', async () => {
		const { id, number } = await bc.make('salesOrders', [4]);
		bc.company.clerk.ship(id, { 10000: 1 });
		const [shipment] = await bc.all('salesShipments?$expand=salesShipmentLines');
		expect(shipment).toMatchObject({ orderNumber: number, customerId: bc.customer.id, lastModifiedDateTime: expect.any(String) as string });
		expect(shipment.number).toMatch(/^PS-SHPT/);
		expect(shipment.salesShipmentLines).toEqual([
			expect.objectContaining({ lineType: 'Item', quantity: 1, unitPrice: 100, sequence: 10000 }),
		]);
		expect(code(await bc.patch(`salesShipments(${shipment.id})`, { email: 'x' }, '*'))).toBe('405 BadRequest_MethodNotAllowed');
		expect(code(await bc.send('DELETE', `salesShipments(${shipment.id})`))).toBe('405 BadRequest_MethodNotAllowed');
	});

	it('takes the goods out of the inventory, in the item ledger', async () => {
		const { id } = await bc.make('salesOrders', [4]);
		bc.company.clerk.ship(id, { 10000: 3 });
		expect((await bc.one('items', bc.item.id)).inventory).toBe(47);
		expect(await bc.all('itemLedgerEntries')).toEqual([
			expect.objectContaining({
				entryNumber: 1,
				itemNumber: bc.item.number,
				quantity: -3,
				entryType: 'Sale',
				documentType: 'Sales_x0020_Shipment',
			}),
		]);
	});

	// documents: Get Shipment Lines of several orders
	it('an invoice for several orders names none', async () => {
		const orders = [await bc.make('salesOrders', [1]), await bc.make('salesOrders', [2])];
		for (const { id } of orders) bc.company.clerk.ship(id);
		const id = bc.company.clerk.invoiceTogether(orders.map((order) => order.id));
		expect(await bc.one('salesInvoices', id)).toMatchObject({ orderNumber: '', totalAmountExcludingTax: 300 });
		expect((await bc.lines('salesInvoices', id)).map((line) => [line.sequence, line.quantity])).toEqual([
			[10000, 1],
			[20000, 2],
		]);
		expect(await bc.all('salesOrders')).toEqual([]);
	});

	// APIV2SalesInvoicesE2E TestGetInvoiceFromPostedOrderCorrectOrderIdAndNo
	it('orderId and orderNumber stay after the order is gone', async () => {
		const { id, number } = await bc.make('salesOrders');
		await bc.act('salesOrders', id, 'shipAndInvoice');
		expect(await bc.all('salesInvoices')).toEqual([expect.objectContaining({ orderId: id, orderNumber: number })]);
	});

	it('an order that is shipped and not invoiced cannot be deleted', async () => {
		const { id } = await bc.make('salesOrders');
		bc.company.clerk.ship(id, { 10000: 1 });
		expect(code(await bc.send('DELETE', `salesOrders(${id})`))).toBe('400 Application_DialogException');
		const [line] = await bc.lines('salesOrders', id);
		expect(code(await bc.send('DELETE', `salesOrderLines(${line.id})`))).toBe('400 Application_FieldValidationException');
		expect(code(await bc.patch(`salesOrderLines(${line.id})`, { quantity: 0 }, '*'))).toBe('400 Application_FieldValidationException');
	});
});

describe('Posted invoices', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	it.each<[Json, string]>([
		[{ dueDate: '2026-08-01' }, '200'],
		[{ promisedPayDate: '2026-08-01' }, '200'],
		[{ disputeStatus: 'D1' }, '200'],
		[{ customerPurchaseOrderReference: 'PO' }, '400 Application_DialogException'],
		[{ shipToCity: 'Ulm' }, '400 Application_DialogException'],
		[{ externalDocumentNumber: 'X' }, '400 Application_DialogException'],
		[{ discountAmount: 1 }, '400 Application_DialogException'],
	])('PATCH %o → %s', async (body, wanted) => {
		bc.company.seed('disputeStatus', [{ code: 'D1', displayName: 'Disputed' }]);
		const { id, lastModifiedDateTime } = await bc.posted();
		const reply = await bc.patch(`salesInvoices(${id})`, body, '*');
		expect(code(reply)).toBe(wanted);
		if (wanted === '200') expect(reply.body.lastModifiedDateTime > lastModifiedDateTime).toBe(true);
	});

	// "Status" of Sales Invoice Entity Aggregate; page APIV2 - Sales Invoices, GetRemainingAmount
	it('a partial payment changes remainingAmount and not the stamp, the full one changes both', async () => {
		const { id, lastModifiedDateTime, '@odata.etag': etag } = await bc.posted();
		bc.company.clerk.pay(id, 100);
		const part = await bc.one('salesInvoices', id);
		expect(part).toMatchObject({ status: 'Open', remainingAmount: 380, lastModifiedDateTime });
		expect(part['@odata.etag']).not.toBe(etag);
		bc.company.clerk.pay(id);
		const paid = await bc.one('salesInvoices', id);
		expect(paid).toMatchObject({ status: 'Paid', remainingAmount: 0 });
		expect(paid.lastModifiedDateTime > lastModifiedDateTime).toBe(true);
	});

	it('taking a full payment back opens it with a new stamp, a partial one without', async () => {
		const { id } = await bc.posted();
		bc.company.clerk.pay(id, 100);
		bc.company.clerk.pay(id);
		const paid = await bc.one('salesInvoices', id);
		bc.sandbox.clock.advance(60_000);
		bc.company.clerk.unapply(id);
		const open = await bc.one('salesInvoices', id);
		expect(open).toMatchObject({ status: 'Open', remainingAmount: 380 });
		expect(open.lastModifiedDateTime > paid.lastModifiedDateTime).toBe(true);
		bc.sandbox.clock.advance(60_000);
		bc.company.clerk.unapply(id);
		expect(await bc.one('salesInvoices', id)).toMatchObject({ remainingAmount: 480, lastModifiedDateTime: open.lastModifiedDateTime });
	});

	it('payments stand in both ledgers, un-applied ones marked', async () => {
		const { id, number } = await bc.posted();
		bc.company.clerk.pay(id, 100);
		bc.company.clerk.unapply(id);
		expect((await bc.page('CustomerLedgerEntries')).map((e) => [e.Document_Type, e.Amount, e.Remaining_Amount, e.Open])).toEqual([
			['Invoice', 480, 480, true],
			['Payment', -100, 0, false],
		]);
		const details = (await bc.page('DetailedCustLedgEntries')).filter((e) => e.Cust_Ledger_Entry_No === 1);
		expect(details.map((e) => [e.Entry_Type, e.Amount, e.Unapplied])).toEqual([
			['Initial Entry', 480, false],
			['Application', -100, true],
			['Application', 100, true],
		]);
		expect(details[0]).toMatchObject({ Document_No: number, Customer_No: bc.customer.number });
		expect((await bc.get(`customers(${bc.customer.id})`)).body.balanceDue).toBe(380);
	});

	it('cannot be paid more than is open', async () => {
		const { id } = await bc.posted();
		expect(() => bc.company.clerk.pay(id, 481)).toThrow('480 is open');
	});

	it('posts to the general ledger, debit and credit alike', async () => {
		await bc.posted();
		const entries = await bc.all('generalLedgerEntries');
		expect(entries.map((e) => [e.accountNumber, e.debitAmount, e.creditAmount])).toEqual([
			['2310', 480, 0],
			['6110', 0, 400],
			['5610', 0, 80],
		]);
		expect((await bc.all('accounts')).map((a) => [a.number, a.netChange])).toEqual(
			expect.arrayContaining([
				['2310', 480],
				['6110', -400],
			]),
		);
		expect((await bc.get(`generalLedgerEntries(${entries[0]!.id})/account`)).body.number).toBe('2310');
	});

	// page APIV2 - Aged AR
	it('age', async () => {
		const { id } = await bc.posted();
		await bc.patch(`salesInvoices(${id})`, { dueDate: '2026-06-10' }, '*');
		expect((await bc.get(`customers(${bc.customer.id})/agedAccountsReceivable`)).body).toMatchObject({ balanceDue: 480 });
	});
});

describe('Sending', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	// APIV2SalesInvoices.Page.al Send, SendDraftInvoice; APIV2SalesInvoicesE2E TestActionSendDraftInvoice
	it('a draft invoice is e-mailed and stays a draft', async () => {
		const { id, number } = await bc.make('salesInvoices');
		expect((await bc.act('salesInvoices', id, 'send')).status).toBe(204);
		expect(await bc.one('salesInvoices', id)).toMatchObject({ status: 'Draft', number });
		expect(bc.company.settings.outbox).toEqual([{ document: number, to: 'a@adatum.example', canceled: false }]);
	});

	it.each(['salesInvoices', 'salesQuotes'])('without an e-mail address %s are not sent', async (set) => {
		const { id, status } = await bc.make(set);
		bc.noMail();
		const reply = await bc.act(set, id, 'send');
		expect(code(reply)).toBe('400 Application_DialogException');
		expect(reply.body.error.message).toContain('The send-to email is empty.');
		expect((await bc.one(set, id)).status).toBe(status);
	});

	it.each(['salesInvoices', 'salesQuotes'])('without lines %s are not sent', async (set) => {
		const { id } = await bc.make(set, []);
		expect((await bc.act(set, id, 'send')).body.error.message).toContain('Please add at least one line item');
	});

	it('nothing is sent before e-mail is set up', async () => {
		bc.company.settings.mailSetup = false;
		const { id } = await bc.make('salesInvoices');
		expect(code(await bc.act('salesInvoices', id, 'send'))).toBe('400 Application_DialogException');
	});

	it('a quote that was sent says so', async () => {
		const { id } = await bc.make('salesQuotes');
		await bc.act('salesQuotes', id, 'send');
		expect(await bc.one('salesQuotes', id)).toMatchObject({ status: 'Sent', sentDate: expect.stringMatching(/^2026-06-01T/) as string });
	});

	// APIV2SalesInvoices.Page.al PostAndSend: Commit() between the two
	it('postAndSend posts even when it cannot send', async () => {
		bc.noMail();
		const { id } = await bc.make('salesInvoices');
		expect(code(await bc.act('salesInvoices', id, 'postAndSend'))).toBe('400 Application_DialogException');
		expect((await bc.one('salesInvoices', id)).status).toBe('Open');
	});

	it('postAndSend and cancelAndSend send what they made', async () => {
		const { id } = await bc.make('salesInvoices');
		await bc.act('salesInvoices', id, 'postAndSend');
		const { number } = await bc.one('salesInvoices', id);
		await bc.act('salesInvoices', id, 'cancelAndSend');
		expect(bc.company.settings.outbox).toEqual([
			{ document: number, to: 'a@adatum.example', canceled: false },
			{ document: number, to: 'a@adatum.example', canceled: true },
		]);
	});

	it.each([
		['post', 'salesInvoices', 'The action can be applied to a draft invoice only.'],
		['postAndSend', 'salesInvoices', 'The action can be applied to a draft invoice only.'],
	])('%s of a posted invoice is refused', async (action, set, text) => {
		const { id } = await bc.posted();
		expect((await bc.act(set, id, action)).body.error.message).toContain(text);
	});

	it.each(['cancel', 'cancelAndSend', 'makeCorrectiveCreditMemo'])('%s of a draft is refused', async (action) => {
		const { id } = await bc.make('salesInvoices');
		expect((await bc.act('salesInvoices', id, action)).body.error.message).toContain('The action can be applied to a posted invoice only.');
	});

	it('action names are read without regard to case', async () => {
		const { id } = await bc.make('salesInvoices');
		expect((await bc.act('salesInvoices', id, 'Post')).status).toBe(204);
	});
});

describe('Credit memos', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));

	// APIV2SalesInvoicesE2E TestActionMakeCorrectiveCreditMemo
	it('makeCorrectiveCreditMemo makes a draft with the lines of the invoice', async () => {
		const invoice = await bc.posted();
		expect((await bc.act('salesInvoices', invoice.id, 'makeCorrectiveCreditMemo')).status).toBe(204);
		const [memo] = await bc.all('salesCreditMemos?$expand=salesCreditMemoLines');
		expect(memo).toMatchObject({ status: 'Draft', invoiceId: invoice.id, invoiceNumber: invoice.number, totalAmountIncludingTax: 480 });
		expect(memo.id).not.toBe(invoice.id);
		expect(memo.salesCreditMemoLines.map((line: Json) => line.quantity)).toEqual([4]);
		expect((await bc.one('salesInvoices', invoice.id)).status).toBe('Open');
	});

	it.each([
		[100, 'The invoice is partially paid or credited.'],
		[480, 'The invoice is closed.'],
	])('not of an invoice of which %d is paid', async (amount, text) => {
		const { id } = await bc.posted();
		bc.company.clerk.pay(id, amount);
		expect((await bc.act('salesInvoices', id, 'makeCorrectiveCreditMemo')).body.error.message).toContain(text);
		expect(code(await bc.act('salesInvoices', id, 'cancel'))).toBe('400 Application_DialogException');
	});

	it('posting it closes the invoice', async () => {
		const invoice = await bc.posted();
		await bc.act('salesInvoices', invoice.id, 'makeCorrectiveCreditMemo');
		const [memo] = await bc.all('salesCreditMemos');
		expect((await bc.act('salesCreditMemos', memo!.id, 'post')).status).toBe(204);
		expect(await bc.one('salesInvoices', invoice.id)).toMatchObject({ status: 'Paid', remainingAmount: 0 });
		expect(await bc.one('salesCreditMemos', memo!.id)).toMatchObject({ status: 'Paid' });
		expect((await bc.get(`customers(${bc.customer.id})`)).body.balanceDue).toBe(0);
	});

	// APIV2SalesInvoicesE2E TestActionCancelInvoice; codeunit Correct Posted Sales Invoice
	it('cancel posts one and closes both', async () => {
		const invoice = await bc.posted();
		expect((await bc.act('salesInvoices', invoice.id, 'cancel')).status).toBe(204);
		const after = await bc.one('salesInvoices', invoice.id);
		expect(after).toMatchObject({ status: 'Canceled', remainingAmount: 0 });
		expect(after.lastModifiedDateTime > invoice.lastModifiedDateTime).toBe(true);
		expect(await bc.all('salesCreditMemos')).toEqual([
			expect.objectContaining({ status: 'Corrective', invoiceNumber: invoice.number, totalAmountIncludingTax: 480 }),
		]);
		expect((await bc.page('CustomerLedgerEntries')).map((e) => e.Open)).toEqual([false, false]);
		expect((await bc.act('salesInvoices', invoice.id, 'cancel')).body.error.message).toContain('already been canceled');
	});

	it('are made by POST with their lines, and name an invoice by id', async () => {
		const invoice = await bc.posted();
		const memo = await bc.make('salesCreditMemos', [1], { invoiceId: invoice.id });
		expect(memo).toMatchObject({ status: 'Draft', invoiceNumber: invoice.number, totalAmountExcludingTax: 100 });
		bc.company.clerk.postCreditMemo(memo.id);
		expect(await bc.one('salesInvoices', invoice.id)).toMatchObject({ status: 'Open', remainingAmount: 360 });
	});

	it('refuse an invoice that is none', async () => {
		const draft = await bc.make('salesInvoices');
		const reply = await bc.post('salesCreditMemos', { customerId: bc.customer.id, invoiceId: draft.id });
		expect(reply.body.error.message).toContain('The "invoiceId" does not match to an Invoice.');
	});
});

describe('Quotes and archives', () => {
	let bc: Sales;
	beforeEach(() => (bc = new Sales()));
	const setup = (values: Json) => bc.patch(`${bc.odata}/Company('CRONUS')/SalesReceivablesSetup('')`, values, '*');
	const archived = () => [...bc.company.data.table('Sales Header Archive').rows()].map(({ fields }) => fields['No.']);

	// codeunit Sales-Quote to Order
	it('makeOrder gives the order the number of the quote and new quantities to post', async () => {
		const quote = await bc.make('salesQuotes');
		expect((await bc.act('salesQuotes', quote.id, 'makeOrder')).status).toBe(204);
		const [order] = await bc.all('salesOrders?$expand=salesOrderLines');
		expect(order.salesOrderLines[0]).toMatchObject({ quantity: 4, shipQuantity: 4, invoiceQuantity: 4 });
		const page = (await bc.page('salesDocuments')).find((row) => row.id === order.id);
		expect(page).toMatchObject({ quoteNumber: quote.number, documentType: 'Order' });
		expect((await bc.get(`salesQuotes(${quote.id})`)).status).toBe(404);
	});

	it('makeInvoice makes a draft invoice', async () => {
		const quote = await bc.make('salesQuotes');
		await bc.act('salesQuotes', quote.id, 'makeInvoice');
		expect(await bc.all('salesInvoices')).toEqual([expect.objectContaining({ status: 'Draft', totalAmountExcludingTax: 400 })]);
	});

	it('not while its opportunity is open', async () => {
		const [contact] = bc.company.rows('contacts');
		const opportunity = bc.company.insert('opportunities', { contactNumber: contact!['number'] });
		const quote = await bc.make('salesQuotes');
		const row = bc.company.data.table('Sales Header').get(quote.id)!;
		bc.company.data.modify('Sales Header', row, { ...row.fields, 'Opportunity No.': String(opportunity['number']) }, 'ANNA');
		expect(code(await bc.act('salesQuotes', quote.id, 'makeOrder'))).toBe('400 Application_DialogException');
		bc.company.setStatus('opportunities', String(opportunity['id']), 'Won');
		expect((await bc.act('salesQuotes', quote.id, 'makeOrder')).status).toBe(204);
	});

	// learn.microsoft.com "Archive documents": Archive Orders, Archive Quotes of Sales & Receivables Setup
	it('deleting or posting an order leaves an archive only where the set-up asks for it', async () => {
		const first = await bc.make('salesOrders');
		await bc.send('DELETE', `salesOrders(${first.id})`);
		expect(archived()).toEqual([]);
		expect((await setup({ Archive_Orders: true })).status).toBe(200);
		const second = await bc.make('salesOrders');
		await bc.send('DELETE', `salesOrders(${second.id})`);
		const third = await bc.make('salesOrders');
		await bc.act('salesOrders', third.id, 'shipAndInvoice');
		expect(archived()).toEqual([second.number, third.number]);
	});

	it.each([
		['Never', 0],
		['Question', 0],
		['Always', 1],
	])('a converted quote with Archive Quotes = %s leaves %d', async (value, count) => {
		await setup({ Archive_Quotes: value });
		const quote = await bc.make('salesQuotes');
		await bc.act('salesQuotes', quote.id, 'makeOrder');
		expect(archived()).toHaveLength(count);
	});
});

describe('Parts of documents and master data', () => {
	let bc: Sales;
	beforeEach(() => {
		bc = new Sales();
		bc.company.seed('dimensions', [{ code: 'AREA', Name: 'Area' }]);
		bc.company.seed('dimensionValues', [{ code: '30', Name: 'Europe', 'Dimension Code': 'AREA' }]);
		bc.company.seed('locations', [{ code: 'EAST', displayName: 'East' }]);
	});

	// APIV2PDFDocument.Page.al
	it.each(['salesOrders', 'salesQuotes', 'salesInvoices', 'salesCreditMemos'])('%s have a PDF', async (set) => {
		const { id } = await bc.make(set);
		const { body } = await bc.get(`${set}(${id})/pdfDocument`);
		expect(body).toMatchObject({ parentId: id, id });
		expect(body['pdfDocumentContent@odata.mediaReadLink']).toContain('pdfDocumentContent');
		const content = await bc.get(`${set}(${id})/pdfDocument/pdfDocumentContent`);
		expect(content.text).toMatch(/^%PDF-/);
		expect((await bc.get(body['pdfDocumentContent@odata.mediaReadLink'])).text).toMatch(/^%PDF-/);
		expect((await bc.get(`${set}(${id})?$expand=pdfDocument`)).body.pdfDocument.parentId).toBe(id);
	});

	// APIV2DimensionSetLines.Page.al
	it.each(['salesOrders', 'salesQuotes', 'salesInvoices', 'salesCreditMemos'])('%s have dimensions', async (set) => {
		const { id } = await bc.make(set);
		const made = await bc.post(`${set}(${id})/dimensionSetLines`, { code: 'AREA', valueCode: '30' });
		expect(made.body).toMatchObject({ code: 'AREA', displayName: 'Area', valueCode: '30', valueDisplayName: 'Europe', parentId: id });
		expect((await bc.get(`${set}(${id})/dimensionSetLines(${made.body.id})`)).body.valueCode).toBe('30');
		expect((await bc.get(`${set}(${id})?$expand=dimensionSetLines`)).body.dimensionSetLines).toHaveLength(1);
		expect(code(await bc.post(`${set}(${id})/dimensionSetLines`, { code: 'AREA', valueCode: '30' }))).toBe(
			'400 Application_DialogException',
		);
		expect((await bc.send('DELETE', `${set}(${id})/dimensionSetLines(${made.body.id})`)).status).toBe(204);
	});

	it.each<[Json, string]>([
		[{}, 'The "id" or "code" field must be filled in.'],
		[{ code: 'NONE', valueCode: '30' }, 'not'],
		[{ code: 'AREA' }, 'The "valueId" or "valueCode" field must be filled in.'],
		[{ code: 'AREA', valueCode: '99' }, 'The "valueCode" does not match to a Dimension Value.'],
		[{ code: 'AREA', valueId: '00000000-0000-4000-8000-00000000dead' }, 'The "valueId" does not match to a Dimension Value.'],
	])('the dimension %o is refused', async (body, text) => {
		const { id } = await bc.make('salesOrders');
		const reply = await bc.post(`salesOrders(${id})/dimensionSetLines`, body);
		expect(reply.status).toBe(400);
		expect(reply.body.error.message).toContain(text);
	});

	it('lines have dimensions, a location and an account', async () => {
		const { id } = await bc.make('salesOrders');
		const [line] = await bc.lines('salesOrders', id);
		const east = bc.company.rows('locations')[0]!;
		await bc.patch(`salesOrderLines(${line.id})`, { locationId: east['id'] }, '*');
		const { body } = await bc.get(`salesOrderLines(${line.id})?$expand=location,dimensionSetLines`);
		expect(body).toMatchObject({ locationId: east['id'], location: { code: 'EAST' }, dimensionSetLines: [] });
		const account = { documentId: id, lineType: 'Account', lineObjectNumber: '6110', quantity: 1, unitPrice: 9 };
		const made = (await bc.post('salesOrderLines', account)).body;
		expect((await bc.get(`salesOrderLines(${made.id})/account`)).body.displayName).toBe('Sales');
	});

	// APIV2Attachments.Page.al
	it('attachments take bytes as they are', async () => {
		const { id } = await bc.make('salesOrders');
		const made = (await bc.post(`salesOrders(${id})/attachments`, { fileName: 'a.bin' })).body;
		expect(made).toMatchObject({ parentId: id, fileName: 'a.bin', byteSize: 0 });
		const octets = { 'if-match': '*', 'content-type': 'application/octet-stream' };
		expect((await bc.send('PATCH', `attachments(${made.id})/attachmentContent`, '\u0000\u00ff\u0080', octets)).status).toBe(204);
		expect((await bc.get(`attachments(${made.id})`)).body.byteSize).toBe(3);
		expect((await bc.get(`attachments(${made.id})/attachmentContent`)).text).toBe('\u0000\u00ff\u0080');
	});

	// APIV2Pictures.Page.al; learn.microsoft.com "Using OData transactional $batch requests" (contentValue in JSON)
	it('customers and items have a picture, filled by PATCH', async () => {
		for (const path of [`customers(${bc.customer.id})`, `items(${bc.item.id})`]) {
			const { body } = await bc.get(`${path}/picture`);
			expect(body['pictureContent@odata.mediaReadLink']).toContain('pictureContent');
			expect(
				(await bc.send('PATCH', `${path}/picture/pictureContent`, 'PNG', { 'if-match': '*', 'content-type': 'image/png' })).status,
			).toBe(204);
			expect((await bc.get(`${path}/picture/pictureContent`)).text).toBe('PNG');
			expect((await bc.get(`${path}/picture(${body.id})/pictureContent`)).text).toBe('PNG');
		}
	});

	// APIV2DefaultDimensions.Page.al
	it('customers and items have default dimensions', async () => {
		const dimension = bc.company.rows('dimensions')[0]!;
		const value = bc.company.rows('dimensionValues')[0]!;
		const sent = { dimensionId: dimension['id'], dimensionValueId: value['id'], postingValidation: 'Code_x0020_Mandatory' };
		const { body } = await bc.post(`customers(${bc.customer.id})/defaultDimensions`, sent);
		expect(body).toMatchObject({ parentId: bc.customer.id, dimensionCode: 'AREA', dimensionValueCode: '30', parentType: 'Customer' });
		expect((await bc.get(`customers(${bc.customer.id})?$expand=defaultDimensions`)).body.defaultDimensions).toHaveLength(1);
	});

	it('dimensions lead to their values', async () => {
		const [dimension] = await bc.all('dimensions?$expand=dimensionValues');
		expect(dimension!.dimensionValues).toEqual([expect.objectContaining({ code: '30', dimensionId: dimension!.id })]);
	});

	// labels of the pages
	it.each(['pictures', 'dimensionSetLines', 'defaultDimensions', 'customerPayments', 'pdfDocument', 'salesCreditMemoLines'])(
		'%s are read through their parent only',
		async (set) => {
			expect(code(await bc.get(set))).toBe('400 Application_DialogException');
		},
	);

	// APIV2CustPaymJournals.Page.al, APIV2CustomerPayments.Page.al
	it('payment journals hold lines that name invoices', async () => {
		const invoice = await bc.posted();
		const journal = (await bc.post('customerPaymentJournals', { code: 'SYNC', displayName: 'Sync' })).body;
		const sent = { customerNumber: bc.customer.number, amount: -480, appliesToInvoiceId: invoice.id };
		const { body } = await bc.post(`customerPaymentJournals(${journal.id})/customerPayments`, sent);
		expect(body).toMatchObject({
			customerId: bc.customer.id,
			appliesToInvoiceNumber: invoice.number,
			lineNumber: 10000,
			journalDisplayName: 'SYNC',
		});
		const bad = await bc.post(`customerPaymentJournals(${journal.id})/customerPayments`, { appliesToInvoiceId: bc.customer.id });
		expect(code(bad)).toBe('400 Application_DialogException');
	});

	it.each([
		'accounts',
		'dimensions',
		'dimensionValues',
		'generalLedgerEntries',
		'itemLedgerEntries',
		'salesShipments',
		'accountingPeriods',
	])('%s are read-only', async (set) => {
		expect(code(await bc.post(set, {}))).toBe('405 BadRequest_MethodNotAllowed');
	});

	it.each(['locations', 'taxGroups', 'taxAreas', 'disputeStatus'])('%s can be written', async (set) => {
		const made = await bc.post(set, { code: 'NEW1', displayName: 'New' });
		expect(made.status).toBe(201);
		expect((await bc.patch(`${set}(${made.body.id})`, { displayName: 'Other' }, made.body['@odata.etag'])).body.displayName).toBe('Other');
		expect((await bc.send('DELETE', `${set}(${made.body.id})`)).status).toBe(204);
	});

	// page 130: tracking data of a posted shipment can be corrected
	it('the page of posted shipments takes tracking data', async () => {
		const { id } = await bc.make('salesOrders');
		bc.company.clerk.ship(id);
		const [row] = await bc.page('PostedSalesShipment');
		const path = `${bc.odata}/Company('CRONUS')/PostedSalesShipment('${row!.No}')`;
		expect((await bc.patch(path, { Package_Tracking_No: '1Z' }, '*')).body.Package_Tracking_No).toBe('1Z');
		expect(code(await bc.patch(path, { Order_No: 'X' }, '*'))).toBe('400 BadRequest_InvalidOperation');
		expect((await bc.send('DELETE', path)).status).toBe(405);
	});
});

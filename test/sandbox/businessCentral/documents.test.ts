import { Client, code, type Json } from './client';

describe('Sales documents and other tables with rules', () => {
	let bc: Client;
	let customer: Json;
	let item: Json;
	beforeEach(() => {
		bc = new Client();
		bc.company.seed('paymentTerms', [{ code: 'NET 30', displayName: 'Net 30', dueDateCalculation: '30D' }]);
		bc.company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		customer = bc.company.insert('customers', { displayName: 'Adatum', city: 'Bonn' });
		bc.company.update('workflowCustomers', customer.number, { paymentTermsCode: 'NET 30' });
		item = bc.company.insert('items', { displayName: 'Desk', unitPrice: 100, baseUnitOfMeasureCode: 'PCS' });
	});

	const order = (lines: unknown[] = [{ quantity: 2 }]) =>
		bc.post('salesOrders', {
			customerId: customer.id,
			salesOrderLines: lines.map((line) => ({ lineType: 'Item', itemId: item.id, ...(line as object) })),
		});

	it('numbers documents from the series and demands a customer', async () => {
		expect((await bc.post('salesOrders', { customerNumber: customer.number })).body.number).toMatch(/^S-ORD\d+$/);
		expect(code(await bc.post('salesOrders', {}))).toBe('400 Application_DialogException');
		expect(code(await bc.post('salesOrders', { customerId: customer.id, number: 'X' }))).toBe('400 BadRequest_InvalidOperation');
	});

	it('inserts lines with their order and computes totals from them', async () => {
		const { status, body } = await order([{ quantity: 2 }, { quantity: 1, unitPrice: 50, discountPercent: 10 }]);
		expect(status).toBe(201);
		expect(body).toMatchObject({
			customerName: 'Adatum',
			sellToCity: 'Bonn',
			totalAmountExcludingTax: 245,
			totalTaxAmount: 49,
			totalAmountIncludingTax: 294,
		});
		const lines = (await bc.get(`salesOrders(${body.id})/salesOrderLines`)).body.value;
		expect(lines.map(({ sequence, amountExcludingTax }: Json) => [sequence, amountExcludingTax])).toEqual([
			[10000, 200],
			[20000, 45],
		]);
		expect(lines[0]).toMatchObject({ description: 'Desk', unitOfMeasureCode: 'PCS', lineObjectNumber: item.number, taxPercent: 20 });
	});

	it('fails the whole request when one line fails', async () => {
		const reply = await bc.post('salesOrders', {
			customerId: customer.id,
			salesOrderLines: [{ lineType: 'Item', lineObjectNumber: 'NONE', quantity: 1 }],
		});
		expect(reply.status).toBe(400);
		expect(bc.company.count('salesOrders')).toBe(0);
	});

	it('reads lines only by document or by id', async () => {
		const { body } = await order();
		expect(code(await bc.get('salesOrderLines'))).toBe('400 Application_DialogException');
		const lines = await bc.filter('salesOrderLines', `documentId eq ${body.id}`);
		expect(lines.body.value).toHaveLength(1);
		expect((await bc.get(`salesOrderLines(${lines.body.value[0].id})`)).status).toBe(200);
	});

	it('moves the stamp of the header when a line changes its totals', async () => {
		const { body } = await order();
		bc.sandbox.clock.advance(1000);
		const [line] = (await bc.get(`salesOrders(${body.id})/salesOrderLines`)).body.value;
		await bc.patch(`salesOrderLines(${line.id})`, { quantity: 3 }, line['@odata.etag']);
		const after = (await bc.get(`salesOrders(${body.id})`)).body;
		expect(after.totalAmountExcludingTax).toBe(300);
		expect(after.lastModifiedDateTime > body.lastModifiedDateTime).toBe(true);
	});

	it('keeps sequence and object of a line fixed, and lines of a released order closed', async () => {
		const { body } = await order();
		const [line] = (await bc.get(`salesOrders(${body.id})/salesOrderLines`)).body.value;
		expect(code(await bc.patch(`salesOrderLines(${line.id})`, { sequence: 5 }, '*'))).toBe('400 Application_DialogException');
		bc.company.setStatus('salesOrders', body.id, 'Open');
		expect(code(await bc.patch(`salesOrderLines(${line.id})`, { quantity: 9 }, '*'))).toBe('400 Application_FieldValidationException');
		expect((await bc.filter('salesOrders', "status eq 'Open'")).body.value).toHaveLength(1);
	});

	it('posts an order by shipAndInvoice: the order goes, a posted invoice comes, the balance moves without a stamp', async () => {
		const { body } = await order();
		bc.sandbox.clock.advance(1000);
		expect((await bc.post(`salesOrders(${body.id})/Microsoft.NAV.shipAndInvoice`, undefined)).status).toBe(204);
		expect((await bc.get(`salesOrders(${body.id})`)).status).toBe(404);
		const [invoice] = (await bc.get('salesInvoices?$expand=salesInvoiceLines')).body.value;
		expect(invoice).toMatchObject({ orderId: body.id, orderNumber: body.number, status: 'Open', remainingAmount: 240 });
		expect(invoice.salesInvoiceLines).toHaveLength(1);
		const financial = (await bc.get(`customers(${customer.id})/customerFinancialDetail`)).body;
		expect(financial).toMatchObject({ balance: 240, totalSalesExcludingTax: 200 });
		expect((await bc.get(`customers(${customer.id})`)).body.lastModifiedDateTime).toBe(financial.lastModifiedDateTime);
		expect(financial.lastModifiedDateTime < new Date(bc.sandbox.clock.now()).toISOString()).toBe(true);
	});

	it('posts a draft invoice under a new number with the same id, after which it is closed', async () => {
		const line = { lineType: 'Item', itemId: item.id, quantity: 1 };
		const draft = (await bc.post('salesInvoices', { customerId: customer.id, salesInvoiceLines: [line] })).body;
		expect(draft).toMatchObject({ status: 'Draft', dueDate: '2026-07-01' });
		await bc.post(`salesInvoices(${draft.id})/Microsoft.NAV.post`, undefined);
		const posted = (await bc.get(`salesInvoices(${draft.id})`)).body;
		expect(posted.status).toBe('Open');
		expect(posted.number).not.toBe(draft.number);
		expect(code(await bc.patch(`salesInvoices(${draft.id})`, { shipToName: 'X' }, '*'))).toBe('400 Application_DialogException');
		expect(code(await bc.send('DELETE', `salesInvoices(${draft.id})`))).toBe('400 Application_DialogException');
	});

	it('makes an order of a quote and deletes the quote', async () => {
		const line = { lineType: 'Item', itemId: item.id, quantity: 1 };
		const quote = (await bc.post('salesQuotes', { customerId: customer.id, salesQuoteLines: [line] })).body;
		await bc.post(`salesQuotes(${quote.id})/Microsoft.NAV.makeOrder`, undefined);
		expect(bc.company.count('salesQuotes')).toBe(0);
		const [made] = (await bc.get('salesOrders?$expand=salesOrderLines')).body.value;
		expect(made.salesOrderLines).toHaveLength(1);
		expect(made.totalAmountExcludingTax).toBe(100);
	});

	it('does not undo what a posting action committed inside a snapshot batch', async () => {
		const { body } = await order();
		const parts = [
			{ method: 'POST', url: `salesOrders(${body.id})/Microsoft.NAV.shipAndInvoice` },
			{ method: 'POST', url: 'customers', body: { displayName: 'Undone' } },
			{ method: 'POST', url: 'customers', body: { nope: 1 } },
		];
		await bc.batch(parts, { isolation: 'snapshot' });
		expect(bc.company.count('salesOrders')).toBe(0);
		expect(bc.company.find('customers', ({ displayName }) => displayName === 'Undone')).toBeUndefined();
	});

	it('shows the same order on the page salesDocuments by its SystemId', async () => {
		const { body } = await order();
		const page = `${bc.odata}/Company('CRONUS')/salesDocuments(${body.id})`;
		expect((await bc.get(page)).body).toMatchObject({ paymentTermsCode: 'NET 30', documentType: 'Order' });
		await bc.patch(page, { yourReference: 'PO 7', workDescription: 'Careful' }, '*');
		expect((await bc.get(page)).body).toMatchObject({ yourReference: 'PO 7', workDescription: 'Careful' });
	});

	it('refuses documents for a blocked customer and deletion of one with open documents', async () => {
		await order();
		expect(code(await bc.send('DELETE', `customers(${customer.id})`))).toBe('400 Application_DialogException');
		bc.company.update('customers', customer.id, { blocked: 'All' });
		expect(code(await order())).toBe('400 Application_DialogException');
	});

	it('creates opportunities as not started and closes their contact once won', async () => {
		const [contact] = bc.company.rows('contacts');
		const { body } = await bc.post('opportunities', { contactNumber: contact!.number, description: 'Big' });
		expect(body).toMatchObject({ status: 'Not_x0020_Started', contactName: 'Adatum', creationDate: '2026-06-01' });
		expect(code(await bc.patch(`opportunities(${body.id})`, { status: 'Won' }, '*'))).toBe('400 BadRequest_InvalidOperation');
		bc.company.setStatus('opportunities', body.id, 'Won');
		const other = bc.company.insert('contacts', { displayName: 'Other' });
		expect(code(await bc.patch(`opportunities(${body.id})`, { contactNumber: other.number }, '*'))).toBe('400 Application_DialogException');
	});

	it('writes attachments in two steps and gives the bytes by GET', async () => {
		const made = (await bc.post('documentAttachments', { fileName: 'note.txt', parentType: 'Customer', parentId: customer.id })).body;
		expect(made['attachmentContent@odata.mediaReadLink']).toContain(made.id);
		expect((await bc.send('PATCH', `documentAttachments(${made.id})/attachmentContent`, 'bytes', { 'if-match': '*' })).status).toBe(204);
		expect((await bc.get(`documentAttachments(${made.id})/attachmentContent`)).text).toBe('bytes');
	});

	it('creates item variants under their item', async () => {
		const variant = await bc.post(`items(${item.id})/itemVariants`, { code: 'RED', description: 'Red' });
		expect(variant.body).toMatchObject({ itemId: item.id, itemNumber: item.number });
		expect((await bc.get(`items(${item.id})/itemVariants`)).body.value).toHaveLength(1);
	});
});

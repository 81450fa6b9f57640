import { join } from 'node:path';
import { Client, code, NOON } from './client';

/** The API pages of the extension, served as its AL source says. */
const ROUTE = 'd365sync/sync/v1.0';
const FOLDER = join(__dirname, '../../../extension');

class WithExtension extends Client {
	readonly api = this.root.replace('v2.0/sandbox/api/v2.0', `v2.0/sandbox/api/${ROUTE}`);
	readonly installed = this.sandbox.businessCentral.installExtension(FOLDER, ['SALESPRICES']);

	at(path: string): string {
		return path.startsWith('/') ? this.api + path : `${this.api}/companies(${this.company.id})/${path}`;
	}
}

let bc: WithExtension;
beforeEach(() => {
	bc = new WithExtension();
});

describe('what the source says is what is served', () => {
	test('entity sets, keys, types and lengths', async () => {
		const { body } = await bc.get(bc.api);
		expect(body.value.map(({ name }: { name: string }) => name)).toEqual(['companies', 'subscriptions', ...bc.installed]);
		const { text } = await bc.get(bc.at('/$metadata'));
		expect(text).toContain('<EntityType Name="shippingAgent" xmlns:n="Microsoft.NAV"><Key><PropertyRef Name="id"/></Key>');
		expect(text).toContain('<Property Name="accountNo" Type="Edm.String" MaxLength="30"/>');
		expect(text).toContain('<Property Name="qtyPerUnitOfMeasure" Type="Edm.Decimal" Nullable="false" Scale="Variable"/>');
		expect(text).toContain('<Property Name="assetType" Type="Microsoft.NAV.priceAssetType"/>');
		expect(text).toContain('<Member Name="Item_x0020_Discount_x0020_Group" Value="2"/>');
		expect(text).toMatch(/<Property Name="capacity" [^>]*><Annotation Term="Org.OData.Core.V1.Computed"/);
		expect(text).toContain('<Action Name="release" IsBound="true">');
	});

	test('without the symbol there is no page of sales prices', () => {
		const plain = new Client().sandbox.businessCentral;
		expect(plain.installExtension(FOLDER)).not.toContain('salesPrices');
	});

	test('rows are made, found, changed and deleted by their SystemId', async () => {
		const made = await bc.post(bc.at('shippingAgents'), { code: 'dhl', name: 'DHL', accountNo: '4711' });
		expect(made.status).toBe(201);
		expect(made.body).toMatchObject({ code: 'DHL', name: 'DHL', accountNo: '4711', lastModifiedDateTime: '2026-06-01T12:00:00.000Z' });
		const one = bc.at(`shippingAgents(${made.body.id})`);
		const changed = await bc.patch(one, { code: 'DHL2' }, made.body['@odata.etag']);
		expect(changed.body).toMatchObject({ id: made.body.id, code: 'DHL2' });
		expect(code(await bc.patch(one, { name: 'D' }, made.body['@odata.etag']))).toBe('409 Request_EntityChanged');
		expect((await bc.send('DELETE', one, undefined, { 'if-match': changed.body['@odata.etag'] })).status).toBe(204);
		expect((await bc.get(bc.at('shippingAgents'))).body.value).toEqual([]);
	});

	test('rows changed since, in pages, by the stamp', async () => {
		for (let number = 1; number <= 5; number++) {
			bc.company.insert(`${ROUTE}/shippingAgents`, { code: `A${number}`, name: `Agent ${number}` });
			bc.sandbox.clock.advance(1000);
		}
		const since = encodeURIComponent('lastModifiedDateTime ge 2026-06-01T12:00:02Z');
		const url = `${bc.at('shippingAgents')}?$filter=${since}&$orderby=lastModifiedDateTime&$select=id,code`;
		const first = await bc.get(url, { prefer: 'odata.maxpagesize=2' });
		expect(first.body.value.map((row: { code: string }) => row.code)).toEqual(['A3', 'A4']);
		const second = await bc.get(first.body['@odata.nextLink'], { prefer: 'odata.maxpagesize=2' });
		expect(second.body.value.map((row: { code: string }) => row.code)).toEqual(['A5']);
	});

	test('a calculated field cannot be written, and a page that only reads takes nothing', async () => {
		const { body } = await bc.post(bc.at('resources'), { no: 'R1', name: 'Lift', vendorNo: '' });
		expect(body).toMatchObject({ no: 'R1', type: 'Person', capacity: 0, vendorNo: '' });
		expect(code(await bc.patch(bc.at(`resources(${body.id})`), { capacity: 5 }, body['@odata.etag']))).toBe(
			'400 BadRequest_InvalidOperation',
		);
		const group = (await bc.get(bc.at('unitGroups'))).body.value[0];
		expect(group).toMatchObject({ sourceType: 'Resource', sourceId: body.id, sourceNo: 'R1' });
		expect(code(await bc.send('DELETE', bc.at(`unitGroups(${group.id})`)))).toBe('405 BadRequest_MethodNotAllowed');
		expect(code(await bc.post(bc.at('customers'), { contact: 'X' }))).toBe('405 BadRequest_MethodNotAllowed');
	});
});

describe('extra fields of records of API v2.0', () => {
	test('share id and row, and show the code as the table has it', async () => {
		const { body: customer } = await bc.post('customers', { displayName: 'Adatum', number: 'C1' });
		const { body: extra } = await bc.get(bc.at(`customers(${customer.id})`));
		expect([customer.currencyCode, extra.currencyCode]).toEqual(['GBP', '']);
		const changed = await bc.patch(bc.at(`customers(${customer.id})`), { faxNo: '1', contact: 'Ann' }, extra['@odata.etag']);
		expect(changed.body).toMatchObject({ id: customer.id, faxNo: '1', contact: 'Ann' });
		expect(code(await bc.patch(bc.at(`customers(${customer.id})`), { no: 'C2' }, changed.body['@odata.etag']))).toBe(
			'400 BadRequest_InvalidOperation',
		);
		expect(code(await bc.patch(bc.at(`customers(${customer.id})`), { paymentTermsCode: 'NONE' }, changed.body['@odata.etag']))).toBe(
			'400 Internal_InvalidTableRelation',
		);
	});

	test('a contact has a pager', async () => {
		const { body: contact } = await bc.post('contacts', { displayName: 'Ann Lee', number: 'K1', type: 'Person' });
		const { body } = await bc.get(bc.at(`contacts(${contact.id})`));
		expect((await bc.patch(bc.at(`contacts(${contact.id})`), { pager: '99' }, body['@odata.etag'])).body.pager).toBe('99');
	});
});

describe('sales documents', () => {
	const order = async (): Promise<string> => {
		await bc.post('customers', { displayName: 'Adatum', number: 'C1' });
		const { body } = await bc.post('salesOrders', { customerNumber: 'C1' });
		return body.id as string;
	};
	const withLine = async (id: string): Promise<void> => {
		await bc.post('items', { number: 'I1', displayName: 'Bike' });
		await bc.post(`salesOrders(${id})/salesOrderLines`, { lineType: 'Item', lineObjectNumber: 'I1', quantity: 1 });
	};
	const act = (id: string, action: string) => bc.post(bc.at(`salesDocuments(${id})/Microsoft.NAV.${action}`), {});

	test('have what API v2.0 lacks, with a stamp that moves with it', async () => {
		const id = await order();
		bc.sandbox.clock.set(NOON + 60_000);
		const { body } = await bc.get(bc.at(`salesDocuments(${id})`));
		const sent = { yourReference: 'REF', workDescription: 'Long\ntext', shippingAgentCode: '' };
		const changed = await bc.patch(bc.at(`salesDocuments(${id})`), sent, body['@odata.etag']);
		expect(changed.body).toMatchObject({ documentType: 'Order', status: 'Open', yourReference: 'REF', workDescription: 'Long\ntext' });
		expect(changed.body.lastModifiedDateTime).toBe('2026-06-01T12:01:00.000Z');
		expect((await bc.get(`salesOrders(${id})`)).body.lastModifiedDateTime).toBe('2026-06-01T12:00:00.000Z');
		const since = encodeURIComponent('lastModifiedDateTime gt 2026-06-01T12:00:30Z');
		const found = await bc.get(`${bc.at('salesDocuments')}?$filter=${since}&$orderby=lastModifiedDateTime`);
		expect(found.body.value.map((row: { id: string }) => row.id)).toEqual([id]);
		expect(code(await bc.get(`${bc.at('salesDocuments')}?$filter=${encodeURIComponent("workDescription eq 'x'")}`))).toMatch(/^400/);
	});

	test('are released, reopened and archived by bound actions', async () => {
		const id = await order();
		expect(code(await act(id, 'release'))).toBe('400 Application_DialogException');
		await withLine(id);
		expect((await act(id, 'release')).status).toBe(204);
		expect((await bc.get(`salesOrders(${id})`)).body.status).toBe('Open');
		expect((await bc.get(bc.at(`salesDocuments(${id})`))).body.status).toBe('Released');
		expect((await act(id, 'reopen')).status).toBe(204);
		expect((await bc.get(`salesOrders(${id})`)).body.status).toBe('Draft');
		expect((await act(id, 'archive')).status).toBe(204);
		expect(bc.company.rows('salesOrderArchives')).toHaveLength(1);
		expect((await act(id, 'explode')).status).toBe(501);
	});

	test('a quote is released in its table, which API v2.0 does not show', async () => {
		await bc.post('customers', { displayName: 'Adatum', number: 'C1' });
		await bc.post('items', { number: 'I1', displayName: 'Bike' });
		const { body: quote } = await bc.post('salesQuotes', { customerNumber: 'C1' });
		await bc.post(`salesQuotes(${quote.id})/salesQuoteLines`, { lineType: 'Item', lineObjectNumber: 'I1', quantity: 1 });
		const before = (await bc.get(`salesQuotes(${quote.id})`)).body.status;
		expect((await act(quote.id, 'release')).status).toBe(204);
		expect((await bc.get(bc.at(`salesDocuments(${quote.id})`))).body.status).toBe('Released');
		expect((await bc.get(`salesQuotes(${quote.id})`)).body.status).toBe(before);
	});

	test('a posted invoice is read, and no draft is among them', async () => {
		const id = await order();
		await withLine(id);
		await bc.post(`salesOrders(${id})/Microsoft.NAV.shipAndInvoice`, {});
		await bc.post('salesInvoices', { customerNumber: 'C1' });
		expect((await bc.get(bc.at('postedSalesInvoices'))).body.value).toMatchObject([{ sellToCustomerNo: 'C1' }]);
		expect((await bc.get(bc.at('salesDocuments'))).body.value).toMatchObject([{ documentType: 'Invoice' }]);
		expect((await bc.get(bc.at('customerLedgerEntries'))).body.value).toMatchObject([
			{ customerNo: 'C1', documentType: 'Invoice', open: true },
		]);
	});

	test('have notes, which belong to their record for good', async () => {
		const id = await order();
		const made = await bc.post(bc.at('recordNotes'), { tableNo: 36, recordSystemId: id, note: 'Ring twice.' });
		expect(made.body).toMatchObject({ linkID: 1, tableNo: 36, recordSystemId: id, note: 'Ring twice.', userID: 'SYNC' });
		const one = bc.at(`recordNotes(${made.body.id})`);
		const changed = await bc.patch(one, { note: 'Ring once.' }, made.body['@odata.etag']);
		expect(changed.body.note).toBe('Ring once.');
		expect(code(await bc.patch(one, { tableNo: 18 }, changed.body['@odata.etag']))).toBe('400 Application_FieldValidationException');
		const nobodys = { tableNo: 36, recordSystemId: '00000000-0000-0000-0000-000000000001', note: 'x' };
		expect(code(await bc.post(bc.at('recordNotes'), nobodys))).toBe('404 Internal_RecordNotFound');
	});
});

import { Client, code, type Json } from './client';

const ZERO = '00000000-0000-0000-0000-000000000000';

describe('Writing', () => {
	let bc: Client;
	let customer: Json;
	beforeEach(async () => {
		bc = new Client();
		bc.company.seed('currencies', [{ code: 'EUR', displayName: 'Euro' }]);
		bc.company.seed('paymentTerms', [{ code: 'NET 30', displayName: 'Net 30', dueDateCalculation: '30D' }]);
		customer = (await bc.post('customers', { displayName: 'Adatum', phoneNumber: '1' })).body;
		bc.sandbox.clock.advance(1000);
	});

	const etag = () => customer['@odata.etag'];
	const path = () => `customers(${customer.id})`;

	it('creates with 201 and the entity, number from the series, id from the platform', async () => {
		const id = '11111111-2222-4333-8444-555555555555';
		const reply = await bc.post('customers', { id, displayName: 'Second' });
		expect(reply.status).toBe(201);
		expect(reply.body.number).toMatch(/^C\d{5}$/);
		expect(reply.body.id).not.toBe(id);
	});

	it('keeps a client id for items only', async () => {
		const id = '11111111-2222-4333-8444-555555555555';
		expect((await bc.post('items', { id, displayName: 'Desk' })).body.id).toBe(id);
	});

	it('creates with 204 under Prefer: return-no-content, which a PATCH ignores', async () => {
		const reply = await bc.post('customers', { displayName: 'Quiet' }, { prefer: 'return-no-content' });
		expect(reply.status).toBe(204);
		expect(reply.text).toBe('');
		const update = await bc.send('PATCH', path(), { city: 'Bonn' }, { 'if-match': '*', prefer: 'return-no-content' });
		expect(update.status).toBe(200);
		expect(update.body.city).toBe('Bonn');
	});

	it('changes only what was sent and answers 200 with the entity and a new etag', async () => {
		const reply = await bc.patch(path(), { city: 'Bonn' }, etag());
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ city: 'Bonn', phoneNumber: '1' });
		expect(reply.body['@odata.etag']).not.toBe(etag());
	});

	it('answers 400 BadRequest_InvalidToken to a PATCH without or with a malformed If-Match', async () => {
		expect(code(await bc.patch(path(), { city: 'Bonn' }, null))).toBe('400 BadRequest_InvalidToken');
		expect(code(await bc.patch(path(), { city: 'Bonn' }, 'nonsense'))).toBe('400 BadRequest_InvalidToken');
	});

	it('answers 409 Request_EntityChanged to a stale etag and takes *', async () => {
		await bc.patch(path(), { city: 'Bonn' }, etag());
		expect(code(await bc.patch(path(), { city: 'Ulm' }, etag()))).toBe('409 Request_EntityChanged');
		expect((await bc.patch(path(), { city: 'Ulm' }, '*')).status).toBe(200);
	});

	it('checks the etag of a DELETE only when one is sent', async () => {
		await bc.patch(path(), { city: 'Bonn' }, '*');
		expect(code(await bc.send('DELETE', path(), undefined, { 'if-match': etag() }))).toBe('409 Request_EntityChanged');
		expect((await bc.send('DELETE', path())).status).toBe(204);
		expect((await bc.get(path())).status).toBe(404);
	});

	it('refuses an unknown property and names it', async () => {
		const reply = await bc.patch(path(), { nope: 1 }, '*');
		expect(code(reply)).toBe('400 BadRequest');
		expect(reply.body.error.message).toContain("The property 'nope' does not exist on type 'Microsoft.NAV.customer'.");
	});

	it('refuses a read-only property', async () => {
		const reply = await bc.patch(path(), { balanceDue: 1 }, '*');
		expect(code(reply)).toBe('400 BadRequest_InvalidOperation');
		expect(reply.body.error.message).toContain("Control 'balanceDue' is read-only");
		expect(code(await bc.patch(path(), { id: customer.id }, '*'))).toBe('400 BadRequest_InvalidOperation');
	});

	it('refuses text that is too long', async () => {
		expect(code(await bc.patch(path(), { city: 'x'.repeat(31) }, '*'))).toBe('400 Application_StringExceededLength');
	});

	it('refuses values of the wrong type', async () => {
		expect((await bc.patch(path(), { creditLimit: '5' }, '*')).status).toBe(400);
		expect((await bc.patch(path(), { taxLiable: 'yes' }, '*')).status).toBe(400);
		expect((await bc.patch(path(), { displayName: 5 }, '*')).status).toBe(400);
	});

	it('takes encoded enum names and refuses others as Unknown', async () => {
		expect((await bc.patch(path(), { blocked: 'All' }, '*')).body.blocked).toBe('All');
		expect((await bc.patch(path(), { blocked: '_x0020_' }, '*')).body.blocked).toBe('_x0020_');
		expect(code(await bc.patch(path(), { blocked: ' ' }, '*'))).toBe('400 Unknown');
		expect((await bc.post('items', { displayName: 'Hour', type: 'Non_x002D_Inventory' })).body.type).toBe('Non_x002D_Inventory');
	});

	it('upper-cases and trims Code fields and keeps the case of text', async () => {
		const { body } = await bc.post('salespeoplePurchasers', { code: ' jo ', displayName: 'John o' });
		expect(body).toMatchObject({ code: 'JO', displayName: 'John o' });
	});

	it('refuses a reference to a row that does not exist', async () => {
		expect(code(await bc.patch(path(), { salespersonCode: 'XX' }, '*'))).toBe('400 Internal_InvalidTableRelation');
		expect(code(await bc.patch(path(), { paymentTermsId: customer.id }, '*'))).toBe('400 Application_DialogException');
	});

	it('sets and clears references by id: the zero GUID clears', async () => {
		const terms = bc.company.find('paymentTerms', () => true)!;
		expect((await bc.patch(path(), { paymentTermsId: terms.id }, '*')).body.paymentTermsId).toBe(terms.id);
		expect((await bc.patch(path(), { paymentTermsId: ZERO }, '*')).body.paymentTermsId).toBe(ZERO);
	});

	it('clears the currency when the LCY code or a blank is written', async () => {
		const euro = (await bc.patch(path(), { currencyCode: 'EUR' }, '*')).body;
		expect(euro.currencyId).not.toBe(ZERO);
		expect((await bc.patch(path(), { currencyCode: 'GBP' }, '*')).body).toMatchObject({ currencyCode: 'GBP', currencyId: ZERO });
	});

	it('refuses an id and a code that do not match', async () => {
		const euro = bc.company.find('currencies', () => true)!;
		expect((await bc.patch(path(), { currencyId: euro.id, currencyCode: 'GBP' }, '*')).status).toBe(400);
		expect((await bc.patch(path(), { currencyId: euro.id, currencyCode: 'EUR' }, '*')).status).toBe(200);
	});

	it('demands a name on POST and refuses a blank one on PATCH', async () => {
		expect(code(await bc.post('customers', {}))).toBe('400 Application_DialogException');
		expect(code(await bc.patch(path(), { displayName: '' }, '*'))).toBe('400 Application_DialogException');
	});

	it('refuses a number that is taken', async () => {
		expect(code(await bc.post('customers', { number: customer.number, displayName: 'Twin' }))).toBe('409 Internal_EntityWithSameKeyExists');
	});

	it('renames by PATCH of the number: the id stays and references follow', async () => {
		const order = bc.company.insert('salesOrders', { customerNumber: customer.number });
		const renamed = (await bc.patch(path(), { number: 'NEW' }, '*')).body;
		expect(renamed).toMatchObject({ id: customer.id, number: 'NEW' });
		expect(bc.company.get('salesOrders', String(order.id))!.customerNumber).toBe('NEW');
		expect((await bc.get(`${path()}/contactsInformation`)).body.value).toHaveLength(1);
	});

	it('leaves stamp and etag alone when nothing really changes', async () => {
		const reply = await bc.patch(path(), { phoneNumber: '1' }, etag());
		expect(reply.body).toMatchObject({ '@odata.etag': etag(), lastModifiedDateTime: customer.lastModifiedDateTime });
	});

	it('writes nothing at all when one property of the body is refused', async () => {
		await bc.patch(path(), { city: 'Bonn', salespersonCode: 'XX' }, '*');
		expect((await bc.get(path())).body.city).toBe('');
	});

	it('refuses a body that is no JSON object', async () => {
		expect((await bc.send('POST', 'customers', '{')).status).toBe(400);
		expect((await bc.send('POST', 'customers', '[]')).status).toBe(400);
	});

	it('refuses writes with Data-Access-Intent: ReadOnly', async () => {
		expect((await bc.post('customers', { displayName: 'X' }, { 'data-access-intent': 'ReadOnly' })).status).toBe(400);
	});

	it('refuses writes to read-only entity sets with 405', async () => {
		expect((await bc.post('currencyExchangeRates', { currencyCode: 'EUR' })).status).toBe(405);
	});

	it('fills fields from a template that the caller did not set', async () => {
		bc.company.settings.templates['Customer'] = { 'Payment Terms Code': 'NET 30', City: 'Templeton' };
		const { body } = await bc.post('customers', { displayName: 'New', city: 'Own' });
		expect(body.city).toBe('Own');
		expect(body.paymentTermsId).not.toBe(ZERO);
	});

	it('creates a linked company contact and copies changes both ways', async () => {
		const [info] = (await bc.get(`${path()}/contactsInformation`)).body.value;
		expect(info).toMatchObject({ contactName: 'Adatum', contactType: 'Company', relatedId: customer.id });
		await bc.patch(path(), { city: 'Bonn' }, '*');
		const contact = (await bc.get(`contacts(${info.contactId})`)).body;
		expect(contact).toMatchObject({ city: 'Bonn', contactBusinessRelation: 'Customer' });
		await bc.patch(`contacts(${info.contactId})`, { displayName: 'Adatum Ltd.' }, '*');
		expect((await bc.get(path())).body.displayName).toBe('Adatum Ltd.');
	});

	it('lists company contact and people of a customer, and demands relatedId and relatedType', async () => {
		const [info] = (await bc.get(`${path()}/contactsInformation`)).body.value;
		const person = await bc.post('contacts', { type: 'Person', displayName: 'Jo Doe', companyNumber: info.contactNumber });
		expect(person.body).toMatchObject({ companyName: 'Adatum', contactBusinessRelation: 'Customer', phoneNumber: '1' });
		const filter = `relatedId eq ${customer.id} and relatedType eq 'Customer'`;
		expect((await bc.filter('contactsInformation', filter)).body.value).toHaveLength(2);
		expect(code(await bc.get('contactsInformation'))).toBe('400 Application_DialogException');
	});

	it('refuses to change the company number of a company contact', async () => {
		const [info] = (await bc.get(`${path()}/contactsInformation`)).body.value;
		expect(code(await bc.patch(`contacts(${info.contactId})`, { companyNumber: 'X' }, '*'))).toBe('400 Application_DialogException');
	});

	it('splits the name of a person for customerContacts', async () => {
		const [info] = (await bc.get(`${path()}/contactsInformation`)).body.value;
		await bc.post('contacts', { type: 'Person', displayName: 'Jo van Doe', companyNumber: info.contactNumber });
		const [row] = (await bc.get('customerContacts')).body.value;
		expect(row).toMatchObject({ firstName: 'Jo', lastName: 'Doe', customerId: customer.id, customerName: 'Adatum' });
	});

	it('shows one row through several pages: a write through either moves both etags', async () => {
		const page = `${bc.odata}/Company('CRONUS')/workflowCustomers('${customer.number}')`;
		const before = (await bc.get(page)).body;
		const written = await bc.patch(page, { contact: 'Jo', faxNumber: '99', shippingAgentCode: '' }, before['@odata.etag']);
		expect(written.body).toMatchObject({ contact: 'Jo', faxNumber: '99' });
		const api = (await bc.get(path())).body;
		expect(api['@odata.etag']).not.toBe(etag());
		expect(api.lastModifiedDateTime > customer.lastModifiedDateTime).toBe(true);
		expect(code(await bc.patch(page, { contact: 'Al' }, before['@odata.etag']))).toBe('409 Request_EntityChanged');
	});

	it('writes options on ODataV4 as plain text', async () => {
		const page = `${bc.odata}/Company('CRONUS')/workflowCustomers('${customer.number}')`;
		expect((await bc.get(page)).body.blocked).toBe(' ');
		expect((await bc.patch(page, { blocked: 'Ship' }, '*')).body.blocked).toBe('Ship');
		expect((await bc.get(path())).body.blocked).toBe('Ship');
	});

	it('moves the etag but not the stamp when a FlowField changes', async () => {
		bc.company.setCalculated('customers', customer.id, { balanceDue: 70 });
		const { body } = await bc.get(path());
		expect(body).toMatchObject({ balanceDue: 70, lastModifiedDateTime: customer.lastModifiedDateTime });
		expect(body['@odata.etag']).not.toBe(etag());
		expect(code(await bc.patch(path(), { city: 'Bonn' }, etag()))).toBe('409 Request_EntityChanged');
	});

	it('refuses inventory on POST of an item and creates its base unit of measure', async () => {
		bc.company.seed('unitsOfMeasure', [{ code: 'PCS', displayName: 'Piece' }]);
		expect(code(await bc.post('items', { displayName: 'Desk', inventory: 5 }))).toBe('400 Application_DialogException');
		const item = (await bc.post('items', { displayName: 'Desk', baseUnitOfMeasureCode: 'PCS' })).body;
		expect(bc.company.rows('ItemUnitsOfMeasure')).toEqual([
			expect.objectContaining({ Item_No: item.number, Code: 'PCS', Qty_per_Unit_of_Measure: 1 }),
		]);
	});
});

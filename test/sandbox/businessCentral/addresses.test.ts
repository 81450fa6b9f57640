import { inProcess } from '../../../sandbox';
import { Client, code } from './client';

const basic = (user: string, key: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${key}`).toString('base64')}` });

describe('Addresses, companies and sign-in', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.company.seed('customers', [{ number: '10000', displayName: 'Adatum' }]);
	});

	it.each(['v2.0/sandbox', 'v2.0/contoso.com/sandbox', 'BC'])('answers under the root %s', async (prefix) => {
		const reply = await bc.get(`${inProcess.businessCentral}/${prefix}/api/v2.0/companies(${bc.company.id})/customers`);
		expect(reply.body.value).toHaveLength(1);
	});

	it('answers 404 for an environment that does not exist', async () => {
		expect(code(await bc.get(`${inProcess.businessCentral}/v2.0/nowhere/api/v2.0/companies`))).toBe('404 NoEnvironment');
	});

	it('lists companies with id and name', async () => {
		const { body } = await bc.get('/companies');
		expect(body.value).toEqual([expect.objectContaining({ id: bc.company.id, name: 'CRONUS', systemVersion: expect.any(String) })]);
	});

	it('refuses to write companies with 405', async () => {
		expect(code(await bc.post('/companies', { name: 'X' }))).toBe('405 BadRequest_MethodNotAllowed');
	});

	it('answers Internal_CompanyNotFound for an unknown company', async () => {
		expect(code(await bc.get('/companies(00000000-0000-4000-8000-000000000000)/customers'))).toBe('404 Internal_CompanyNotFound');
	});

	it('takes the company as a query option, by id or by name', async () => {
		expect((await bc.get(`/customers?company=${bc.company.id}`)).body.value).toHaveLength(1);
		expect((await bc.get('/customers?company=CRONUS')).body.value).toHaveLength(1);
	});

	it('needs no company in the address when there is only one, and does when there are two', async () => {
		expect((await bc.get('/customers')).status).toBe(200);
		bc.sandbox.businessCentral.addCompany('Second');
		expect(code(await bc.get('/customers'))).toBe('404 Internal_CompanyNotFound');
	});

	it('keeps the data of companies apart', async () => {
		const second = bc.sandbox.businessCentral.addCompany('Second');
		expect((await bc.get(`/companies(${second.id})/customers`)).body.value).toEqual([]);
	});

	it('addresses ODataV4 companies by name and by id, and loses the name address after a rename', async () => {
		expect((await bc.get(`${bc.odata}/Company('CRONUS')/workflowCustomers`)).body.value).toHaveLength(1);
		expect((await bc.get(`${bc.odata}/Company(Id=${bc.company.id})/workflowCustomers`)).body.value).toHaveLength(1);
		bc.sandbox.businessCentral.renameCompany('CRONUS', "Cronus's");
		expect(code(await bc.get(`${bc.odata}/Company('CRONUS')/workflowCustomers`))).toBe('404 Internal_CompanyNotFound');
		expect((await bc.get(`${bc.odata}/Company('Cronus%27%27s')/workflowCustomers`)).body.value).toHaveLength(1);
	});

	it('answers 404 BadRequest_ResourceNotFound for an unknown entity set', async () => {
		expect(code(await bc.get('nonsense'))).toBe('404 BadRequest_ResourceNotFound');
	});

	it('serves a service document, metadata and captions', async () => {
		expect((await bc.get('/')).body.value).toContainEqual({ name: 'customers', kind: 'EntitySet', url: 'customers' });
		const { text, headers } = await bc.get('/$metadata');
		expect(headers['content-type']).toBe('application/xml');
		expect(text).toContain('<EntityType Name="customer"');
		expect(text).toContain('<Member Name="Non_x002D_Inventory" Value="2"/>');
		expect((await bc.get('/entityDefinitions')).body.value.length).toBeGreaterThan(20);
	});

	it('lists only published pages under ODataV4', async () => {
		expect((await bc.get(`${bc.odata}/`)).body.value.map(({ name }: { name: string }) => name)).toContain('workflowCustomers');
		expect((await bc.get(`${bc.odata}/Company('CRONUS')/CustomerCard`)).status).toBe(404);
		bc.sandbox.businessCentral.publish('CustomerCard');
		expect((await bc.get(`${bc.odata}/Company('CRONUS')/CustomerCard('10000')`)).body.Name).toBe('Adatum');
		bc.sandbox.businessCentral.unpublish('CustomerCard');
		expect((await bc.get(`${bc.odata}/Company('CRONUS')/CustomerCard`)).status).toBe(404);
	});

	it('answers 401 Authentication_InvalidCredentials without, with a wrong and with an expired token', async () => {
		expect(code(await bc.get('/companies', { authorization: '' }))).toBe('401 Authentication_InvalidCredentials');
		expect(code(await bc.get('/companies', { authorization: 'Bearer nonsense' }))).toBe('401 Authentication_InvalidCredentials');
		bc.sandbox.clock.advance(2 * 3600_000);
		expect(code(await bc.get('/companies'))).toBe('401 Authentication_InvalidCredentials');
	});

	it('does not take a token made for Dataverse', async () => {
		const authorization = `Bearer ${bc.sandbox.login.token('crm')}`;
		expect((await bc.get('/companies', { authorization })).status).toBe(401);
	});

	it('takes basic authentication with the web service access key', async () => {
		const { businessCentralUser, accessKey } = bc.sandbox.login.identities[1]!;
		expect((await bc.get('/companies', basic(businessCentralUser, accessKey))).status).toBe(200);
		expect((await bc.get('/companies', basic(businessCentralUser, 'wrong'))).status).toBe(401);
	});

	it('names table and right in the 403 of a missing permission', async () => {
		bc.sandbox.businessCentral.permissions.deny('SYNC', 'Customer', 'Modify', 'Insert');
		const reply = await bc.post('customers', { displayName: 'X' });
		expect(reply.status).toBe(403);
		expect(reply.body.error.message).toContain('(TableData 18 Customer Insert: Base Application)');
		expect((await bc.get('customers')).status).toBe(200);
	});

	it('answers 414 to a query string over 8,099 characters, but takes it inside a batch', async () => {
		const filter = Array.from({ length: 600 }, (_, index) => `number eq '${index}'`).join(' or ');
		expect((await bc.get(`customers?$filter=${encodeURIComponent(filter)}`)).status).toBe(414);
		const batch = await bc.batch([{ method: 'GET', url: `customers?$filter=${encodeURIComponent(filter)}` }]);
		expect(batch.body.responses[0].status).toBe(200);
	});

	it('ends error messages with a correlation id', async () => {
		expect((await bc.get('nonsense')).body.error.message).toMatch(/ {2}CorrelationId: {2}[0-9a-f-]{36}\.$/);
	});
});

import { inProcess } from '../../../sandbox';
import type { BusinessCentralCompany } from '../../../sandbox/businessCentral';
import { upperCase } from '../../../sandbox/businessCentral/data/upperCase';
import { Client, NOON, code, type Json } from './client';

describe('Validation that changes values', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.company.settings.postCodes = [
			{ code: '53111', city: 'Bonn', county: 'NRW', country: 'DE' },
			{ code: 'W2 8HG', city: 'London' },
		];
		bc.company.seed('countriesRegions', [{ code: 'DE', displayName: 'Germany' }, { code: 'GB' }]);
	});

	// Base application, table 225 Post Code: ValidatePostCode, ValidateCity (learn.microsoft.com base-application/table "Post Code")
	it.each<[Json, Json]>([
		[{ postalCode: '53111' }, { city: 'Bonn', state: 'NRW', country: 'DE' }],
		[
			{ city: 'Ulm', postalCode: '53111' },
			{ city: 'Bonn', postalCode: '53111' },
		],
		[
			{ postalCode: '53111', city: 'Ulm' },
			{ city: 'Ulm', postalCode: '53111' },
		],
		[{ city: 'bonn' }, { city: 'bonn', postalCode: '53111', state: 'NRW' }],
		[{ postalCode: '99999' }, { postalCode: '99999', city: '' }],
		[{ postalCode: 'w2 8hg' }, { postalCode: 'W2 8HG', city: 'London', country: '' }],
	])('address %o → %o', async (sent, wanted) => {
		for (const set of ['customers', 'vendors', 'contacts']) {
			expect((await bc.post(set, { displayName: 'A', ...sent })).body).toMatchObject(wanted);
		}
	});

	it('the addresses of documents likewise', async () => {
		const { id } = (await bc.post('customers', { displayName: 'A' })).body;
		const order = (await bc.post('salesOrders', { customerId: id, shipToPostCode: '53111' })).body;
		expect(order).toMatchObject({ shipToCity: 'Bonn', sellToCity: '' });
	});

	it('no post codes, no change', async () => {
		bc.company.settings.postCodes = [];
		expect((await bc.post('customers', { displayName: 'A', postalCode: '53111' })).body.city).toBe('');
	});

	// Base application, table 18 Customer: Primary Contact No. - OnValidate
	it('the contact follows Primary Contact No. where that is switched on', async () => {
		bc.company.settings.primaryContactFollows = true;
		const page = `${bc.odata}/Company('CRONUS')/workflowCustomers`;
		const customer = (await bc.post('customers', { displayName: 'A' })).body;
		const person = bc.company.insert('contacts', { type: 'Person', displayName: 'Jo Day', email: 'jo@a.example', phoneNumber: '1' });
		const path = `${page}('${customer.number}')`;
		const { body } = await bc.patch(path, { primaryContactNumber: person['number'] }, '*');
		expect(body).toMatchObject({ contact: 'Jo Day', email: 'jo@a.example', phoneNumber: '1' });
		expect((await bc.patch(path, { primaryContactNumber: '' }, '*')).body).toMatchObject({ contact: '', email: 'jo@a.example' });
	});

	it('and does not where nobody switched it on', async () => {
		const customer = (await bc.post('customers', { displayName: 'A' })).body;
		const person = bc.company.insert('contacts', { type: 'Person', displayName: 'Jo Day' });
		const path = `${bc.odata}/Company('CRONUS')/workflowCustomers('${customer.number}')`;
		expect((await bc.patch(path, { primaryContactNumber: person['number'] }, '*')).body.contact).toBe('');
	});
});

describe('Set-up that fails', () => {
	let bc: Client;
	beforeEach(() => (bc = new Client()));

	// codeunit No. Series: "You cannot assign numbers greater than %1 from the number series %2."
	it('a number series runs out', async () => {
		Object.assign(bc.company.settings.series['Customer']!, { next: 98, last: 99 });
		expect((await bc.post('customers', { displayName: 'A' })).body.number).toBe('C00098');
		expect((await bc.post('customers', { displayName: 'B' })).body.number).toBe('C00099');
		const reply = await bc.post('customers', { displayName: 'C' });
		expect(code(reply)).toBe('400 Application_DialogException');
		expect(reply.body.error.message).toContain('You cannot assign numbers greater than C00099 from the number series Customer.');
		expect(bc.company.count('customers')).toBe(2);
	});

	it('a number series of posted documents runs out, and nothing is posted', async () => {
		const customer = bc.company.insert('customers', { displayName: 'A' });
		const item = bc.company.insert('items', { displayName: 'Desk', unitPrice: 1 });
		const lines = [{ lineType: 'Item', itemId: item['id'], quantity: 1 }];
		const { id } = (await bc.post('salesInvoices', { customerId: customer['id'], salesInvoiceLines: lines })).body;
		Object.assign(bc.company.settings.series['Posted Invoice']!, { last: 0 });
		expect(code(await bc.post(`salesInvoices(${id})/Microsoft.NAV.post`, undefined))).toBe('400 Application_DialogException');
		expect((await bc.get(`salesInvoices(${id})`)).body.status).toBe('Draft');
	});

	// learn.microsoft.com "dynamics-error-codes": NavCSideRecordNotFoundException, Internal_RecordNotFound
	it.each([
		['customers', 'Sales & Receivables Setup', { displayName: 'A' }],
		['customers', 'Marketing Setup', { displayName: 'A' }],
		['vendors', 'Purchases & Payables Setup', { displayName: 'A' }],
		['contacts', 'Marketing Setup', { displayName: 'A' }],
		['items', 'Inventory Setup', { displayName: 'A' }],
		['employees', 'Human Resources Setup', { givenName: 'A', surname: 'B' }],
	])('POST %s without %s is 404 about that table, and nothing is left behind', async (set, table, body) => {
		bc.company.settings.missingSetup.add(table);
		const reply = await bc.post(set, body);
		expect(code(reply)).toBe('404 Internal_RecordNotFound');
		expect(reply.body.error.message).toContain(`The ${table} does not exist. Identification fields and values: Primary Key=''`);
		expect(bc.company.count(set)).toBe(0);
		bc.company.settings.missingSetup.clear();
		expect((await bc.post(set, body)).status).toBe(201);
	});

	it('a deletion or a change of what exists does not need it', async () => {
		const { id } = bc.company.insert('customers', { displayName: 'A' });
		bc.company.settings.missingSetup.add('Sales & Receivables Setup');
		expect((await bc.patch(`customers(${String(id)})`, { city: 'Ulm' }, '*')).status).toBe(200);
		expect((await bc.send('DELETE', `customers(${String(id)})`)).status).toBe(204);
	});

	// github.com/hougaard/Simple-Object-Designer/issues/149;
	// github.com/PacktPublishing/Automated-Testing-in-Microsoft-Dynamics-365-Business-Central-Second-Edition/issues/29
	it.each([
		[
			'403',
			'403 Authorization_RequestDenied',
			'Sorry, the current permissions prevented the action. (TableData 18 Customer Read: Base Application)',
		],
		[
			'sorry400',
			'400 Internal_ServerError',
			'Sorry, the current permissions prevented the action. (TableData Customer Read: Base Application)',
		],
		['older400', '400 Internal_ServerError', 'You do not have the following permissions on TableData Customer: Read.'],
	] as const)('a missing right is answered as servers of the kind %s do', async (answer, wanted, text) => {
		const { permissions } = bc.sandbox.businessCentral;
		permissions.deny('SYNC', 'Customer', 'Read');
		permissions.answer = answer;
		const reply = await bc.get('customers');
		expect(code(reply)).toBe(wanted);
		expect(reply.body.error.message).toContain(text);
	});
});

describe('Snapshot, restore and copies', () => {
	let bc: Client;
	beforeEach(() => {
		bc = new Client();
		bc.sandbox.businessCentral.webhooks.deliver = async (url) => ({
			status: 200,
			body: new URL(url).searchParams.get('validationToken') ?? '',
		});
	});
	const subscribe = () =>
		bc.post('/subscriptions', { notificationUrl: 'https://a.example', resource: `/api/v2.0/companies(${bc.company.id})/customers` });

	// learn.microsoft.com "Restore an environment": everything goes back to the point in time
	it('a restore brings rows, stamps, etags and numbers of the moment back', async () => {
		const first = (await bc.post('customers', { displayName: 'First' })).body;
		const snapshot = bc.sandbox.businessCentral.snapshot();
		bc.sandbox.clock.advance(1800_000);
		await bc.patch(`customers(${first.id})`, { displayName: 'Changed' }, '*');
		const second = (await bc.post('customers', { displayName: 'Second' })).body;
		bc.sandbox.businessCentral.restore(snapshot);
		expect((await bc.get(`customers(${first.id})`)).body).toEqual(first);
		expect((await bc.get(`customers(${second.id})`)).status).toBe(404);
		const again = (await bc.post('customers', { displayName: 'Other' })).body;
		expect(again.number).toBe(second.number);
		expect(again.id).not.toBe(second.id);
		expect(again['@odata.etag']).not.toBe(second['@odata.etag']);
	});

	it('what was deleted is there again, and companies made since are gone', async () => {
		const { id } = bc.company.insert('customers', { displayName: 'A' });
		const snapshot = bc.sandbox.businessCentral.snapshot();
		await bc.send('DELETE', `customers(${String(id)})`);
		bc.sandbox.businessCentral.addCompany('New');
		bc.sandbox.businessCentral.restore(snapshot);
		expect((await bc.get(`customers(${String(id)})`)).status).toBe(200);
		expect((await bc.get('/companies')).body.value.map((each: Json) => each.name)).toEqual(['CRONUS']);
	});

	it('an older snapshot may be restored after a newer one', async () => {
		const { businessCentral } = bc.sandbox;
		const empty = businessCentral.snapshot();
		bc.company.insert('customers', { displayName: 'A' });
		const one = businessCentral.snapshot();
		businessCentral.restore(empty);
		expect(bc.company.count('customers')).toBe(0);
		businessCentral.restore(one);
		expect(bc.company.count('customers')).toBe(1);
	});

	// triggers: restored or copied environments start without subscriptions
	it('subscriptions do not survive a restore, nor are they copied', async () => {
		await subscribe();
		const { businessCentral } = bc.sandbox;
		const copy = businessCentral.copyEnvironment('copy');
		expect([...copy.platform.table('API Webhook Subscription').rows()]).toEqual([]);
		expect((await bc.get('/subscriptions')).body.value).toHaveLength(1);
		businessCentral.restore(businessCentral.snapshot());
		expect((await bc.get('/subscriptions')).body.value).toEqual([]);
	});

	// learn.microsoft.com "Copy a production or sandbox environment"
	it('a copied environment has the same companies and ids at another address, and its own life', async () => {
		const { id, '@odata.etag': etag } = (await bc.post('customers', { displayName: 'A' })).body;
		bc.sandbox.businessCentral.copyEnvironment('test');
		const there = `${inProcess.businessCentral}/v2.0/test/api/v2.0/companies(${bc.company.id})/customers(${id})`;
		expect((await bc.get(there)).body).toMatchObject({ id, '@odata.etag': etag, displayName: 'A' });
		expect((await bc.patch(there, { displayName: 'There' }, '*')).status).toBe(200);
		expect((await bc.get(`customers(${id})`)).body.displayName).toBe('A');
		expect((await bc.send('DELETE', `customers(${id})`)).status).toBe(204);
		expect((await bc.get(there)).body.displayName).toBe('There');
	});

	// learn.microsoft.com "System fields": SystemId and the audit fields are copied along with a company
	it('a copied company has another id; its rows keep theirs, and their stamps', async () => {
		const before = (await bc.post('customers', { displayName: 'A' })).body;
		bc.sandbox.clock.advance(86_400_000);
		const copy: BusinessCentralCompany = bc.sandbox.businessCentral.copyCompany('CRONUS', 'Copy');
		expect(copy.id).not.toBe(bc.company.id);
		bc.token = bc.sandbox.login.token('businessCentral');
		const { body } = await bc.get(`/companies(${copy.id})/customers(${before.id})`);
		expect(body).toMatchObject({ id: before.id, lastModifiedDateTime: before.lastModifiedDateTime });
		// The rows are written anew, and SQL gives every write a row version of its own.
		expect(body['@odata.etag']).not.toBe(before['@odata.etag']);
	});

	// learn.microsoft.com/sql/t-sql/data-types/rowversion-transact-sql: a counter of the database, restored with it
	it('row versions count on from the restored one, so a number is given twice', async () => {
		const { businessCentral } = bc.sandbox;
		const page = { publisher: 'a', group: 'b', version: 'v1.0', entityName: 'x', entitySetName: 'xs', table: 'Customer' };
		businessCentral.defineApiPage({ ...page, properties: { id: 'SystemId|guid!', name: 'Name', version: 'SystemRowVersion|bigInteger!' } });
		const snapshot = businessCentral.snapshot();
		const lost = bc.company.insert('customers', { displayName: 'Lost' });
		const version = bc.company.rows('a/b/v1.0/xs')[0]!['version'];
		businessCentral.restore(snapshot);
		const next = bc.company.insert('customers', { displayName: 'Next' });
		expect(bc.company.rows('a/b/v1.0/xs')).toMatchObject([{ id: next['id'], version }]);
		expect(next['id']).not.toBe(lost['id']);
	});

	it('what waited to be told is not told after a restore', async () => {
		const { businessCentral, clock } = bc.sandbox;
		await subscribe();
		const told: string[] = [];
		businessCentral.webhooks.deliver = (_url, { body }) => {
			told.push(body);
			return Promise.resolve({ status: 200, body: '' });
		};
		bc.company.insert('customers', { displayName: 'A' });
		businessCentral.restore(businessCentral.snapshot());
		clock.advance(3600_000);
		await new Promise((resolve) => setImmediate(resolve));
		expect(told).toEqual([]);
	});

	// SystemModifiedAt is set when the row is written, inside the transaction
	it('a commit that comes an hour late brings rows with stamps of its beginning', async () => {
		const late = bc.sandbox.businessCentral.beginTransaction();
		const row = late.insert(bc.company, 'customers', { displayName: 'Late' });
		bc.sandbox.clock.advance(3_600_000);
		bc.token = bc.sandbox.login.token('businessCentral');
		const other = (await bc.post('customers', { displayName: 'Between' })).body;
		expect((await bc.get('customers')).body.value).toHaveLength(1);
		late.commit();
		const since = `lastModifiedDateTime ge ${other.lastModifiedDateTime}`;
		expect((await bc.filter('customers', since)).body.value).toHaveLength(1);
		expect((await bc.get(`customers(${String(row['id'])})`)).body.lastModifiedDateTime).toBe(new Date(NOON).toISOString());
	});
});

describe('Upper case as .NET has it', () => {
	// learn.microsoft.com System.String.ToUpperInvariant; Unicode simple case mapping
	it.each([
		['straße', 'STRAßE'],
		['ﬁnal', 'ﬁNAL'],
		['éàü', 'ÉÀÜ'],
		['σς', 'ΣΣ'],
		['ıi', 'ıI'],
		['ſ', 'ſ'],
		['ǆ', 'Ǆ'],
		['ŉ', 'ŉ'],
	])('%s → %s', (text, upper) => {
		expect(upperCase(text)).toBe(upper);
	});

	it.each([
		['izmir', 'İZMİR'],
		['ıi', 'Iİ'],
		['straße', 'STRAßE'],
	])('on a Turkish server %s → %s', (text, upper) => {
		expect(upperCase(text, 'tr-TR')).toBe(upper);
	});

	it('codes keep their ß, and are found by it', async () => {
		const bc = new Client();
		const { body } = await bc.post('customers', { number: 'groß', displayName: 'A' });
		expect(body.number).toBe('GROß');
		expect((await bc.filter('customers', "number eq 'Groß'")).body.value).toHaveLength(1);
		expect((await bc.filter('customers', "number eq 'GROSS'")).body.value).toHaveLength(0);
		expect((await bc.post('customers', { number: 'GROSS', displayName: 'B' })).status).toBe(201);
	});

	it('a Turkish server writes codes its own way', async () => {
		const bc = new Client();
		bc.company.settings.culture = 'tr-TR';
		expect((await bc.post('customers', { number: 'kiwi', displayName: 'A' })).body.number).toBe('KİWİ');
	});
});

describe('Time and load', () => {
	// learn.microsoft.com "Operational limits": 8 minutes, then 408; the gateway after 10 minutes, 504
	it.each([
		[480_000, 200],
		[480_001, 408],
		[600_001, 504],
	])('a request of %d ms → %d', async (ms, status) => {
		const bc = new Client();
		bc.sandbox.latency = { roundTripMs: 0, perOperationMs: ms };
		const reply = await bc.post('customers', { displayName: 'A' });
		expect(reply.status).toBe(status === 200 ? 201 : status);
		expect(bc.company.count('customers')).toBe(status === 200 ? 1 : 0);
	});

	it('a batch has the same time as a whole; what was done before it ended is done', async () => {
		const bc = new Client();
		bc.sandbox.latency = { roundTripMs: 0, perOperationMs: 200_000 };
		const part = { method: 'POST', url: 'customers', body: { displayName: 'A' } };
		expect((await bc.batch([part, part, part])).status).toBe(408);
		expect(bc.company.count('customers')).toBe(2);
	});

	// learn.microsoft.com "Operational limits": 5 at a time, 95 wait, then 429
	it('serves 5 requests of a user at a time, lets 95 wait and refuses the 101st', async () => {
		const bc = new Client(null);
		bc.sandbox.latency = { roundTripMs: 0, perOperationMs: 5 };
		const all = await Promise.all(Array.from({ length: 103 }, () => bc.get('companies')));
		const refused = all.filter(({ status }) => status === 429);
		expect(refused).toHaveLength(3);
		expect(refused[0]!.body.error).toEqual({
			code: 'Application_TooManyRequests',
			message: 'Too many requests reached. Actual (101). Maximum (100).',
		});
		expect(refused[0]!.headers).not.toHaveProperty('retry-after');
	});

	it('other users have a budget of their own', async () => {
		const bc = new Client();
		bc.sandbox.businessCentral.throttle.limits.rate = 1;
		expect((await bc.get('/companies')).status).toBe(200);
		expect((await bc.get('/companies')).status).toBe(429);
		const { businessCentralUser, accessKey } = bc.sandbox.login.identities[1]!;
		const authorization = `Basic ${Buffer.from(`${businessCentralUser}:${accessKey}`).toString('base64')}`;
		expect((await bc.get('/companies', { authorization })).status).toBe(200);
		bc.sandbox.clock.advance(300_000);
		expect((await bc.get('/companies')).status).toBe(200);
	});
});

describe('Other addresses', () => {
	let bc: Client;
	beforeEach(() => (bc = new Client()));
	const runtime = `${inProcess.businessCentral}/v2.0/sandbox/api/microsoft/runtime/beta`;

	// learn.microsoft.com "Working with webhooks", Supported entities
	it.each([
		['', true],
		["?$filter=resource eq 'v2.0*'", true],
		["?$filter=resource eq 'v2.0/customers'", true],
		["?$filter=resource eq 'v1.0*'", false],
	])('webhookSupportedResources%s', async (query, listed) => {
		for (const root of [runtime, `${runtime}/companies(${bc.company.id})`]) {
			const { body } = await bc.get(`${root}/webhookSupportedResources${query}`);
			expect(body.value.some(({ resource }: Json) => resource === 'v2.0/customers')).toBe(listed);
		}
	});

	it.each(['salesOrderLines', 'pictures', 'taxGroups', 'documentAttachments', 'jobQueueEntries', 'contactsInformation', 'companies'])(
		'%s are not among them: temporary, a system table, or the job queue',
		async (set) => {
			const { body } = await bc.get(`${runtime}/webhookSupportedResources`);
			expect(body.value).not.toContainEqual({ resource: `v2.0/${set}` });
		},
	);

	it.each(["$filter=resource ne 'v2.0'", "$filter=startswith(resource,'v2')"])('refuses %s', async (query) => {
		expect((await bc.get(`${runtime}/webhookSupportedResources?${query}`)).status).toBe(501);
	});

	// learn.microsoft.com "Automation APIs": companies, users
	it('the automation API lists companies and users', async () => {
		const root = `${inProcess.businessCentral}/v2.0/sandbox/api/microsoft/automation/v2.0`;
		expect((await bc.get(`${root}/companies`)).body.value).toEqual([expect.objectContaining({ id: bc.company.id, name: 'CRONUS' })]);
		const { body } = await bc.get(`${root}/companies(${bc.company.id})/users`);
		expect(body.value.map(({ userName }: Json) => userName)).toEqual(['SYNC', 'ANNA', 'BEN']);
		expect((await bc.get(`${root}/companies(${bc.company.id})/extensions`)).status).toBe(404);
	});

	it('other APIs are not there', async () => {
		expect((await bc.get(`${inProcess.businessCentral}/v2.0/sandbox/api/contoso/crm/v1.0/companies`)).status).toBe(404);
		expect((await bc.get(`${inProcess.businessCentral}/v2.0/sandbox/api/v1.0/companies`)).status).toBe(404);
	});

	it('a single-tenant server knows its tenant as default only', async () => {
		expect((await bc.get('/companies?tenant=default')).status).toBe(200);
		expect(code(await bc.get('/companies?tenant=other'))).toBe('404 Internal_TenantNotFound');
	});
});

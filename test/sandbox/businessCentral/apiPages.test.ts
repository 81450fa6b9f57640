import { parseBatch } from '../../../sandbox/odata/multipart';
import { Client, code, NOON, type Json } from './client';

/**
 * API pages of an extension: https://learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-api-pagetype,
 * /dev-itpro/webservices/api-endpoint-structure, /dev-itpro/api-reference/v2.0/dynamics-subscriptions.
 */
const address = { publisher: 'contoso', group: 'sales', version: 'v1.0' };
const route = 'contoso/sales/v1.0';
const json = { 'content-type': 'application/json' };

class WithExtension extends Client {
	readonly api = this.root.replace('v2.0/sandbox/api/v2.0', `v2.0/sandbox/api/${route}`);

	constructor() {
		super();
		const { businessCentral } = this.sandbox;
		businessCentral.defineApiPage({
			...address,
			entityName: 'visitLine',
			entitySetName: 'visitLines',
			table: 'Visit Line',
			primaryKey: ['Visit Code', 'Line No.'],
			properties: { id: 'SystemId|guid!', visitCode: 'Visit Code|code10', lineNo: 'Line No.|integer', note: 'Note|text50' },
		});
		businessCentral.defineApiPage({
			...address,
			entityName: 'visit',
			entitySetName: 'visits',
			table: 'Visit',
			primaryKey: ['Code'],
			required: ['code'],
			properties: {
				systemId: 'SystemId|guid!',
				code: 'Code|code10',
				subject: 'Subject|text30',
				kind: 'Kind|enum(visitKind): ,On Site,Remote',
				hours: 'Hours|decimal',
				done: 'Done|boolean',
				systemCreatedAt: 'SystemCreatedAt|dateTime!',
				systemCreatedBy: 'SystemCreatedBy|guid!',
				systemModifiedAt: 'SystemModifiedAt|dateTime!',
				systemModifiedBy: 'SystemModifiedBy|guid!',
				systemRowVersion: 'SystemRowVersion|bigInteger!',
			},
			parts: [{ name: 'visitLines', entitySet: 'visitLines', many: true, link: { 'Visit Code': 'Code' } }],
		});
		businessCentral.defineApiPage({
			...address,
			entityName: 'customer',
			entitySetName: 'customers',
			table: 'Customer',
			insert: false,
			delete: false,
			properties: { id: 'SystemId|guid!', number: 'No.!', name: 'Name', fax: 'Fax No.|text30', stamp: 'SystemModifiedAt|dateTime!' },
		});
	}

	at(path: string): string {
		return path.startsWith('/') ? this.api + path : `${this.api}/companies(${this.company.id})/${path}`;
	}

	visit(values: Record<string, unknown> = {}): Promise<Json> {
		// prettier-ignore
		return this.post(this.at('visits'), { code: 'V1', subject: 'First', ...values }).then(({ body }) => body);
	}
}

let bc: WithExtension;
beforeEach(() => {
	bc = new WithExtension();
});

describe('an API page of an extension', () => {
	test('is created, read, changed with its etag and deleted', async () => {
		const created = await bc.post(bc.at('visits'), { code: 'v1', subject: 'First', kind: 'On_x0020_Site', hours: 1.5 });
		expect(created.status).toBe(201);
		expect(created.body).toMatchObject({ code: 'V1', subject: 'First', kind: 'On_x0020_Site', hours: 1.5, done: false });
		expect(created.headers['location']).toBe(`${bc.at('visits')}(${created.body.systemId})`);
		expect(created.body['@odata.context']).toBe(`${bc.api}/$metadata#companies(${bc.company.id})/visits/$entity`);
		const one = bc.at(`visits(${created.body.systemId})`);
		expect(code(await bc.patch(one, { hours: 2 }, null))).toBe('400 BadRequest_InvalidToken');
		const changed = await bc.patch(one, { hours: 2 }, created.body['@odata.etag']);
		expect(changed.body).toMatchObject({ hours: 2, subject: 'First' });
		expect(code(await bc.patch(one, { hours: 3 }, created.body['@odata.etag']))).toBe('409 Request_EntityChanged');
		expect((await bc.send('DELETE', one, undefined, { 'if-match': changed.body['@odata.etag'] })).status).toBe(204);
		expect((await bc.get(one)).status).toBe(404);
	});

	test('tells who wrote a row, when, and its version', async () => {
		const first = await bc.visit();
		const users = bc.sandbox.businessCentral.users();
		const sync = users.find(({ userName }) => userName === 'SYNC')!.userSecurityId;
		const anna = users.find(({ userName }) => userName === 'ANNA')!.userSecurityId;
		expect(first).toMatchObject({ systemCreatedBy: sync, systemModifiedBy: sync, systemModifiedAt: '2026-06-01T12:00:00.000Z' });
		bc.sandbox.clock.advance(60_000);
		bc.company.update(`${route}/visits`, first['systemId'] as string, { subject: 'Second' });
		const { body } = await bc.get(bc.at(`visits(${first['systemId']})`));
		expect(body).toMatchObject({ systemCreatedBy: sync, systemModifiedBy: anna, systemModifiedAt: '2026-06-01T12:01:00.000Z' });
		expect(body.systemRowVersion).toBeGreaterThan(first['systemRowVersion'] as number);
		const since = await bc.get(bc.at(`visits?$filter=systemRowVersion gt ${first['systemRowVersion']}`));
		expect(since.body.value).toHaveLength(1);
	});

	test.each([
		["code eq 'V2'", ['V2']],
		["code eq 'v2'", ['V2']],
		["startswith(subject,'S')", ['V2']],
		["kind eq 'Remote'", ['V3']],
		['hours gt 1 and done eq false', ['V2', 'V3']],
		["code eq 'V1' or code eq 'V3'", ['V1', 'V3']],
		['systemModifiedAt gt 2026-06-01T12:00:30Z', ['V3']],
	])('filters as other pages do: %s', async (filter, codes) => {
		await bc.visit();
		await bc.visit({ code: 'V2', subject: 'Second', hours: 2 });
		bc.sandbox.clock.advance(60_000);
		await bc.visit({ code: 'V3', kind: 'Remote', hours: 3 });
		const { body } = await bc.get(`${bc.at('visits')}?$select=code&$filter=${encodeURIComponent(filter)}`);
		expect(body.value.map((row: { code: string }) => row.code)).toEqual(codes);
	});

	test('pages, sorts by the stamp and counts', async () => {
		for (let number = 1; number <= 5; number++) {
			await bc.visit({ code: `V${number}` });
			bc.sandbox.clock.advance(1000);
		}
		const url = `${bc.at('visits')}?$orderby=systemModifiedAt&$select=code&$count=true`;
		const first = await bc.get(url, { prefer: 'odata.maxpagesize=3' });
		expect([first.body['@odata.count'], first.body.value.length]).toEqual([5, 3]);
		expect(first.body['@odata.nextLink']).toContain(`/api/${route}/`);
		const second = await bc.get(first.body['@odata.nextLink'], { prefer: 'odata.maxpagesize=3' });
		expect(second.body.value.map((row: { code: string }) => row.code)).toEqual(['V4', 'V5']);
		expect((await bc.get(bc.at('visits/$count'))).text).toBe('5');
	});

	test.each<[string, Record<string, unknown>, string]>([
		['a property it does not have', { code: 'V9', colour: 'red' }, '400 BadRequest'],
		['a read-only property', { code: 'V9', systemModifiedAt: '2026-01-01T00:00:00Z' }, '400 BadRequest_InvalidOperation'],
		['a text that is too long', { code: 'V9', subject: 'x'.repeat(31) }, '400 Application_StringExceededLength'],
		['a member its enum does not have', { code: 'V9', kind: 'Elsewhere' }, '400 Unknown'],
		['a key that is taken', { code: 'V1' }, '409 Internal_EntityWithSameKeyExists'],
	])('refuses %s', async (_what, body, expected) => {
		await bc.visit();
		expect(code(await bc.post(bc.at('visits'), body))).toBe(expected);
		expect(bc.company.rows(`${route}/visits`)).toHaveLength(1);
	});

	test('over a table of Business Central shows its rows, and keeps what only the extension shows', async () => {
		const { body } = await bc.post('customers', { displayName: 'Adatum', number: 'C1' });
		const { body: seen } = await bc.get(bc.at(`customers(${body.id})`));
		expect(seen).toMatchObject({ id: body.id, number: 'C1', name: 'Adatum', fax: '' });
		const changed = await bc.patch(bc.at(`customers(${body.id})`), { fax: '1' }, seen['@odata.etag']);
		expect(changed.body.fax).toBe('1');
		expect((await bc.get(`customers(${body.id})`)).body['@odata.etag']).not.toBe(body['@odata.etag']);
		expect(code(await bc.post(bc.at('customers'), { name: 'B' }))).toBe('405 BadRequest_MethodNotAllowed');
		expect(code(await bc.send('DELETE', bc.at(`customers(${body.id})`)))).toBe('405 BadRequest_MethodNotAllowed');
	});

	test('has parts: read below their parent, expanded, created with it and alone', async () => {
		const visit = await bc.visit({ visitLines: [{ lineNo: 20, note: 'b' }, { lineNo: 10, note: 'a' }] }); // prettier-ignore
		await bc.visit({ code: 'V2', visitLines: [{ lineNo: 10, note: 'other' }] });
		const lines = await bc.get(bc.at(`visits(${visit['systemId']})/visitLines?$select=lineNo,visitCode`));
		expect(lines.body.value.map(({ visitCode, lineNo }: { visitCode: string; lineNo: number }) => `${visitCode}/${lineNo}`)).toEqual(['V1/10', 'V1/20']); // prettier-ignore
		await bc.post(bc.at(`visits(${visit['systemId']})/visitLines`), { lineNo: 30 });
		const { body } = await bc.get(bc.at(`visits(${visit['systemId']})?$expand=visitLines($filter=lineNo ge 20;$select=lineNo)`));
		expect(body.visitLines.map(({ lineNo }: { lineNo: number }) => lineNo)).toEqual([20, 30]);
		const failed = await bc.post(bc.at('visits'), { code: 'V3', visitLines: [{ lineNo: 1 }, { lineNo: 1 }] });
		expect(code(failed)).toBe('409 Internal_EntityWithSameKeyExists');
		expect(bc.company.count(`${route}/visits`)).toBe(2);
	});

	test('needs the rights to its table', async () => {
		await bc.visit();
		bc.sandbox.businessCentral.permissions.deny('SYNC', 'Visit', 'Insert');
		expect(code(await bc.post(bc.at('visits'), { code: 'V2' }))).toBe('403 Authorization_RequestDenied');
		expect((await bc.get(bc.at('visits'))).status).toBe(200);
	});
});

describe('the API of an extension', () => {
	test('has a service document, a model, captions and companies of its own', async () => {
		const root = await bc.get(bc.api);
		expect(root.body.value.map(({ name }: { name: string }) => name)).toEqual(['companies', 'subscriptions', 'visitLines', 'visits', 'customers']); // prettier-ignore
		const { text } = await bc.get(bc.at('/$metadata'));
		expect(text).toContain('<EntityType Name="visit"');
		expect(text).toContain('<NavigationProperty Name="visitLines" Type="Collection(Microsoft.NAV.visitLine)"/>');
		expect(text).toContain('<Property Name="systemRowVersion" Type="Edm.Int64"');
		expect(text).toContain('<EnumType Name="visitKind">');
		expect(text).not.toContain('salesOrder');
		const definitions = await bc.get(bc.at('/entityDefinitions'));
		expect(definitions.body.value.map(({ entitySetName }: { entitySetName: string }) => entitySetName)).toContain('visits');
		expect((await bc.get(bc.at('/companies'))).body.value).toMatchObject([{ id: bc.company.id, name: 'CRONUS' }]);
	});

	test('does not reach into API v2.0, nor API v2.0 into it', async () => {
		expect(code(await bc.get(bc.at('vendors')))).toBe('404 BadRequest_ResourceNotFound');
		expect(code(await bc.get('visits'))).toBe('404 BadRequest_ResourceNotFound');
		expect((await bc.get(bc.at('visits').replace('contoso', 'fabrikam'))).status).toBe(404);
		expect((await bc.get(bc.at('visits').replace('/sales/', '/Sales/'))).status).toBe(200);
	});

	test.each(['', 'https://api.businesscentral.dynamics.com/v2.0/sandbox/api/contoso/sales/v1.0/', '/api/contoso/sales/v1.0/', '/'])(
		'has batches, whose parts may be written %p…',
		async (prefix) => {
			const url = `${prefix}companies(${bc.company.id})/visits`;
			const body = {
				requests: [
					{ id: '1', method: 'POST', url, headers: {}, body: { code: 'B1' } },
					{ id: '2', method: 'GET', url },
				],
			};
			const reply = await bc.post(bc.at('/$batch'), body, json);
			expect(reply.body.responses).toMatchObject([{ status: 201, body: { code: 'B1' } }, { status: 200, body: { value: [{ code: 'B1' }] } }]); // prettier-ignore
		},
	);

	// OData 4.0 Part 1, section 11.7.2: a part is carried out at the service the batch was sent to.
	test.each([
		'https://api.businesscentral.dynamics.com/v2.0/sandbox/api/v2.0/',
		'http://bc.sandbox/v2.0/other/api/contoso/sales/v1.0/',
		'/api/v2.0/',
	])('a part that leads elsewhere is refused: %s', async (prefix) => {
		const url = `${prefix}companies(${bc.company.id})/customers`;
		const reply = await bc.post(bc.at('/$batch'), { requests: [{ id: '1', method: 'GET', url }] }, json);
		expect(reply.body.responses).toMatchObject([{ status: 400 }]);
	});

	test('takes multipart batches, too', async () => {
		const body = `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET companies(${bc.company.id})/visits HTTP/1.1\r\n\r\n\r\n--b--\r\n`;
		await bc.visit();
		const reply = await bc.send('POST', bc.at('/$batch'), body, {
			'content-type': 'multipart/mixed; boundary=b',
			accept: 'multipart/mixed',
		});
		const readable = reply.text.replace(/^HTTP\/1\.1 (\d{3}).*$/gm, 'S $1 HTTP/1.1');
		const [item] = parseBatch(readable, reply.headers['content-type']);
		expect(item).toMatchObject({ request: { url: '200', body: expect.stringContaining('"code":"V1"') } });
	});

	test('has subscriptions, and is told of changes', async () => {
		const { businessCentral, clock } = bc.sandbox;
		const told: Array<{ resource: string; changeType: string }> = [];
		businessCentral.webhooks.deliver = (url, { body }) => {
			const token = new URL(url).searchParams.get('validationToken');
			if (token === null) told.push(...(JSON.parse(body) as { value: typeof told }).value);
			return Promise.resolve({ status: 200, body: token ?? '' });
		};
		const resource = `/api/${route}/companies(${bc.company.id})/visits`;
		const made = await bc.post(bc.at('/subscriptions'), { notificationUrl: 'https://receiver.example/', resource, clientState: 's' });
		expect(made.status).toBe(201);
		const visit = await bc.visit();
		clock.advance(30_000);
		await new Promise((resolve) => setImmediate(resolve));
		expect(told).toMatchObject([{ resource: `${resource}(${visit['systemId']})`, changeType: 'created' }]);
		expect((await bc.get(bc.at('/subscriptions'))).body.value).toHaveLength(1);
		const list = await bc.get(`${bc.root.replace('/api/v2.0', '/api/microsoft/runtime/beta')}/webhookSupportedResources?$filter=resource eq '${route}*'`); // prettier-ignore
		expect(list.body.value).toContainEqual({ resource: `${route}/visits` });
	});

	// https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/resources/dynamics_apicategoryroutes
	test('stands in the lists of routes', async () => {
		const expected = expect.arrayContaining([
			{ route: 'v2.0', publisher: '', group: '', version: 'v2.0' },
			{ route, publisher: 'contoso', group: 'sales', version: 'v1.0' },
		]);
		const company = `companies(${bc.company.id})`;
		const routes = await bc.get(bc.root.replace('/api/v2.0', `/api/microsoft/runtime/beta/${company}/apiRoutes`));
		expect(routes.body.value).toEqual(expected);
		const categories = await bc.get(bc.root.replace('/api/v2.0', `/api/microsoft/automation/v2.0/${company}/apicategoryroutes`));
		expect(categories.body.value).toEqual(expected);
	});

	test('is there in a copy of the environment, with rows and stamps', async () => {
		const visit = await bc.visit();
		bc.sandbox.clock.set(NOON + 60_000);
		bc.sandbox.businessCentral.copyEnvironment('Copy');
		const { body } = await bc.get(bc.at('visits').replace('/sandbox/', '/copy/'));
		expect(body.value).toMatchObject([{ systemId: visit['systemId'], systemModifiedAt: visit['systemModifiedAt'] }]);
	});

	test('definitions that do not hold together are refused', () => {
		const { businessCentral } = bc.sandbox;
		const page = { ...address, entityName: 'a', entitySetName: 'as', table: 'A', properties: { id: 'SystemId|guid!' } };
		expect(() => businessCentral.defineApiPage({ ...page, entitySetName: 'visits' })).toThrow('has an entity set visits already');
		expect(() => businessCentral.defineApiPage({ ...page, version: '1' })).toThrow('vN.N or beta');
		expect(() => businessCentral.defineApiPage({ ...page, group: 'a/b' })).toThrow('cannot be part of the address');
		expect(() => businessCentral.defineApiPage({ ...page, properties: { a: 'A|text10' } })).toThrow('needs a property that shows SystemId');
		expect(() => businessCentral.defineApiPage({ ...page, parts: [{ name: 'x', entitySet: 'xs', many: true, link: {} }] })).toThrow('does not have yet'); // prettier-ignore
	});
});

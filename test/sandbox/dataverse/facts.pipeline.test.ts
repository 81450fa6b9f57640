import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pluginRefusal } from '../../../sandbox/dataverse';
import { changeSet, environment, part, single } from './client';

const settle = async () => {
	for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** https://learn.microsoft.com/power-apps/developer/data-platform/event-framework, /bypass-custom-business-logic */
describe('plug-ins of the customer', () => {
	const upper = (row: Record<string, unknown>) => ({ name: String(row.name).toUpperCase() });

	test('before the write: what was sent is not what is stored', async () => {
		const { crm, post, patch } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create', 'Update'], when: 'before', run: upper });
		const { json, id } = await post('accounts?$select=name', { name: 'a' }, { prefer: 'return=representation' });
		expect(json.name).toBe('A');
		await patch(`accounts(${id || String(json.accountid)})`, { name: 'b' });
		expect(crm.rows('account')[0]!.name).toBe('B');
	});

	test("after the write, in its transaction: the version moves once more than the client's own write", async () => {
		const { crm, post } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create'], when: 'after', run: () => ({ description: 'touched' }) });
		const plain = environment();
		const { headers } = await post('accounts', { name: 'a' }, { prefer: 'return=representation' });
		const without = await plain.post('accounts', { name: 'a' }, { prefer: 'return=representation' });
		expect(crm.rows('account')).toMatchObject([{ description: 'touched' }]);
		expect(Number(/\d+/.exec(headers.etag!)![0])).toBeGreaterThan(Number(/\d+/.exec(without.headers.etag!)![0]));
	});

	test('later: the row changes by itself, by the administrator, seconds after the answer', async () => {
		const { crm, post, as, clock } = environment();
		const user = crm.addUser({ fullname: 'U' });
		crm.addPlugin({ table: 'account', messages: ['Create'], when: 'later', delayMs: 5000, run: upper });
		as(user);
		const { id } = await post('accounts', { name: 'a' });
		expect(crm.get('account', id)).toMatchObject({ name: 'a', modifiedby: user });
		clock.advance(4999);
		expect(crm.get('account', id).name).toBe('a');
		clock.advance(1);
		expect(crm.get('account', id)).toMatchObject({ name: 'A', modifiedby: crm.administrator, modifiedon: '2026-01-15T12:00:05Z' });
	});

	test('a refusal is 400 0x80040265 with its text, and nothing stays', async () => {
		const { crm, post } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create'], when: 'after', run: () => { throw pluginRefusal('A VAT number is missing.'); } }); // prettier-ignore
		expect(await post('accounts', { name: 'a' })).toMatchObject({ status: 400, code: '0x80040265', message: 'A VAT number is missing.' });
		expect(crm.rows('account')).toHaveLength(0);
	});

	test('plug-ins that start each other without end are stopped', async () => {
		const { crm, post } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create', 'Update'], when: 'after', run: () => ({ description: 'x' }) });
		expect(await post('accounts', { name: 'a' })).toMatchObject({ status: 400, code: '0x80044182' });
	});

	test('a plug-in can be taken away', async () => {
		const { crm, post } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create'], when: 'before', run: upper })();
		const { id } = await post('accounts', { name: 'a' });
		expect(crm.get('account', id).name).toBe('a');
	});

	test.each<[Record<string, string>, string, boolean]>([
		[{ 'mscrm.bypasscustompluginexecution': 'true' }, 'prvBypassCustomPlugins', false],
		[{ 'mscrm.bypassbusinesslogicexecution': 'CustomSync' }, 'prvBypassCustomBusinessLogic', false],
		[{ 'mscrm.bypassbusinesslogicexecution': 'CustomAsync' }, 'prvBypassCustomBusinessLogic', true],
		[{ 'mscrm.bypassbusinesslogicexecution': 'CustomSync,CustomAsync' }, 'prvBypassCustomBusinessLogic', false],
	])('%j goes past them, with the privilege %s', async (headers, privilege, stillRuns) => {
		const { crm, post } = environment();
		crm.addPlugin({ table: 'account', messages: ['Create'], when: 'before', run: upper });
		const { id } = await post('accounts', { name: 'a' }, headers);
		expect(crm.get('account', id).name).toBe(stillRuns ? 'A' : 'a');
		crm.revokePrivilege(crm.administrator, privilege);
		expect(await post('accounts', { name: 'a' }, headers)).toMatchObject({ status: 403, message: expect.stringContaining(privilege) });
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook, /use-webhooks */
describe('webhooks', () => {
	const settings = '<settings><setting name="x-secret" value="s3&amp;"/></settings>';
	interface Call {
		url: string;
		headers: Record<string, string>;
		json: Record<string, unknown> & { InputParameters: Array<{ key: string; value: Record<string, unknown> }>; SharedVariables: unknown[] };
	}

	async function registered(
		options: {
			message?: string;
			mode?: number;
			attributes?: string;
			authtype?: number;
			authvalue?: string;
			autodelete?: boolean;
			url?: string;
		} = {},
	) {
		const world = environment();
		const { crm, post, get, clock } = world;
		const calls: Call[] = [];
		const answers: Array<number | Error> = [];
		crm.webhooks.deliver = (url, { headers, body }) => {
			calls.push({ url, headers, json: JSON.parse(body) as Call['json'] });
			const answer = answers.shift() ?? 200;
			return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
		};
		const endpoint = await post('serviceendpoints', { name: 'n8n', url: options.url ?? 'https://hooks.example/crm', contract: 8, authtype: options.authtype ?? 5, authvalue: options.authvalue ?? settings, messageformat: 2 }); // prettier-ignore
		const message = options.message ?? 'Update';
		const found = await get(
			`sdkmessagefilters?$select=sdkmessagefilterid,_sdkmessageid_value,primaryobjecttypecode&$expand=sdkmessageid($select=name)&$filter=sdkmessageid/name eq '${message}' and primaryobjecttypecode eq 'account'`,
		);
		const filter = found.json.value[0]!;
		const step = await post('sdkmessageprocessingsteps', {
			name: 'accounts',
			stage: 40,
			mode: options.mode ?? 1,
			rank: 1,
			supporteddeployment: 0,
			asyncautodelete: options.autodelete ?? true,
			...(options.attributes && { filteringattributes: options.attributes }),
			'sdkmessageid@odata.bind': `/sdkmessages(${String(filter._sdkmessageid_value)})`,
			'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${String(filter.sdkmessagefilterid)})`,
			'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint.id})`,
		});
		const pass = async (ms: number) => {
			clock.advance(ms);
			await settle();
		};
		return { ...world, calls, answers, pass, endpoint: endpoint.id, step: step.id, registration: [endpoint, step] };
	}

	test('endpoint and step are registered through the Web API; the secret cannot be read', async () => {
		const { registration, get, endpoint, step } = await registered();
		expect(registration.map(({ status }) => status)).toEqual([204, 204]);
		expect((await get(`serviceendpoints(${endpoint})`)).json).toMatchObject({ isauthvalueset: true, authvalue: null });
		expect((await get(`sdkmessageprocessingsteps?$filter=_eventhandler_value eq ${endpoint}`)).json.value).toMatchObject([
			{ sdkmessageprocessingstepid: step },
		]);
	});

	test('a write is told after its commit, asynchronously, with its context', async () => {
		const { crm, patch, calls, pass } = await registered();
		const id = crm.insert('account', { name: 'A', revenue: 5 });
		await patch(`accounts(${id})?tag=sync`, { name: 'B', industrycode: 1 });
		await settle();
		expect(calls).toEqual([]);
		await pass(2000);
		expect(calls).toHaveLength(1);
		expect(calls[0]!.headers).toMatchObject({
			'x-secret': 's3&',
			'x-ms-dynamics-entity-name': 'account',
			'x-ms-dynamics-request-name': 'Update',
			'x-ms-correlation-request-id': expect.any(String),
		});
		expect(calls[0]!.json).toMatchObject({
			MessageName: 'Update',
			PrimaryEntityName: 'account',
			PrimaryEntityId: id,
			Mode: 1,
			Stage: 40,
			Depth: 1,
			InitiatingUserId: crm.administrator,
			OrganizationId: crm.organizationId,
			SharedVariables: [{ key: 'tag', value: 'sync' }],
		});
		const target = calls[0]!.json.InputParameters[0]!.value as { Attributes: unknown[]; Id: string };
		expect(target.Id).toBe(id);
		expect(target.Attributes).toEqual(expect.arrayContaining([{ key: 'name', value: 'B' }, { key: 'industrycode', value: expect.objectContaining({ Value: 1 }) }])); // prettier-ignore
		expect(calls[0]!.json.OperationCreatedOn).toMatch(/^\/Date\(\d+\)\/$/);
	});

	test.each([['Create'], ['Delete']])('%s', async (message) => {
		const { crm, calls, pass } = await registered({ message });
		const id = crm.insert('account', { name: 'A' });
		crm.remove('account', id);
		await pass(2000);
		expect(calls.map(({ json }) => json.MessageName)).toEqual([message]);
		expect(calls[0]!.json.PrimaryEntityId).toBe(id);
	});

	test('bulk messages tell each row', async () => {
		const { post, calls, pass } = await registered({ message: 'Create' });
		const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' };
		await post('accounts/Microsoft.Dynamics.CRM.CreateMultiple', { Targets: [target, target, target] });
		await pass(2000);
		expect(calls).toHaveLength(3);
	});

	test('filtering attributes: only when one of them was written, equal value or not', async () => {
		const { crm, calls, pass } = await registered({ attributes: 'telephone1,name' });
		const id = crm.insert('account', { name: 'A' });
		crm.update('account', id, { fax: '1' });
		await pass(2000);
		expect(calls).toHaveLength(0);
		crm.update('account', id, { name: 'A' });
		await pass(2000);
		expect(calls).toHaveLength(1);
	});

	test('what is rolled back is not told', async () => {
		const { batch, calls, pass } = await registered({ message: 'Create' });
		await batch([{ kind: 'changeset', requests: [{ method: 'POST', url: 'accounts', headers: {}, body: '{"name":"A"}', contentId: '1' }, { method: 'POST', url: 'accounts', headers: {}, body: '{"nothing":"A"}', contentId: '2' }] }]); // prettier-ignore
		await pass(5000);
		expect(calls).toHaveLength(0);
	});

	test('other tables, other messages and a step that is switched off are not told', async () => {
		const { crm, patch, calls, pass, step } = await registered();
		crm.insert('contact', { lastname: 'C' });
		const id = crm.insert('account', { name: 'A' });
		await patch(`sdkmessageprocessingsteps(${step})`, { statecode: 1, statuscode: 2 });
		crm.update('account', id, { name: 'B' });
		await pass(5000);
		expect(calls).toHaveLength(0);
	});

	test.each<[Record<string, string>]>([
		[{ 'mscrm.bypassbusinesslogicexecution': 'CustomAsync' }],
		[{ 'mscrm.bypassbusinesslogicexecutionstepids': 'STEP' }],
	])('%j goes past it', async (headers) => {
		// prettier-ignore
		const { crm, patch, calls, pass, step } = await registered();
		const id = crm.insert('account', { name: 'A' });
		const [name, value] = Object.entries(headers)[0]!;
		await patch(`accounts(${id})`, { name: 'B' }, { [name]: value.replace('STEP', step) });
		await pass(5000);
		expect(calls).toHaveLength(0);
	});

	test.each([502, 503, 504])('%i is tried once more', async (status) => {
		const { crm, calls, answers, pass } = await registered();
		const id = crm.insert('account', { name: 'A' });
		answers.push(status, status);
		crm.update('account', id, { name: 'B' });
		await pass(2000);
		await pass(60_000);
		await pass(600_000);
		expect(calls).toHaveLength(2);
		expect(crm.rows('asyncoperation')).toMatchObject([{ statecode: 3, statuscode: 31, retrycount: 1 }]);
	});

	test.each<[string, number | Error]>([
		['401', 401],
		['500', 500],
		['a redirect', 302],
		['no answer', new Error('ECONNREFUSED')],
	])('%s is a failure at once; the job stays with its reason', async (_name, answer) => {
		// prettier-ignore
		const { crm, get, calls, answers, pass, step } = await registered();
		const id = crm.insert('account', { name: 'A' });
		answers.push(answer);
		crm.update('account', id, { name: 'B' });
		await pass(2000);
		await pass(600_000);
		expect(calls).toHaveLength(1);
		const { json } = await get(
			`asyncoperations?$select=statuscode,message&$filter=_owningextensionid_value eq ${step} and statuscode eq 31`,
		);
		expect(json.value).toHaveLength(1);
		expect(String(json.value[0]!.message)).toMatch(answer instanceof Error ? /ECONNREFUSED/ : new RegExp(String(answer)));
	});

	test.each([
		[true, 0],
		[false, 1],
	])('asyncautodelete %s leaves %i finished jobs', async (autodelete, left) => {
		// prettier-ignore
		const { crm, pass } = await registered({ autodelete });
		const id = crm.insert('account', { name: 'A' });
		crm.update('account', id, { name: 'B' });
		expect(crm.rows('asyncoperation')).toMatchObject([{ statecode: 0 }]);
		await pass(2000);
		expect(crm.rows('asyncoperation')).toHaveLength(left);
		for (const job of crm.rows('asyncoperation')) expect(job).toMatchObject({ statecode: 3, statuscode: 30 });
	});

	test('authentication: a key in `code`, values in the query string', async () => {
		for (const [authtype, authvalue, url] of [
			[4, 'k 1', 'https://hooks.example/crm?code=k+1'],
			[6, settings, 'https://hooks.example/crm?x-secret=s3%26'],
		] as const) {
			// prettier-ignore
			const { crm, calls, pass } = await registered({ authtype, authvalue });
			const id = crm.insert('account', { name: 'A' });
			crm.update('account', id, { name: 'B' });
			await pass(2000);
			expect(calls[0]!.url).toBe(url);
		}
	});

	test('settings that are no XML are accepted and fail at delivery: 0x80050203', async () => {
		const { crm, calls, pass } = await registered({ authvalue: 'x-secret: 1' });
		const id = crm.insert('account', { name: 'A' });
		crm.update('account', id, { name: 'B' });
		await pass(2000);
		expect(calls).toHaveLength(0);
		expect(crm.rows('asyncoperation')).toMatchObject([{ statuscode: 31, message: expect.stringContaining('0x80050203') }]);
	});

	test('only ports 80 and 443, unless loopback ports are allowed for a test', async () => {
		const { crm, calls, pass } = await registered({ url: 'http://127.0.0.1:5678/webhook' });
		const id = crm.insert('account', { name: 'A' });
		crm.update('account', id, { name: 'B' });
		await pass(2000);
		expect(calls).toHaveLength(0);
		crm.webhooks.anyPort = true;
		crm.update('account', id, { name: 'C' });
		await pass(2000);
		expect(calls).toHaveLength(1);
	});

	/** use-webhooks: "If synchronous, the call is made in the transaction"; a failure ends it, and the user is told. */
	describe('synchronous steps', () => {
		test('are called before the write is committed, without a system job', async () => {
			const { crm, calls, post, get } = await registered({ message: 'Create', mode: 0 });
			const before = crm.webhooks.deliver;
			let seen: unknown[] = [];
			crm.webhooks.deliver = async (url, request) => {
				seen = crm.rows('account');
				return await before(url, request);
			};
			const { status, id } = await post('accounts', { name: 'A' });
			expect([status, calls.length]).toEqual([204, 1]);
			expect(calls[0]!.json).toMatchObject({ Mode: 0, IsInTransaction: true, PrimaryEntityId: id });
			expect(seen).toHaveLength(1);
			expect((await get('asyncoperations')).json.value).toEqual([]);
		});

		test.each<[string, number | Error]>([
			['500', 500],
			['404', 404],
			['no answer', new Error('timed out')],
		])('a receiver with %s makes the save fail, and nothing stays', async (_name, answer) => {
			// prettier-ignore
			const { crm, answers, calls, post } = await registered({ message: 'Create', mode: 0 });
			answers.push(answer);
			expect(await post('accounts', { name: 'A' })).toMatchObject({ status: 400, code: '0x80040265' });
			expect([crm.rows('account'), calls.length]).toEqual([[], 1]);
			expect((await post('accounts', { name: 'A' })).status).toBe(204);
		});

		test('in a change set the whole set fails; other parts of a batch stand', async () => {
			const { crm, answers, batch } = await registered({ message: 'Create', mode: 0 });
			answers.push(200, 503);
			const one = (name: string, id: string) => part('POST', 'accounts', { name }, {}, id);
			const set = await batch([changeSet(one('A', '1'), one('B', '2'))]);
			expect([set.parts.map(({ status }) => status), crm.rows('account')]).toEqual([[400], []]);
			answers.push(200, 503);
			await batch([single('POST', 'accounts', { name: 'C' }), single('POST', 'accounts', { name: 'D' })]);
			expect(crm.rows('account').map(({ name }) => name)).toEqual(['C']);
		});

		test('reads and writes that no step fits do not wait; a client may go past them', async () => {
			const { crm, answers, calls, get, post } = await registered({ message: 'Create', mode: 0 });
			answers.push(500);
			expect((await get('accounts')).status).toBe(200);
			expect((await post('contacts', { lastname: 'A' })).status).toBe(204);
			expect((await post('accounts', { name: 'A' }, { 'mscrm.bypassbusinesslogicexecution': 'CustomSync' })).status).toBe(204);
			expect([calls.length, crm.rows('account').length]).toEqual([0, 1]);
		});

		test('another request waits until the receiver has answered', async () => {
			const { crm, post, get } = await registered({ message: 'Create', mode: 0 });
			let release: (status: number) => void = () => {};
			crm.webhooks.deliver = () => new Promise((resolve) => (release = resolve));
			const saving = post('accounts', { name: 'A' });
			await settle();
			const reading = get('accounts');
			await settle();
			release(500);
			expect([(await saving).status, (await reading).json.value]).toEqual([400, []]);
		});
	});

	test('above 256 KB inputs and images are left out', async () => {
		const { crm, calls, pass } = await registered();
		const id = crm.insert('account', { name: 'A' });
		crm.defineColumn('account', { logicalName: 'new_text', type: 'Memo', access: 'full', maxLength: 1_000_000 });
		crm.update('account', id, { new_text: 'x'.repeat(300_000) });
		await pass(2000);
		expect(calls[0]!.headers['x-ms-dynamics-msg-size-exceeded']).toBe('true');
		expect(calls[0]!.json).toMatchObject({ InputParameters: [], PrimaryEntityId: id, PrimaryEntityName: 'account' });
	});

	test.each([
		['no address', { contract: 8, authtype: 5, authvalue: settings, name: 'a' }],
		['another authentication', { contract: 8, authtype: 2, authvalue: settings, url: 'https://a.example', name: 'a' }],
		['no authentication value', { contract: 8, authtype: 5, url: 'https://a.example', name: 'a' }],
		['too long a value', { contract: 8, authtype: 5, url: 'https://a.example', name: 'a', authvalue: 'x'.repeat(2049) }],
		['no contract', { authtype: 5, url: 'https://a.example', name: 'a', authvalue: settings }],
	])('an endpoint with %s is refused', async (_name, body) => {
		const { post } = environment();
		expect((await post('serviceendpoints', body)).status).toBe(400);
	});

	test('steps: filtering attributes are for Update, asynchronous ones come after the operation, synchronous ones before it are not modelled', async () => {
		const { post, endpoint, get } = await registered();
		const { json } = await get("sdkmessages?$select=sdkmessageid&$filter=name eq 'Create'");
		const step = {
			name: 's',
			stage: 40,
			mode: 1,
			'sdkmessageid@odata.bind': `/sdkmessages(${String(json.value[0]!.sdkmessageid)})`,
			'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
		};
		expect((await post('sdkmessageprocessingsteps', { ...step, filteringattributes: 'name' })).status).toBe(400);
		expect((await post('sdkmessageprocessingsteps', { ...step, stage: 20 })).status).toBe(400);
		expect((await post('sdkmessageprocessingsteps', { ...step, mode: 0, stage: 20 })).status).toBe(501);
		expect((await post('sdkmessageprocessingsteps', step)).status).toBe(204);
	});

	test.each(['prvCreateServiceEndpoint', 'prvCreateSdkMessageProcessingStep'])('registering takes %s', async (privilege) => {
		const { crm, post, endpoint } = await registered();
		crm.revokePrivilege(crm.administrator, privilege);
		const endpointBody = { name: 'b', url: 'https://a.example', contract: 8, authtype: 5, authvalue: settings };
		const stepBody = { name: 's', stage: 40, mode: 1, 'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})` };
		const answer = privilege.includes('Endpoint')
			? await post('serviceendpoints', endpointBody)
			: await post('sdkmessageprocessingsteps', stepBody);
		expect(answer).toMatchObject({ status: 403, message: expect.stringContaining(privilege) });
	});

	test('an endpoint goes after its steps', async () => {
		const { del, endpoint, step } = await registered();
		expect((await del(`serviceendpoints(${endpoint})`)).status).toBe(405);
		expect((await del(`sdkmessageprocessingsteps(${step})`)).status).toBe(204);
		expect((await del(`serviceendpoints(${endpoint})`)).status).toBe(204);
	});

	test('over real HTTP to a receiver on this machine', async () => {
		const seen: string[] = [];
		const server = createServer((request, response) => {
			seen.push(String(request.headers['x-secret']));
			response.statusCode = 200;
			response.end();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const world = await registered({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
		const fresh = environment().crm.webhooks.deliver;
		world.crm.webhooks.deliver = fresh;
		world.crm.webhooks.anyPort = true;
		const id = world.crm.insert('account', { name: 'A' });
		world.crm.update('account', id, { name: 'B' });
		world.clock.advance(2000);
		while (world.crm.rows('asyncoperation').some(({ statecode }) => statecode !== 3))
			await new Promise((resolve) => setTimeout(resolve, 5));
		server.close();
		expect(seen).toEqual(['s3&']);
	});

	test('messages of a table tell whether it has bulk messages', async () => {
		const { get } = environment();
		const ask = async (table: string) =>
			(
				await get(
					`sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq 'CreateMultiple' and primaryobjecttypecode eq '${table}'`,
				)
			).json.value.length;
		expect([await ask('account'), await ask('uom')]).toEqual([1, 0]);
		expect((await get('sdkmessagefilters?$orderby=primaryobjecttypecode&$top=1&$select=nothing')).status).toBe(400);
	});
});

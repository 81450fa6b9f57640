import { createSandbox, ConnectionDropped, inProcess } from '../../../sandbox';
import { changeSet, environment, part, single, start } from './client';

const id = (number: number) => `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** https://learn.microsoft.com/power-platform/admin/backup-restore-environments, /power-platform/admin/copy-environment */
describe('snapshot, restore and copy', () => {
	test('restoring brings rows, versions and stamps of then back', async () => {
		const { crm, patch, post, get, clock } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		crm.insert('account', { accountid: id(2), name: 'B' });
		const before = (await get('accounts?$select=name,modifiedon&$orderby=name')).json.value;
		const snapshot = crm.snapshot();
		clock.advance(86_400_000);
		await patch(`accounts(${id(1)})`, { name: 'changed' });
		await post('accounts', { accountid: id(3), name: 'new' });
		crm.remove('account', id(2));
		crm.restore(snapshot);
		expect((await get('accounts?$select=name,modifiedon&$orderby=name')).json.value).toEqual(before);
	});

	test('versions count on from the restored one, so a number is given twice', async () => {
		const { crm, patch, get } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		const snapshot = crm.snapshot();
		await patch(`accounts(${id(1)})`, { name: 'one future' });
		const first = (await get(`accounts(${id(1)})`)).headers.etag;
		crm.restore(snapshot);
		await patch(`accounts(${id(1)})`, { name: 'another future' });
		expect((await get(`accounts(${id(1)})`)).headers.etag).toBe(first);
	});

	test('a row created since is gone, an If-Match of the lost future is stale', async () => {
		const { crm, patch, get } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		const snapshot = crm.snapshot();
		await patch(`accounts(${id(1)})`, { name: 'B' });
		const { headers } = await get(`accounts(${id(1)})`);
		crm.restore(snapshot);
		expect((await patch(`accounts(${id(1)})`, { name: 'C' }, { 'if-match': headers.etag! })).status).toBe(412);
	});

	test('deletions of before are still told by change tracking, those of after are not', async () => {
		const { crm, get } = environment();
		const track = { prefer: 'odata.track-changes' };
		crm.insert('account', { accountid: id(1), name: 'A' });
		crm.insert('account', { accountid: id(2), name: 'B' });
		const { json } = await get('accounts?$select=name', track);
		crm.remove('account', id(1));
		const snapshot = crm.snapshot();
		crm.remove('account', id(2));
		crm.restore(snapshot);
		const delta = await get(String(json['@odata.deltaLink']), track);
		expect(delta.json.value.map((row) => row.id)).toEqual([id(1)]);
	});

	test('a delta token of the lost future asks from ahead of the environment', async () => {
		const { crm, get, patch } = environment();
		const track = { prefer: 'odata.track-changes' };
		crm.insert('account', { accountid: id(1), name: 'A' });
		const snapshot = crm.snapshot();
		for (let turn = 0; turn < 5; turn++) await patch(`accounts(${id(1)})`, { name: String(turn) });
		const { json } = await get('accounts?$select=name', track);
		crm.restore(snapshot);
		await patch(`accounts(${id(1)})`, { name: 'after' });
		expect((await get(String(json['@odata.deltaLink']), track)).json.value).toEqual([]);
	});

	test('a copy has the same rows and versions under another organization id', async () => {
		const { crm, get } = environment();
		crm.insert('account', { accountid: id(1), name: 'A' });
		const before = { who: (await get('WhoAmI')).json, row: (await get(`accounts(${id(1)})`)).json };
		const copy = crm.becomeCopy(id(500));
		expect(copy).toBe(id(500));
		const who = (await get('WhoAmI')).json;
		expect(who.OrganizationId).toBe(id(500));
		expect({ ...who, OrganizationId: before.who.OrganizationId }).toEqual(before.who);
		expect((await get(`accounts(${id(1)})`)).json).toEqual(before.row);
		expect((await get('organizations')).json.value).toMatchObject([{ organizationid: id(500), name: 'Sandbox' }]);
	});

	test('a copy delivers no webhooks until background operations are switched on', async () => {
		const { crm } = environment();
		expect(crm.webhooks.running).toBe(true);
		crm.becomeCopy();
		expect(crm.webhooks.running).toBe(false);
	});

	test('going back to a snapshot of the original is the original again', async () => {
		const { crm, get } = environment();
		const original = crm.organizationId;
		const snapshot = crm.snapshot();
		crm.becomeCopy();
		crm.restore(snapshot);
		expect((await get('WhoAmI')).json.OrganizationId).toBe(original);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/functions */
describe('functions', () => {
	test('RetrieveVersion, with and without parentheses', async () => {
		const { get } = environment();
		for (const path of ['RetrieveVersion', 'RetrieveVersion()']) expect((await get(path)).json.Version).toMatch(/^9\.2\.\d+\.\d+$/);
	});

	test('RetrieveCurrentOrganization', async () => {
		const { get, crm } = environment();
		const { json } = await get("RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'");
		expect(json.Detail).toMatchObject({
			OrganizationId: crm.organizationId,
			OrganizationVersion: expect.any(String),
			State: 'Enabled',
			Endpoints: { Count: 3 },
		});
	});

	test('RetrieveTotalRecordCount counts several tables; an order makes it the count of an earlier hour', async () => {
		const { get, crm } = environment();
		crm.insert('account', { name: 'A' });
		const path = "RetrieveTotalRecordCount(EntityNames=['account','contact'])";
		expect((await get(path)).json.EntityRecordCountCollection).toMatchObject({ Count: 2, Keys: ['account', 'contact'], Values: [1, 0] });
		crm.recordCountsOf = 'now';
		crm.insert('account', { name: 'B' });
		expect((await get(path)).json.EntityRecordCountCollection).toMatchObject({ Values: [1, 0] });
		crm.recordCountsOf = null;
		expect((await get(path)).json.EntityRecordCountCollection).toMatchObject({ Values: [2, 0] });
	});

	test.each([
		["RetrieveTotalRecordCount(EntityNames=['nothing'])", 400],
		['RetrieveTotalRecordCount(EntityNames=account)', 400],
		['RetrieveTotalRecordCount()', 404],
		['RetrieveVersion(Parameter=1)', 404],
		['RetrieveCurrentOrganization(AccessType=1)', 400],
		['WhoAmI(@p)', 400],
	])('%s is %i', async (path, status) => {
		const { get } = environment();
		expect((await get(path)).status).toBe(status);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/api-limits, /send-parallel-requests */
describe('time and limits of the service', () => {
	const request = (sandbox: ReturnType<typeof createSandbox>, method: string, path: string, body = '', headers: Record<string, string> = {}) =>
		sandbox.handle({ method, url: `${inProcess.crm}/api/data/v9.2/${path}`, headers: { authorization: `Bearer ${sandbox.login.token('crm')}`, ...headers }, body }); // prettier-ignore
	const timed = async (sandbox: ReturnType<typeof createSandbox>, run: () => Promise<unknown>): Promise<number> => {
		const before = sandbox.clock.now();
		await run();
		return sandbox.clock.now() - before;
	};

	test('every answer tells the date of the service, and the recommended number of parallel requests', async () => {
		const sandbox = createSandbox({ now: start });
		sandbox.clock.skew.crm = 90_000;
		sandbox.crm.dopHint = 4;
		for (const answer of [
			await request(sandbox, 'GET', 'WhoAmI'),
			await request(sandbox, 'GET', 'nothing'),
			await request(sandbox, 'GET', 'accounts', '', { authorization: '' }),
		]) {
			expect(answer.headers.date).toBe(new Date(start + 90_000).toUTCString());
			expect(answer.headers['x-ms-dop-hint']).toBe('4');
		}
	});

	test('rows read and written take time, and each kind of operation its own', async () => {
		const sandbox = createSandbox({ now: start });
		sandbox.crm.seed(
			'account',
			Array.from({ length: 30 }, (_, number) => ({ name: String(number) })),
		);
		sandbox.latency = { roundTripMs: 0, perOperationMs: 10, perRowMs: 2, perKindMs: { read: 1, create: 100, action: 1000 } };
		expect(await timed(sandbox, () => request(sandbox, 'GET', 'accounts?$top=20'))).toBe(10 + 1 + 20 * 2);
		expect(await timed(sandbox, () => request(sandbox, 'POST', 'accounts', '{"name":"A"}'))).toBe(10 + 100 + 2);
		expect(await timed(sandbox, () => request(sandbox, 'POST', 'PublishAllXml', '{}'))).toBe(10 + 1000);
		const target = { '@odata.type': 'Microsoft.Dynamics.CRM.account', name: 'A' };
		const bulk = JSON.stringify({ Targets: Array.from({ length: 50 }, () => target) });
		expect(await timed(sandbox, () => request(sandbox, 'POST', 'accounts/Microsoft.Dynamics.CRM.CreateMultiple', bulk))).toBe(
			10 + 1000 + 50 * 2,
		);
	});

	test('a batch takes as long as its operations one after another', async () => {
		const sandbox = createSandbox({ now: start });
		sandbox.latency = { roundTripMs: 5, perOperationMs: 10, perRowMs: 2 };
		const body = ['--b', ...Array.from({ length: 4 }, () => ['Content-Type: application/http', '', 'POST accounts HTTP/1.1', 'Content-Type: application/json', '', '{"name":"A"}', '--b']).flat()].join('\r\n').replace(/--b$/, '--b--'); // prettier-ignore
		expect(await timed(sandbox, () => request(sandbox, 'POST', '$batch', body, { 'content-type': 'multipart/mixed;boundary=b' }))).toBe(
			5 + 4 * (10 + 2),
		);
	});

	test('requests side by side up to the number, refused beyond it: 0x80072326', async () => {
		const sandbox = createSandbox();
		sandbox.latency = { roundTripMs: 0, perOperationMs: 60 };
		const answers = await Promise.all(Array.from({ length: 60 }, () => request(sandbox, 'GET', 'WhoAmI')));
		const refused = answers.filter(({ status }) => status === 429);
		expect(answers.filter(({ status }) => status === 200)).toHaveLength(52);
		expect(refused).toHaveLength(8);
		expect(JSON.parse(refused[0]!.body)).toMatchObject({ error: { code: '0x80072326' } });
		expect(refused[0]!.headers['retry-after']).toMatch(/^\d+$/);
		await sandbox.close();
	});

	test('the limit is per user', async () => {
		const sandbox = createSandbox();
		sandbox.crm.limits.concurrent = 1;
		sandbox.latency = { roundTripMs: 0, perOperationMs: 40 };
		sandbox.crm.addUser({ systemuserid: sandbox.login.identities[1]!.crmUser, fullname: 'Anna' });
		const other = { authorization: `Bearer ${sandbox.login.token('crm', 'ANNA')}` };
		const answers = await Promise.all([
			request(sandbox, 'GET', 'WhoAmI'),
			request(sandbox, 'GET', 'WhoAmI', '', other),
			request(sandbox, 'GET', 'WhoAmI'),
		]);
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
		await sandbox.close();
	});

	test('summed execution time is limited: 0x80072321', async () => {
		const sandbox = createSandbox({ now: start });
		sandbox.latency = { roundTripMs: 0, perOperationMs: 400_000 };
		sandbox.crm.limits.windowMs = 10_000_000;
		for (let turn = 0; turn < 3; turn++) expect((await request(sandbox, 'GET', 'WhoAmI')).status).toBe(200);
		expect(JSON.parse((await request(sandbox, 'GET', 'WhoAmI')).body)).toMatchObject({ error: { code: '0x80072321' } });
	});

	test('a cut connection is no answer at all', async () => {
		const sandbox = createSandbox({ now: start });
		sandbox.faults.add({ system: 'crm', fault: { kind: 'dropAfter' } });
		await expect(request(sandbox, 'POST', 'accounts', '{"name":"A"}')).rejects.toBeInstanceOf(ConnectionDropped);
		expect(sandbox.crm.rows('account')).toHaveLength(1);
	});
});

/** https://learn.microsoft.com/power-apps/developer/data-platform/define-alternate-keys-entity, /webapi/create-update-column-definitions-using-web-api */
describe('metadata that is changed through the Web API', () => {
	const definition = "EntityDefinitions(LogicalName='account')";
	const text = (words: string) => ({ LocalizedLabels: [{ Label: words, LanguageCode: 1033 }] });

	test('an alternate key is declared, listed, used and taken away', async () => {
		const { post, get, patch, del, crm } = environment();
		const made = await post(`${definition}/Keys`, {
			SchemaName: 'new_numberkey',
			DisplayName: text('Number'),
			KeyAttributes: ['accountnumber'],
		});
		expect(made.status).toBe(204);
		expect((await get(`${definition}/Keys?$select=SchemaName,KeyAttributes,EntityKeyIndexStatus`)).json.value).toMatchObject([{ SchemaName: 'new_numberkey', KeyAttributes: ['accountnumber'], EntityKeyIndexStatus: 'Active' }]); // prettier-ignore
		expect((await patch("accounts(accountnumber='7')", { name: 'A' })).status).toBe(204);
		expect(crm.rows('account')).toMatchObject([{ accountnumber: '7' }]);
		expect((await del(`${definition}/Keys(LogicalName='new_numberkey')`)).status).toBe(204);
		expect((await get("accounts(accountnumber='7')")).status).toBe(400);
	});

	test.each([
		['an unknown column', { SchemaName: 'k', KeyAttributes: ['nothing'] }],
		['no columns', { SchemaName: 'k', KeyAttributes: [] }],
		['no name', { KeyAttributes: ['accountnumber'] }],
		['a column that cannot be a key', { SchemaName: 'k', KeyAttributes: ['donotemail'] }],
		['an unknown property', { SchemaName: 'k', KeyAttributes: ['accountnumber'], Unknown: 1 }],
	])('a key with %s is refused', async (_name, body) => {
		const { post } = environment();
		expect((await post(`${definition}/Keys`, body)).status).toBe(400);
	});

	test('a key that the rows already violate fails and is not enforced', async () => {
		const { post, get, crm } = environment();
		crm.insert('account', { name: 'A', accountnumber: '1' });
		crm.insert('account', { name: 'B', accountnumber: '1' });
		await post(`${definition}/Keys`, { SchemaName: 'k', KeyAttributes: ['accountnumber'] });
		expect((await get(`${definition}/Keys`)).json.value).toMatchObject([{ EntityKeyIndexStatus: 'Failed' }]);
		expect((await get("accounts(accountnumber='1')")).status).toBe(400);
		expect((await post('accounts', { name: 'C', accountnumber: '1' })).status).toBe(204);
	});

	test.each([
		['StringAttributeMetadata', { MaxLength: 10 }, 'abc', 'abc'],
		['MemoAttributeMetadata', { MaxLength: 1000 }, 'abc', 'abc'],
		['IntegerAttributeMetadata', {}, 5, 5],
		['DecimalAttributeMetadata', {}, 1.5, 1.5],
		['DoubleAttributeMetadata', {}, 1.5, 1.5],
		['MoneyAttributeMetadata', {}, 7, 7],
		['BooleanAttributeMetadata', {}, true, true],
		['DateTimeAttributeMetadata', {}, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
		['PicklistAttributeMetadata', { OptionSet: { Options: [{ Value: 1, Label: text('One') }] } }, 1, 1],
	])('a column of type %s', async (type, more, sent, read) => {
		const { post, get } = environment();
		const body = {
			'@odata.type': `Microsoft.Dynamics.CRM.${type}`,
			SchemaName: 'new_Column',
			DisplayName: text('Column'),
			RequiredLevel: { Value: 'None' },
			...more,
		};
		const made = await post(`${definition}/Attributes`, body);
		expect(made.status).toBe(204);
		const { id } = await post('accounts', { name: 'A', new_column: sent });
		expect((await get(`accounts(${id})?$select=new_column`)).json.new_column).toBe(read);
		expect((await get(`${definition}/Attributes(LogicalName='new_column')/Microsoft.Dynamics.CRM.${type}`)).json).toMatchObject({
			SchemaName: 'new_Column',
			IsCustomAttribute: true,
		});
		expect((await post(`${definition}/Attributes`, body)).status).toBe(400);
	});

	test.each([
		['no type', { SchemaName: 'new_a' }],
		['an unknown type', { '@odata.type': 'Microsoft.Dynamics.CRM.NoAttributeMetadata', SchemaName: 'new_a' }],
		['no name', { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata' }],
		['a name without prefix', { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'a' }],
	])('a column with %s is refused', async (_name, body) => {
		const { post } = environment();
		expect((await post(`${definition}/Attributes`, body)).status).toBe(400);
	});

	test('lookups and tables are not made this way here: 501, not a silent success', async () => {
		const { post } = environment();
		expect((await post('RelationshipDefinitions', {})).status).toBe(501);
		expect((await post('EntityDefinitions', {})).status).toBe(501);
		expect(
			(await post(`${definition}/Attributes`, { '@odata.type': 'Microsoft.Dynamics.CRM.LookupAttributeMetadata', SchemaName: 'new_a' }))
				.status,
		).toBe(400);
	});

	test('customizing takes a privilege', async () => {
		const { post, crm } = environment();
		crm.revokePrivilege(crm.administrator, 'prvCreateAttribute');
		crm.revokePrivilege(crm.administrator, 'prvWriteEntity');
		expect(
			(await post(`${definition}/Attributes`, { '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata', SchemaName: 'new_a' }))
				.status,
		).toBe(403);
		expect((await post(`${definition}/Keys`, { SchemaName: 'k', KeyAttributes: ['accountnumber'] })).status).toBe(403);
	});
});

describe('change sets and service logic', () => {
	test('a plug-in that refuses one part takes the whole set back', async () => {
		const { crm, batch } = environment();
		crm.addPlugin({
			table: 'account',
			messages: ['Create'],
			when: 'before',
			run: (row) => (row.name === 'B' ? { name: 'x'.repeat(500) } : null),
		});
		const { parts } = await batch([
			changeSet(part('POST', 'accounts', { name: 'A' }), part('POST', 'accounts', { name: 'C', nothing: 1 })),
			single('GET', 'accounts'),
		]);
		expect(parts).toHaveLength(1);
		expect(crm.rows('account')).toHaveLength(0);
	});
});

import { SyncError } from '../../../engine/model/errors';
import { clearDataverseMetadata, type DataverseSystem } from '../../../engine/systems/dataverse';
import { account, changes, contact, lines, sandboxed, type Sandboxed } from './sandboxed';
import type { FieldName, FieldValue, LookupValue } from '../../../engine/model/record';
import type { WriteOperation } from '../../../engine/ports/write';

let world: Sandboxed;
let system: DataverseSystem;
const crm = () => world.sandbox.crm;
const guid = (number: number): string => `0000000a-0000-4000-8000-${String(number).padStart(12, '0')}`;

beforeEach(() => {
	clearDataverseMetadata();
	world = sandboxed();
	system = world.dataverse();
});
afterEach(() => world.sandbox.close());

function seed(count: number): string[] {
	const ids = Array.from({ length: count }, (_, index) => guid(index));
	crm().seed(
		'account',
		ids.map((accountid, index) => ({ accountid, name: `Account ${index}`, accountnumber: `A${index}`, address1_city: 'Leeds' })),
	);
	world.sandbox.clock.advance(60_000);
	return ids;
}

async function updates(ids: readonly string[], values: Record<FieldName, FieldValue | LookupValue>): Promise<WriteOperation[]> {
	const records = await system.readByIds(account, ids, []);
	world.taken();
	return ids.map((id) => ({ kind: 'update', id, version: records.get(id)!.version, number: '', values }));
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
	const error: unknown = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
}

describe('reading', () => {
	test('records carry id, stamp in whole seconds, version, and lookups under their logical names, without a metadata request', async () => {
		const [first] = seed(2);
		crm().seed('contact', [{ contactid: guid(900), lastname: 'Ray', parentcustomerid: { table: 'account', id: first } as never }]);
		const { records } = await changes(system, {
			table: account,
			fields: ['address1_city', 'primarycontactid', 'transactioncurrencyid', 'ownerid', 'statecode'],
		});
		expect(records).toHaveLength(2);
		expect(records[0]).toMatchObject({
			number: 'A0',
			name: 'Account 0',
			modifiedAt: expect.stringMatching(/^2026-03-07T08:00:00Z$/),
			version: expect.stringMatching(/^W\/"\d+"$/),
		});
		expect(records[0]!.values).toMatchObject({ address1_city: 'Leeds', primarycontactid: null, statecode: 0 });
		expect(records[0]!.values['ownerid']).toMatch(/^[0-9a-f-]{36}$/);
		expect(lines(world.taken())).toEqual(['GET accounts → 200']);
	});

	test('pages are of the size asked for to the end, and only what changed since comes', async () => {
		const ids = seed(25);
		expect(await changes(system, { table: account, pageSize: 10 })).toMatchObject({ pages: 3, records: { length: 25 } });
		const since = '2026-03-07T08:01:00Z';
		crm().update('account', ids[4]!, { address1_city: 'Bath' });
		crm().update('account', ids[5]!, { address1_city: 'York' });
		const { records } = await changes(system, { table: account, since, filter: "address1_city eq 'Bath' or address1_city eq 'Rome'" });
		expect(records.map((record) => record.id)).toEqual([ids[4]]);
	});

	test('a thousand ids are read in one request', async () => {
		const ids = seed(1000);
		world.taken();
		const records = await system.readByIds(account, [...ids, guid(5000)], ['address1_city']);
		expect(records.size).toBe(1000);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (3 × GET)']);
	});

	test('values of any type are looked up, lookups and texts with quotes among them', async () => {
		const ids = seed(3);
		crm().update('account', ids[0]!, { name: "O'Brien & Co" });
		expect((await system.readByValues(account, 'name', ["o'brien & co", 'Nobody'], [])).map((record) => record.id)).toEqual([ids[0]]);
		expect(
			(await system.readByValues(account, 'accountnumber', ['A1', 'A2'], [], "name eq 'Account 2'")).map((record) => record.id),
		).toEqual([ids[2]]);
		const [record] = await system.readByValues(account, 'accountid', [ids[1]!], ['ownerid']);
		expect((await system.readByValues(account, 'ownerid', [record!.values['ownerid']!], [])).length).toBe(3);
		expect(await system.readByValues(account, 'name', [], [])).toEqual([]);
	});

	test('a wrong column or table is a set-up error', async () => {
		expect(await failure(changes(system, { table: account, fields: ['nosuchcolumn'] }))).toMatchObject({
			code: 'CRM_FIELD_NOT_FOUND',
			errorClass: 'setup',
			system: 'crm',
		});
		expect(await failure(changes(system, { table: { ...account, name: 'nosuchtable' } }))).toMatchObject({
			code: 'CRM_TABLE_NOT_FOUND',
			errorClass: 'setup',
		});
	});
});

describe('writing', () => {
	test('500 updates are spread over all lanes, each outcome with the row as it is now', async () => {
		const ids = seed(500);
		const operations = await updates(ids, { address1_city: 'York' });
		const outcomes = await system.write(account, operations);
		expect(lines(world.taken())).toEqual(Array(10).fill('POST $batch → 200 (50 × PATCH)'));
		const current = await system.readByIds(account, ids, ['address1_city']);
		for (const outcome of outcomes) {
			if (outcome.status !== 'written') throw new Error(outcome.status);
			expect(outcome.record).toEqual(current.get(outcome.record.id));
		}
		expect(system.counts.writes).toBe(500);
	});

	test('each operation answers for itself: written, stale, missing, failed', async () => {
		const ids = seed(4);
		const operations = await updates(ids, { address1_city: 'York' });
		crm().update('account', ids[1]!, { address1_city: 'Elsewhere' });
		crm().remove('account', ids[2]!);
		operations[3] = { ...operations[3]!, values: { name: 'x'.repeat(500) } } as WriteOperation;
		const outcomes = await system.write(account, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'stale', 'missing', 'failed']);
		expect(outcomes[3]).toMatchObject({ error: { code: 'CRM_VALUE_TOO_LONG', errorClass: 'data', recordId: ids[3] } });
	});

	test('columns that were not written come back when they are wanted, from the same request', async () => {
		const [outcome] = await system.write(account, await updates(seed(1), { name: 'Edited' }), ['address1_city', 'ownerid']);
		expect(outcome).toMatchObject({
			status: 'written',
			record: { values: { name: 'Edited', address1_city: 'Leeds', ownerid: expect.any(String) } },
		});
		expect(world.taken()).toHaveLength(1);
	});

	test('an insert keeps the id that was chosen; a second one with that id exists and changes nothing', async () => {
		const insert: WriteOperation = { kind: 'insert', id: guid(1), values: { name: 'New', accountnumber: 'N1' } };
		const [first] = await system.write(account, [insert]);
		expect(first).toMatchObject({ status: 'written', record: { id: guid(1), number: 'N1', name: 'New', values: { name: 'New' } } });
		const [second] = await system.write(account, [{ ...insert, values: { name: 'Other' } }]);
		expect(second).toEqual({ status: 'exists' });
		expect(crm().get('account', guid(1))).toMatchObject({ name: 'New' });
	});

	test('an update never creates a row that is gone', async () => {
		const [outcome] = await system.write(account, [
			{ kind: 'update', id: guid(77), version: 'W/"1"', number: '', values: { name: 'Ghost' } },
		]);
		expect(outcome).toEqual({ status: 'missing' });
		expect(crm().rows('account')).toEqual([]);
	});

	test('lookups are bound to rows and emptied, also those whose name only the environment knows, with one metadata request for all runs', async () => {
		const ids = seed(2);
		crm().seed('contact', [{ contactid: guid(900), lastname: 'Ray' }]);
		crm().seed('bcbi_company', [{ bcbi_companyid: guid(901), bcbi_name: 'CRONUS', bcbi_externalid: 'x' }]);
		const user = String(crm().rows('systemuser')[0]!['systemuserid']);
		const values = {
			primarycontactid: { table: 'contact', id: guid(900) },
			bcbi_companyid: { table: 'bcbi_company', id: guid(901) },
			ownerid: { table: 'systemuser', id: user },
		};
		const [outcome] = await system.write(account, await updates([ids[0]!], values));
		expect(outcome).toMatchObject({
			status: 'written',
			record: { values: { primarycontactid: guid(900), bcbi_companyid: guid(901), ownerid: user } },
		});
		expect(lines(world.taken())).toEqual(['GET ManyToOneRelationships → 200', 'POST $batch → 200 (1 × PATCH)']);
		const emptied = await system.write(account, await updates([ids[0]!], { primarycontactid: null, bcbi_companyid: null }));
		expect(emptied[0]).toMatchObject({ status: 'written', record: { values: { primarycontactid: null, bcbi_companyid: null } } });
		await world.dataverse().write(account, await updates([ids[1]!], { bcbi_companyid: { table: 'bcbi_company', id: guid(901) } }));
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (1 × PATCH)']);
	});

	test('a lookup to one of several tables is bound by its target', async () => {
		const [id] = seed(1);
		const [outcome] = await system.write(contact, [
			{ kind: 'insert', id: guid(900), values: { lastname: 'Ray', parentcustomerid: { table: 'account', id: id! } } },
		]);
		expect(outcome).toMatchObject({ status: 'written', record: { name: 'Ray', values: { parentcustomerid: id } } });
		const version = outcome!.status === 'written' ? outcome!.record.version : '';
		const [emptied] = await system.write(contact, [
			{ kind: 'update', id: guid(900), version, number: '', values: { parentcustomerid: null } },
		]);
		expect(emptied).toMatchObject({ status: 'written', record: { values: { parentcustomerid: null } } });
	});

	test('a lookup whose row is missing fails as the trouble of the record, not as a missing record', async () => {
		const [outcome] = await system.write(account, await updates(seed(1), { primarycontactid: { table: 'contact', id: guid(999) } }));
		expect(outcome).toMatchObject({ status: 'failed', error: { errorClass: 'data' } });
	});

	test('deletes are guarded by the version', async () => {
		const ids = seed(2);
		const records = await system.readByIds(account, ids, []);
		crm().update('account', ids[1]!, { name: 'Edited' });
		const outcomes = await system.write(
			account,
			ids.map((id): WriteOperation => ({ kind: 'delete', id, version: records.get(id)!.version })),
		);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'stale']);
		expect(crm().rows('account')).toHaveLength(1);
	});

	test('texts of any script arrive as they are', async () => {
		const [id] = seed(1);
		const name = 'Ångström 東京 🚀 "quoted" \\ --batch';
		await system.write(account, await updates([id!], { name }));
		expect(crm().get('account', id!)).toMatchObject({ name });
	});

	test('batches grow while they are quick and shrink when the service is slow', async () => {
		const ids = seed(2000);
		const quick = await updates(ids, { address1_city: 'York' });
		world.sandbox.latency = { roundTripMs: 0, perOperationMs: 0 };
		const limited = world.dataverse({ limits: { concurrent: 1 } });
		await limited.write(account, quick);
		const sizes = world.taken().map((request) => request.parts.length);
		expect(sizes).toEqual([100, 200, 400, 800, 500]);
		world.sandbox.latency = { roundTripMs: 0, perOperationMs: 100 };
		const slow = await updates(ids, { address1_city: 'Hull' });
		await world.dataverse({ limits: { concurrent: 1, batchSize: 400 } }).write(account, slow);
		expect(
			world
				.taken()
				.map((request) => request.parts.length)
				.slice(0, 3),
		).toEqual([400, 100, 100]);
	});
});

describe('bad weather', () => {
	test('an insert whose answer is lost is sent again and found to exist; there is one row', async () => {
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'dropAfter' } });
		const [outcome] = await system.write(account, [{ kind: 'insert', id: guid(1), values: { name: 'New' } }]);
		expect(outcome).toEqual({ status: 'exists' });
		expect(crm().rows('account')).toHaveLength(1);
		expect(world.taken()).toHaveLength(2);
	});

	test('a lost answer of an update is repeated and found stale', async () => {
		const operations = await updates(seed(2), { address1_city: 'York' });
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'dropAfter' } });
		expect((await system.write(account, operations)).map((outcome) => outcome.status)).toEqual(['stale', 'stale']);
		expect(world.taken()).toHaveLength(2);
	});

	test('half a batch, and an answer that breaks off, are settled by sending the rest again', async () => {
		const ids = seed(4);
		const operations = await updates(ids, { address1_city: 'York' });
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'halfBatch', parts: 2 } });
		expect((await system.write(account, operations)).map((outcome) => outcome.status)).toEqual(['stale', 'stale', 'written', 'written']);
		const again = await updates(ids, { address1_city: 'Hull' });
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'truncate', characters: 700 } });
		const outcomes = await system.write(account, again);
		expect(outcomes.map((outcome) => outcome.status)).not.toContain('unknown');
		expect(outcomes.at(-1)!.status).toBe('stale');
		expect(
			crm()
				.rows('account')
				.map((row) => row['address1_city']),
		).toEqual(Array(4).fill('Hull'));
	});

	test('a part that is throttled is sent again alone, after the time asked for', async () => {
		const operations = await updates(seed(3), { address1_city: 'York' });
		const before = world.clock.now();
		world.sandbox.faults.add({
			system: 'crm',
			method: 'PATCH',
			url: /accounts/,
			nth: 2,
			fault: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
		});
		const outcomes = await system.write(account, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'written', 'written']);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (3 × PATCH)', 'POST $batch → 200 (1 × PATCH)']);
		expect(world.clock.now() - before).toBeGreaterThanOrEqual(7000);
	});

	test('a storm of 429 is waited out', async () => {
		const operations = await updates(seed(3), { address1_city: 'York' });
		world.sandbox.faults.add({ system: 'crm', times: 5, fault: { kind: 'answer', status: 429, headers: { 'retry-after': '20' } } });
		expect((await system.write(account, operations)).map((outcome) => outcome.status)).toEqual(['written', 'written', 'written']);
	});

	test('a service that never stops throttling is a transient error; nothing was written', async () => {
		const operations = await updates(seed(3), { address1_city: 'York' });
		world.sandbox.faults.add({ system: 'crm', times: 1000, fault: { kind: 'answer', status: 429 } });
		expect(await failure(system.write(account, operations))).toMatchObject({ code: 'CRM_THROTTLED', errorClass: 'transient' });
	});

	test('a token that expires in the middle of a run is renewed once', async () => {
		const operations = await updates(seed(300), { address1_city: 'York' });
		world.sandbox.login.expireAll();
		expect((await system.write(account, operations)).every((outcome) => outcome.status === 'written')).toBe(true);
		expect(world.refreshes.crm).toBe(1);
	});

	test('a web page in place of data names Dataverse', async () => {
		world.sandbox.faults.add({ system: 'crm', fault: { kind: 'html', status: 200 } });
		const error = await failure(changes(system, { table: account }));
		expect(error).toMatchObject({ code: 'CRM_WEB_PAGE', errorClass: 'setup', system: 'crm' });
		expect(error.message).toContain('Dataverse');
		world.sandbox.faults.add({ system: 'crm', url: /\$batch/, fault: { kind: 'html', status: 200 } });
		expect(await failure(system.write(account, [{ kind: 'insert', values: { name: 'New' } }]))).toMatchObject({ code: 'CRM_WEB_PAGE' });
	});
});

describe('the rest', () => {
	test('who am I, the organization and its base currency', async () => {
		const me = await system.whoAmI();
		expect(me.userId).toMatch(/^[0-9a-f-]{36}$/);
		world.taken();
		const organization = await system.organization();
		expect(organization).toMatchObject({ baseCurrencyCode: 'USD', currencyPrecision: 2, id: me.organizationId });
		await system.organization();
		expect(world.taken()).toHaveLength(1);
	});

	test('small tables are read whole, lookups by logical name', async () => {
		seed(2);
		const rows = await system.readAll('account', ['accountnumber', 'ownerid', 'accountid'], "accountnumber eq 'A1'");
		expect(rows).toEqual([{ accountnumber: 'A1', ownerid: expect.stringMatching(/^[0-9a-f-]{36}$/), accountid: guid(1) }]);
	});

	test('choices come with their labels, once', async () => {
		const choices = await system.choices('account', 'statecode');
		expect(choices).toEqual([
			{ value: 0, label: 'Active' },
			{ value: 1, label: 'Inactive' },
		]);
		world.taken();
		expect((await world.dataverse().choices('account', 'paymenttermscode')).length).toBeGreaterThan(0);
		expect(world.taken()).toHaveLength(0);
		expect(await failure(system.choices('account', 'name'))).toMatchObject({ code: 'CRM_CHOICE_UNKNOWN', errorClass: 'setup' });
	});

	test('columns come from metadata in one request, without names and types of lookups, and are remembered', async () => {
		const { columns } = await system.describe(account);
		expect(lines(world.taken())).toHaveLength(1);
		expect(columns.get('name')).toMatchObject({ type: 'text', maxLength: 160, writable: true });
		expect(columns.get('creditlimit')).toMatchObject({ type: 'money' });
		expect(columns.get('statecode')).toMatchObject({ type: 'choice', options: expect.arrayContaining([{ value: 0, label: 'Active' }]) });
		expect(columns.get('primarycontactid')).toMatchObject({ type: 'lookup', targets: ['contact'] });
		expect(columns.get('ownerid')).toMatchObject({ type: 'lookup', targets: ['systemuser', 'team'] });
		expect(columns.get('modifiedon')).toMatchObject({ type: 'dateTime', writable: false });
		expect([...columns.keys()].filter((name) => name.endsWith('idname'))).toEqual([]);
		await world.dataverse().describe(account);
		expect(world.taken()).toHaveLength(0);
	});

	test('rows are counted; where the service stops counting, the number is a lower bound', async () => {
		seed(12);
		expect(await system.count(account, "accountnumber eq 'A1'")).toEqual({ count: 1, atLeast: false });
		crm().seed(
			'contact',
			Array.from({ length: 5001 }, (_, index) => ({ contactid: guid(10_000 + index), lastname: `L${index}` })),
		);
		expect(await system.count(contact, null)).toEqual({ count: 5000, atLeast: true });
	});

	test('search finds by part of number or name, takes wildcards literally, and goes on where it stopped', async () => {
		const ids = seed(120);
		crm().update('account', ids[3]!, { name: '100% wool_x' });
		expect((await system.search(account, '0% WOOL_', null)).records.map((record) => record.id)).toEqual([ids[3]]);
		expect((await system.search(account, 'a11', null)).records).toHaveLength(11);
		const all = await system.search(account, '', null);
		const more = await system.search(account, '', null, all.next);
		const rest = await system.search(account, '', null, more.next);
		expect([all, more, rest].map((page) => page.records.length)).toEqual([50, 50, 20]);
		expect(await failure(system.search(account, '', null, 'https://evil.example/next'))).toMatchObject({ code: 'CRM_FOREIGN_NEXT_LINK' });
	});

	test('links open the row in the model-driven app', () => {
		expect(system.link(account, guid(1))).toBe(`http://crm.sandbox/main.aspx?etn=account&id=${guid(1)}&pagetype=entityrecord`);
		expect(world.dataverse({ appId: 'app' }).link(account, guid(1))).toContain('appid=app');
		expect(system.link(account, 'x&y')).toBeNull();
	});

	test('requests in flight follow the hint of the service', async () => {
		crm().dopHint = 2;
		const ids = seed(800);
		await system.readByIds(account, ids.slice(0, 1), []);
		const operations = await updates(ids, { address1_city: 'York' });
		let now = 0;
		let most = 0;
		const hinted = world.dataverse({
			transport: async (request) => {
				most = Math.max(most, ++now);
				await new Promise((resolve) => setImmediate(resolve));
				try {
					return await world.sandbox.handle({
						method: request.method,
						url: request.url,
						headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
						body: request.body ?? '',
					});
				} finally {
					now--;
				}
			},
		});
		await hinted.readByIds(account, ids.slice(0, 1), []);
		await hinted.write(account, operations);
		expect(most).toBe(2);
	});
});

import { SyncError } from '../../../engine/model/errors';
import type { SystemRecord, TableSource } from '../../../engine/model/record';
import { type BusinessCentralSystem, clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import type { Transport } from '../../../engine/systems/odata/transport';
import { changes, sandboxed, type Sandboxed } from './sandboxed';

/** A table that a mapping only reads. */
const agents: TableSource = { name: 'ShippingAgents', numberField: 'Code', nameField: 'Name', page: { keys: ['Code'] }, written: [] };
const groups: TableSource = {
	name: 'CustomerPriceGroups',
	numberField: 'Code',
	nameField: 'Description',
	page: { keys: ['Code'] },
	written: [],
};
const lines: TableSource = { name: 'PriceListLineReview', numberField: null, nameField: 'Description', page: { keys: ['Price_List_Code', 'Line_No'] }, written: [] }; // prettier-ignore

let world: Sandboxed;
let system: BusinessCentralSystem;
beforeEach(() => {
	clearBusinessCentralMetadata();
	world = sandboxed();
	world.sandbox.businessCentral.published.clear();
	world.sandbox.businessCentral.installChangeFeed('SYNC');
	system = world.businessCentral();
});
afterEach(() => world.sandbox.close());

const company = () => world.sandbox.businessCentral.company(world.companyId);
const seed = (count: number, apart = 1000): void => {
	for (let index = 1; index <= count; index++) {
		company().insert('ShippingAgents', { Code: `A${index}`, Name: `Agent ${index}` });
		world.sandbox.clock.advance(apart);
	}
};
const feedCalls = () => world.taken().filter(({ path }) => path.includes('MDMCrossEnvSource'));
const failure = (work: Promise<unknown>): Promise<unknown> => work.then(() => null, (error: unknown) => error); // prettier-ignore
const codeOf = async (work: Promise<unknown>): Promise<unknown> => {
	const error = await failure(work);
	return error instanceof SyncError ? error.code : error;
};

/** Answers of the feed, changed on their way. */
const answering =
	(action: string, change: (value: Record<string, unknown>) => unknown, status = 200): Transport =>
	async (request) => {
		const response = await world.transport(request);
		if (!request.url.includes(`MDMCrossEnvSource_${action}`)) return response;
		if (status !== 200) return { ...response, status, body: JSON.stringify({ error: { code: 'Refused', message: 'No.' } }) };
		const value = change(JSON.parse((JSON.parse(response.body) as { value: string }).value) as Record<string, unknown>);
		return { ...response, body: typeof value === 'string' ? value : JSON.stringify({ value: JSON.stringify(value) }) };
	};

test('records have the key of the page for their id, and the moment of their last change for their version', async () => {
	seed(2);
	const { records } = await changes(system, { table: agents, fields: ['Name', 'Account_No'] });
	expect(records).toMatchObject([
		{
			id: 'a1',
			number: 'A1',
			name: 'Agent 1',
			version: 'change feed 2026-03-07T08:00:00.000Z',
			values: { Name: 'Agent 1', Account_No: '' },
		},
		{ id: 'a2' },
	]);
	company().update('ShippingAgents', String(company().rows('ShippingAgents')[0]!['Code']), { Name: 'Agent One' });
	const again = await system.readByIds(agents, ['a1', 'a2', 'a3'], ['Name']);
	expect([...again.keys()].sort()).toEqual(['a1', 'a2']);
	expect(again.get('a1')).toMatchObject({ name: 'Agent One' });
	expect(again.get('a1')!.version).not.toBe(records[0]!.version);
	expect(again.get('a2')!.version).toBe(records[1]!.version);
});

test('everything a run, a picker and a rule ask is answered, in one request of the feed each', async () => {
	seed(3);
	await system.count(agents, null);
	world.taken();
	expect(await system.count(agents, "Name eq 'Agent 2'")).toEqual({ count: 1, atLeast: false });
	expect([...(await system.existing(agents, ['a2', 'gone']))]).toEqual(['a2']);
	expect((await system.readByValues(agents, 'Name', ['AGENT 3'], [])).map(({ id }) => id)).toEqual(['a3']);
	const questions = [{ field: null, values: ['a1'], filter: null }, { field: 'Name', values: ['agent 2'], filter: "Code ne 'A9'" }]; // prettier-ignore
	expect((await system.readByQuestions(agents, questions, [])).map((found: SystemRecord[]) => found.map(({ id }) => id))).toEqual([
		['a1'],
		['a2'],
	]);
	expect((await system.search(agents, 'gent 1', null)).records.map(({ id }) => id)).toEqual(['a1']);
	expect(feedCalls().map(({ path }) => path.replace(/.*_|\?.*/g, ''))).toEqual(Array(5).fill('GetRecords'));
	const shape = await system.describe(agents);
	expect(shape.columns.get('Code')).toMatchObject({ type: 'text', code: true, maxLength: 10, writable: false });
	expect(await system.absentColumns(agents, ['Name', 'Account_No'])).toEqual([]);
	expect(system.surfaces!(agents, ['Name'])).toMatchObject([{ kind: 'changeFeed', names: ['MDMCrossEnvSource 291'], endsWith: null }]);
});

test('searches go on from page to page', async () => {
	seed(60, 0);
	const first = await system.search(agents, '', null);
	const rest = await system.search(agents, '', null, first.next);
	expect([first.records.length, rest.records.length, rest.next]).toEqual([50, 10, undefined]);
});

test('what is more than a page is read by the cursor, with and without ids in the key', async () => {
	world.sandbox.businessCentral.changeFeed!.index(291);
	seed(2_345, 0);
	expect(new Set((await changes(system, { table: agents })).records.map(({ id }) => id)).size).toBe(2_345);
	expect(feedCalls().filter(({ path }) => path.includes('GetRecords'))).toHaveLength(1 + 3);
	for (let index = 1; index <= 1_200; index++) {
		company().insert('CustomerPriceGroups', { Code: `G${index}` });
		if (index % 7 === 0) world.sandbox.clock.advance(10);
	}
	expect(new Set((await changes(system, { table: groups })).records.map(({ id }) => id)).size).toBe(1_200);
});

test('a record that is changed while pages are read comes as it is then, and none is lost', async () => {
	world.sandbox.businessCentral.changeFeed!.index(291);
	seed(1_500, 0);
	const found = new Map<string, string>();
	for await (const page of system.readChanges({ table: agents, fields: [], filter: null, since: null, pageSize: 1000 })) {
		if (found.size === 0) {
			world.sandbox.clock.advance(1000);
			for (const code of ['A1', 'A1400']) company().update('ShippingAgents', code, { Name: 'Changed' });
		}
		for (const { id, name } of page) found.set(id, name);
	}
	expect(found.size).toBe(1_500);
	expect([found.get('a1'), found.get('a1400')]).toEqual(['Changed', 'Changed']);
});

test('enums, dates, numbers and yes or no read as published pages show them, and lists of purchasing are not among them', async () => {
	world.sandbox.businessCentral.publish('PriceListLineReview');
	const { sandbox } = world;
	const table = company().data.table('Price List Line');
	const insert = (no: number, fields: Record<string, string | number | boolean>): void =>
		void company().data.insert('Price List Line', { 'Price List Code': 'S1', 'Line No.': no, 'Asset Type': 'Item', 'Asset No.': 'I1', 'Source Type': 'Customer Price Group', 'Amount Type': 'Price', Status: 'Active', 'Unit Price': 12.5, ...fields }, 'ANNA'); // prettier-ignore
	insert(10000, { 'Starting Date': '2026-02-01', 'Allow Line Disc.': true, 'Price Type': 'Sale' });
	insert(20000, { 'Asset Type': ' ' });
	insert(30000, { 'Price Type': 'Purchase' });
	expect(table).toBeDefined();
	const fields = ['Source_Type', 'Asset_Type', 'Amount_Type', 'Status', 'Unit_Price', 'Starting_Date', 'Ending_Date', 'Allow_Line_Disc'];
	const byFeed = (await changes(system, { table: lines, fields })).records;
	const { written: _written, ...onPage } = lines;
	const byPage = (await changes(world.businessCentral(), { table: onPage, fields })).records;
	expect(feedCalls().length).toBeGreaterThan(0);
	expect(byFeed.map(({ id, values }) => [id, values])).toEqual(
		byPage.filter(({ id }) => id !== 's1,30000').map(({ id, values }) => [id, values]),
	);
	expect(byFeed[0]!.values).toMatchObject({ Source_Type: 'Customer Price Group', Asset_Type: 'Item', Unit_Price: 12.5, Starting_Date: '2026-02-01', Ending_Date: '0001-01-01', Allow_Line_Disc: true }); // prettier-ignore
	expect(sandbox.log.requests.some(({ path }) => path.includes('PriceListLineReview'))).toBe(true);
});

test('a table of another key than its own is large: the error says what helps, or the published page is read', async () => {
	company().seed(
		'ShippingAgents',
		Array.from({ length: 10_001 }, (_, index) => ({ Code: `L${index}` })),
	);
	expect(await failure(changes(system, { table: agents }))).toMatchObject({ code: 'BC_CHANGE_FEED_TOO_LARGE', hint: expect.stringContaining('key on SystemModifiedAt and SystemId to table 291') as string }); // prettier-ignore
	expect(await codeOf(system.absentColumns(agents, ['Name']))).toBe('BC_CHANGE_FEED_TOO_LARGE');
	world.sandbox.businessCentral.publish('ShippingAgents');
	const other = world.businessCentral();
	expect(await other.absentColumns(agents, ['Name'])).toEqual([]);
	expect((await changes(other, { table: agents })).records).toHaveLength(10_001);
});

test('a filter that only the service could answer is told', async () => {
	seed(1);
	expect(await codeOf(changes(system, { table: agents, filter: 'round(Length) eq 1' }))).toBe('BC_CHANGE_FEED_FILTER');
	expect(await codeOf(changes(system, { table: agents, filter: "Phone eq '1'" }))).toBe('BC_CHANGE_FEED_FILTER');
});

test('what is written all the same goes to the published page, while there is one', async () => {
	seed(1);
	world.sandbox.businessCentral.publish('ShippingAgents');
	const { version } = (await system.readByIds(agents, ['a1'], [])).get('a1')!;
	expect(version).toContain('change feed');
	expect(await system.write(agents, [{ kind: 'insert', values: { Code: 'X', Name: 'New' } }])).toMatchObject([{ status: 'written' }]);
	expect(await system.write(agents, [{ kind: 'update', id: 'a1', number: 'A1', version, values: { Name: 'Edited' } }])).toMatchObject([
		{ status: 'stale' },
	]);
	const there = (await system.readByIds(agents, ['a1'], [])).get('a1')!;
	expect(await system.write(agents, [{ kind: 'update', id: 'a1', number: 'A1', version: there.version, values: { Name: 'Edited' } }])).toMatchObject([{ status: 'written' }]); // prettier-ignore
	expect(
		company()
			.rows('ShippingAgents')
			.map(({ Name }) => Name)
			.sort(),
	).toEqual(['Edited', 'New']);
});

test('nothing is written through it', async () => {
	seed(1);
	await system.count(agents, null);
	expect(await codeOf(system.write(agents, [{ kind: 'insert', values: { Code: 'X' } }]))).toBe('BC_CHANGE_FEED_READ_ONLY');
});

test('fields that the environment does not have are absent, and the others are read', async () => {
	seed(1);
	world.sandbox.businessCentral.publish('ShippingAgents');
	const without = answering('GetRecords', (value) => value);
	const transport: Transport = async (request) => {
		if (!request.url.includes('GetRecords')) return await without(request);
		const body = JSON.parse(request.body!) as { fieldIds: string };
		if (!(JSON.parse(body.fieldIds) as number[]).includes(4)) return await without(request);
		const value = JSON.stringify({ tableId: 291, tableAvailable: true, unavailableFields: [4], records: [], hasMore: false });
		return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ value }) };
	};
	world.sandbox.businessCentral.published.clear();
	const other = world.businessCentral({ transport });
	expect(await other.absentColumns(agents, ['Name', 'Account_No'])).toEqual([{ field: 'Account_No', page: null }]);
	const { records } = await changes(other, { table: agents, fields: ['Name', 'Account_No'] });
	expect(records).toMatchObject([{ id: 'a1', values: { Name: 'Agent 1' } }]);
	expect(records[0]!.values).not.toHaveProperty('Account_No');
});

test('the company is named where its id is not known', async () => {
	seed(1);
	const transport: Transport = async (request) =>
		request.url.includes(`company=${world.companyId}`)
			? {
					status: 404,
					headers: {},
					body: JSON.stringify({ error: { code: 'Internal_CompanyNotFound', message: 'The company does not exist.' } }),
				}
			: await world.transport(request);
	expect((await changes(world.businessCentral({ transport }), { table: agents })).records).toHaveLength(1);
});

const TOLERATED: ReadonlyArray<[what: string, transport: () => Transport]> = [
	['is not there', () => (world.sandbox.businessCentral.changeFeed = null, world.transport)], // prettier-ignore
	['is not published', () => (world.sandbox.businessCentral.changeFeed!.published = false, world.transport)], // prettier-ignore
	['may not be called', () => (world.sandbox.businessCentral.installChangeFeed(), world.transport)], // prettier-ignore
	['has no consent', () => (world.sandbox.businessCentral.changeFeed!.consented = false, world.transport)], // prettier-ignore
	['can do other things only', () => (world.sandbox.businessCentral.changeFeed!.features = ['somethingNew'], world.transport)], // prettier-ignore
	['names no features', () => answering('GetCapabilities', () => ({ version: 2 }))],
	['answers no JSON', () => answering('GetCapabilities', () => 'hello')],
	['answers other JSON', () => answering('GetCapabilities', () => [1, 2])],
	['answers with an error', () => answering('GetCapabilities', (value) => value, 400)],
	['is broken', () => answering('GetCapabilities', (value) => value, 500)],
	['refuses tables', () => answering('GetRecords', (value) => value, 400)],
	['does not have the table', () => answering('GetRecords', () => ({ tableId: 291, tableAvailable: false, records: [], hasMore: false }))],
];

test.each(TOLERATED)('a feed that %s is no place to read from, and published pages are read', async (_what, transport) => {
	world.sandbox.businessCentral.publish('ShippingAgents');
	seed(1);
	const other = world.businessCentral({ transport: transport() });
	expect(await other.absentColumns(agents, ['Name'])).toEqual([]);
	expect((await changes(other, { table: agents })).records).toMatchObject([{ id: 'a1' }]);
	expect(other.surfaces!(agents, ['Name'])).toMatchObject([{ kind: 'publishedPages' }]);
});

test.each([
	['another version with the same words', (value: Record<string, unknown>) => ({ ...value, version: 7, features: [...(value['features'] as string[]), 'deletions'], more: {} })], // prettier-ignore
	['a version that is no number', (value: Record<string, unknown>) => ({ ...value, version: 'two' })],
])('%s is read', async (_what, change) => {
	seed(1);
	const other = world.businessCentral({ transport: answering('GetCapabilities', change) });
	expect((await changes(other, { table: agents })).records).toHaveLength(1);
});

test.each([
	['no records', ({ records: _records, ...value }: Record<string, unknown>) => value],
	['records without ids', (value: Record<string, unknown>) => ({ ...value, records: [{ fields: { 1: 'A' } }] })],
	['records without a moment', (value: Record<string, unknown>) => ({ ...value, records: (value['records'] as object[]).map((each) => ({ ...each, systemModifiedAt: 'soon' })) })], // prettier-ignore
	['more, and no cursor', ({ nextCursor: _next, ...value }: Record<string, unknown>) => ({ ...value, hasMore: true })],
	['more, and the same cursor again', (value: Record<string, unknown>) => ({ ...value, hasMore: true, nextCursor: { modifiedAt: 'x' } })],
	['something else', () => 'nonsense'],
])('an answer with %s is not taken for an empty table', async (_what, change) => {
	seed(2);
	await system.count(agents, null);
	const other = world.businessCentral({ transport: answering('GetRecords', change) });
	expect(await codeOf(other.existing(agents, ['a1']))).toMatch(/^BC_(UNREADABLE_ANSWER|ANSWER_LOST)$/);
});

test('why the feed does not serve is part of the error where nothing else does', async () => {
	const hint = async (): Promise<string> =>
		((await failure(world.businessCentral().absentColumns(agents, ['Name'], true))) as SyncError).hint;
	world.sandbox.businessCentral.changeFeed!.consented = false;
	expect(await hint()).toContain('an administrator has to agree to it on the page Master Data Management Setup');
	world.sandbox.businessCentral.installChangeFeed();
	expect(await hint()).toContain('lacks the permission to call it, or to read the table');
	world.sandbox.businessCentral.changeFeed = null;
	expect(await hint()).not.toContain('change feed');
});

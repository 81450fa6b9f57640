import { SyncError } from '../../../engine/model/errors';
import { type BusinessCentralSystem, clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { changes, customers, lines, sandboxed, type Sandboxed } from './sandboxed';
import type { FieldName, FieldValue } from '../../../engine/model/record';
import type { WriteOperation } from '../../../engine/ports/write';

let world: Sandboxed;
let system: BusinessCentralSystem;
const company = () => world.sandbox.businessCentral.company(world.companyId);
const fax = 'workflowCustomers/faxNumber';

beforeEach(async () => {
	clearBusinessCentralMetadata();
	world = sandboxed();
	system = world.businessCentral();
	// Whether the extension is installed is asked once a day, before the first field that it could show.
	const nobody = { id: '', number: 'NOBODY', name: '', modifiedAt: '', version: '', values: {} };
	await system.complete(customers, [nobody], [fax]);
	expect(world.taken()[0]).toMatchObject({ path: '/v2.0/sandbox/api/d365sync/sync/v1.0/$metadata', status: 404 });
});
afterEach(() => world.sandbox.close());

function seed(count: number): string[] {
	const rows = Array.from({ length: count }, (_, index) => ({
		number: `C${String(index).padStart(5, '0')}`,
		displayName: `Customer ${index}`,
		city: 'Leeds',
	}));
	const ids = company().seed('customers', rows);
	world.sandbox.clock.advance(60_000);
	return ids;
}

async function updates(ids: readonly string[], values: Record<FieldName, FieldValue>): Promise<WriteOperation[]> {
	const records = await system.readByIds(customers, ids, []);
	world.taken();
	return ids.map((id) => {
		const { version, number } = records.get(id)!;
		return { kind: 'update', id, version, number, values };
	});
}

async function failure(promise: Promise<unknown>): Promise<SyncError> {
	const error: unknown = await promise.then(
		() => null,
		(reason: unknown) => reason,
	);
	expect(error).toBeInstanceOf(SyncError);
	return error as SyncError;
}

describe('reading changes', () => {
	test('records carry id, stamp, version, number, name and the fields asked for, in order of their stamps', async () => {
		const [first, second] = seed(2);
		company().update('customers', first!, { city: 'York' });
		const { records } = await changes(system, { table: customers, fields: ['city', fax] });
		expect(records.map((record) => record.id)).toEqual([second, first]);
		expect(records[1]).toMatchObject({ id: first, number: 'C00000', name: 'Customer 0', values: { city: 'York' } });
		expect(records[1]!.modifiedAt).toMatch(/^2026-03-07T08:01:00\.\d{3}Z$/);
		expect(records[1]!.version).toMatch(/^W\/"/);
		expect(records[1]!.values).not.toHaveProperty(fax);
	});

	test('pages are of the size asked for to the end, and only what changed since comes', async () => {
		const ids = seed(25);
		expect(await changes(system, { table: customers, pageSize: 10 })).toMatchObject({ pages: 3, records: { length: 25 } });
		expect(world.taken()).toHaveLength(3);
		const since = new Date(world.clock.now()).toISOString();
		world.sandbox.clock.advance(1000);
		company().update('customers', ids[7]!, { city: 'Bath' });
		company().update('customers', ids[8]!, { city: 'York' });
		const { records } = await changes(system, { table: customers, since, filter: "city eq 'Bath' or city eq 'Rome'" });
		expect(records.map((record) => record.id)).toEqual([ids[7]]);
	});

	test('nothing but what is needed is asked for', async () => {
		seed(1);
		await changes(system, { table: customers, fields: ['city', fax] });
		const select = new URL(`http://x${world.taken()[0]!.path}`).searchParams.get('$select');
		expect(select).toBe('id,lastModifiedDateTime,number,displayName,city');
	});

	test('a row that moves while pages are read comes again only when it really changed', async () => {
		const ids = seed(6);
		const seen: string[] = [];
		for await (const page of system.readChanges({ table: customers, fields: ['city'], filter: null, since: null, pageSize: 3 })) {
			if (seen.length === 0) company().update('customers', ids[0]!, { city: 'Moved' });
			seen.push(...page.map((record) => `${record.id} ${String(record.values['city'])}`));
		}
		expect(seen.filter((line) => line.startsWith(ids[0]!))).toEqual([`${ids[0]} Leeds`, `${ids[0]} Moved`]);
		expect(new Set(seen).size).toBe(seen.length);
	});

	test('a filter the service cannot read stops with a set-up error that carries its text', async () => {
		const error = await failure(changes(system, { table: customers, filter: "city eq 'Bath' or displayName eq 'X'" }));
		expect(error).toMatchObject({ code: 'BC_FILTER_NOT_SUPPORTED', errorClass: 'setup', table: 'customers', httpStatus: 501 });
	});

	test('a table that is not there, and a field that is not there, are set-up errors that say what to check', async () => {
		expect(await failure(changes(system, { table: { ...customers, name: 'customerz' } }))).toMatchObject({
			code: 'BC_TABLE_NOT_FOUND',
			errorClass: 'setup',
		});
		expect(await failure(changes(system, { table: customers, fields: ['noSuchField'] }))).toMatchObject({ errorClass: 'setup' });
	});
});

describe('companions', () => {
	test('companion fields of a thousand records come in one request', async () => {
		const ids = seed(1000);
		company().update('workflowCustomers', ids[3]!, { faxNumber: '0113 1' });
		const { records } = await changes(system, { table: customers });
		world.taken();
		const completed = await system.complete(customers, records, [fax]);
		expect(completed.find((record) => record.id === ids[3])!.values[fax]).toBe('0113 1');
		expect(completed.every((record) => fax in record.values)).toBe(true);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (10 × GET)']);
	});

	test('a thousand records with companions are read by id in two requests', async () => {
		const ids = seed(1000);
		const records = await system.readByIds(customers, [...ids, '00000000-0000-4000-8000-000000000001'], ['city', fax]);
		expect(records.size).toBe(1000);
		expect(records.get(ids[999]!)!.values).toMatchObject({ city: 'Leeds', [fax]: '' });
		expect(world.taken()).toHaveLength(2);
	});

	test('a page that is not published costs one warning and its fields, not the run', async () => {
		const ids = seed(3);
		world.sandbox.businessCentral.unpublish('workflowCustomers');
		const first = await system.readByIds(customers, ids, ['city', fax]);
		expect(first.size).toBe(3);
		expect(first.get(ids[0]!)!.values).not.toHaveProperty(fax);
		world.taken();
		await system.readByIds(customers, ids, ['city', fax]);
		expect(world.taken()).toHaveLength(1);
		expect(system.warnings).toHaveLength(1);
		expect(system.warnings[0]).toContain('workflowCustomers');
		const [outcome] = await system.write(customers, [{ kind: 'insert', values: { displayName: 'New', [fax]: '1' } }]);
		expect(outcome!.status).toBe('written');
	});
});

describe('writing', () => {
	test('500 updates take 5 requests, each outcome with the record as it is now', async () => {
		const ids = seed(500);
		const operations = await updates(ids, { city: 'York', displayName: 'Renamed' });
		const outcomes = await system.write(customers, operations);
		expect(lines(world.taken())).toEqual(Array(5).fill('POST $batch → 200 (100 × PATCH)'));
		expect(outcomes.every((outcome) => outcome.status === 'written')).toBe(true);
		const current = await system.readByIds(customers, ids, ['city']);
		outcomes.forEach((outcome, index) => {
			if (outcome.status !== 'written') return;
			expect(outcome.record).toMatchObject({ id: ids[index], name: 'Renamed', values: { city: 'York' } });
			expect(outcome.record.version).toBe(current.get(ids[index]!)!.version);
			expect(outcome.record.modifiedAt).toBe(current.get(ids[index]!)!.modifiedAt);
		});
		expect(system.counts.writes).toBe(500);
	});

	test('each operation answers for itself: written, stale, missing, failed', async () => {
		const ids = seed(4);
		const operations = await updates(ids, { city: 'York' });
		company().update('customers', ids[1]!, { city: 'Elsewhere' });
		company().remove('customers', ids[2]!);
		operations[3] = { ...operations[3]!, values: { city: 'x'.repeat(200) } } as WriteOperation;
		const outcomes = await system.write(customers, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'stale', 'missing', 'failed']);
		expect(outcomes[3]).toMatchObject({ error: { code: 'BC_VALUE_TOO_LONG', errorClass: 'data', recordId: ids[3] } });
		expect(company().get('customers', ids[1]!)).toMatchObject({ city: 'Elsewhere' });
	});

	test('inserts answer with the number the service gave; a number that is taken exists', async () => {
		seed(1);
		const outcomes = await system.write(customers, [
			{ kind: 'insert', values: { number: 'NEW1', displayName: 'One', city: 'Hull' } },
			{ kind: 'insert', values: { number: 'C00000', displayName: 'Two' } },
			{ kind: 'insert', values: { displayName: 'Three' } },
		]);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'exists', 'written']);
		expect(outcomes[0]).toMatchObject({ record: { number: 'NEW1', name: 'One', values: { city: 'Hull' } } });
		expect(outcomes[2]).toMatchObject({ record: { number: expect.stringMatching(/./) } });
	});

	test('deletes are guarded by the version as well', async () => {
		const ids = seed(2);
		const records = await system.readByIds(customers, ids, []);
		company().update('customers', ids[1]!, { city: 'Elsewhere' });
		const outcomes = await system.write(
			customers,
			ids.map((id): WriteOperation => ({ kind: 'delete', id, version: records.get(id)!.version })),
		);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'stale']);
		expect(company().count('customers')).toBe(1);
	});

	test('companion fields are written after the record, and the outcome carries the version after everything', async () => {
		const ids = seed(150);
		const operations = await updates(ids, { city: 'York', [fax]: '0113 9' });
		const outcomes = await system.write(customers, operations);
		const requests = lines(world.taken());
		// Records and additional pages, each over the five lanes.
		expect(requests.filter((line) => line.includes('PATCH'))).toEqual(Array(10).fill('POST $batch → 200 (30 × PATCH)'));
		// Versions of the companion rows and, once these are known, of the records: before and after the write.
		expect(requests.filter((line) => !line.includes('PATCH'))).toEqual(Array(4).fill('POST $batch → 200 (2 × GET)'));
		const current = await system.readByIds(customers, ids, ['city', fax]);
		for (const outcome of outcomes) {
			if (outcome.status !== 'written') throw new Error(outcome.status);
			expect(outcome.record).toEqual({
				...current.get(outcome.record.id)!,
				values: expect.objectContaining({ city: 'York', [fax]: '0113 9' }),
			});
		}
	});

	test('fields that were not written come back when they are wanted, from the same requests', async () => {
		const ids = seed(1);
		company().update('workflowCustomers', ids[0]!, { contact: 'Ann' });
		const operations = await updates(ids, { city: 'York', [fax]: '1' });
		const [outcome] = await system.write(customers, operations, ['phoneNumber', 'workflowCustomers/contact']);
		expect(outcome).toMatchObject({
			status: 'written',
			record: { values: { city: 'York', phoneNumber: '', [fax]: '1', 'workflowCustomers/contact': 'Ann' } },
		});
		expect(world.taken()).toHaveLength(6);
	});

	test('trouble with the companion page does not hide what became of the records', async () => {
		const ids = seed(1);
		const operations = await updates(ids, { city: 'York', [fax]: '1' });
		const insert: WriteOperation = { kind: 'insert', values: { displayName: 'New', [fax]: '1' } };
		world.sandbox.faults.add({ system: 'businessCentral', url: /ODataV4/, times: 100, fault: { kind: 'dropBefore' } });
		const outcomes = await system.write(customers, [...operations, insert]);
		expect(outcomes[0]).toMatchObject({ status: 'failed', error: { errorClass: 'transient' } });
		expect(outcomes[1]).toMatchObject({ status: 'written', record: { name: 'New' }, incomplete: { errorClass: 'transient' } });
	});

	test('companion fields alone are guarded by the version of the record', async () => {
		const ids = seed(2);
		const operations = await updates(ids, { [fax]: '1' });
		company().update('customers', ids[1]!, { city: 'Elsewhere' });
		const outcomes = await system.write(customers, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'stale']);
		expect(company().get('workflowCustomers', ids[1]!)).toMatchObject({ faxNumber: '' });
		expect(company().get('workflowCustomers', ids[0]!)).toMatchObject({ faxNumber: '1' });
	});

	test('a new record whose companion fields are refused counts as written, so that it is coupled and not created twice', async () => {
		const [outcome] = await system.write(customers, [{ kind: 'insert', values: { displayName: 'New', [fax]: '9'.repeat(80) } }]);
		expect(outcome).toMatchObject({
			status: 'written',
			record: { name: 'New' },
			incomplete: { code: 'BC_VALUE_TOO_LONG', errorClass: 'data' },
		});
		expect(company().count('customers')).toBe(1);
	});

	test('nothing is written as null: a reference becomes the zero GUID, a text the empty text', async () => {
		const ids = seed(1);
		const [outcome] = await system.write(customers, await updates(ids, { city: null, paymentTermsId: null }));
		expect(outcome).toMatchObject({
			status: 'written',
			record: { values: { city: '', paymentTermsId: '00000000-0000-0000-0000-000000000000' } },
		});
	});
});

describe('bad weather', () => {
	test('an insert whose answer is lost is not sent again, and says that it may have happened', async () => {
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, fault: { kind: 'dropAfter' } });
		const [outcome] = await system.write(customers, [{ kind: 'insert', values: { displayName: 'New' } }]);
		expect(outcome).toMatchObject({ status: 'unknown', error: { errorClass: 'transient' } });
		expect(world.taken()).toHaveLength(1);
		expect(company().count('customers')).toBe(1);
	});

	test('updates whose answer is lost are sent again and found stale, so that the engine reads and decides again', async () => {
		const operations = await updates(seed(2), { city: 'York' });
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, fault: { kind: 'dropAfter' } });
		const outcomes = await system.write(customers, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['stale', 'stale']);
		expect(
			company()
				.rows('customers')
				.map((row) => row['city']),
		).toEqual(['York', 'York']);
	});

	test('an answer to inserts that breaks off leaves only those unknown whose answers are missing', async () => {
		const inserts = Array.from({ length: 5 }, (_, index): WriteOperation => ({
			kind: 'insert',
			values: { number: `N${index}`, displayName: `New ${index}` },
		}));
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, fault: { kind: 'truncate', characters: 900 } });
		const outcomes = await system.write(customers, inserts);
		const statuses = outcomes.map((outcome) => outcome.status);
		expect(new Set(statuses)).toEqual(new Set(['written', 'unknown']));
		expect(statuses.lastIndexOf('written')).toBeLessThan(statuses.indexOf('unknown'));
		expect(company().count('customers')).toBe(5);
	});

	test('a batch of which only the half was carried out is settled by the conditions', async () => {
		const ids = seed(4);
		const operations = await updates(ids, { city: 'York' });
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, fault: { kind: 'halfBatch', parts: 2 } });
		const outcomes = await system.write(customers, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['stale', 'stale', 'written', 'written']);
	});

	test('throttling is waited out, inserts included, because nothing was processed', async () => {
		world.sandbox.faults.add({ system: 'businessCentral', url: /\$batch/, times: 4, fault: { kind: 'answer', status: 429 } });
		world.sandbox.faults.add({
			system: 'businessCentral',
			url: /\$batch/,
			fault: { kind: 'answer', status: 503, headers: { 'retry-after': '30' } },
		});
		const [outcome] = await system.write(customers, [{ kind: 'insert', values: { displayName: 'New' } }]);
		expect(outcome!.status).toBe('written');
		expect(company().count('customers')).toBe(1);
	});

	test('a part that hits a deadlock is sent again alone', async () => {
		const ids = seed(3);
		const operations = await updates(ids, { city: 'York' });
		const body = '{"error":{"code":"Internal_ServerError","message":"Your activity was deadlocked with another user."}}';
		world.sandbox.faults.add({
			system: 'businessCentral',
			method: 'PATCH',
			url: /customers/,
			nth: 2,
			fault: { kind: 'answer', status: 500, body },
		});
		const outcomes = await system.write(customers, operations);
		expect(outcomes.map((outcome) => outcome.status)).toEqual(['written', 'written', 'written']);
		expect(lines(world.taken())).toEqual(['POST $batch → 200 (3 × PATCH)', 'POST $batch → 200 (1 × PATCH)']);
	});

	test('a token that expires in the middle of a run is renewed once', async () => {
		seed(25);
		let pages = 0;
		for await (const page of system.readChanges({ table: customers, fields: [], filter: null, since: null, pageSize: 10 })) {
			if (pages++ === 0) world.sandbox.login.expireAll();
			expect(page.length).toBeGreaterThan(0);
		}
		expect(pages).toBe(3);
		expect(world.refreshes.businessCentral).toBe(1);
		expect(lines(world.taken())).toEqual(['GET customers → 200', 'GET customers → 401', 'GET customers → 200', 'GET customers → 200']);
	});

	test('a web page in place of data names Business Central', async () => {
		world.sandbox.faults.add({ system: 'businessCentral', fault: { kind: 'html', status: 200 } });
		const error = await failure(changes(system, { table: customers }));
		expect(error).toMatchObject({ code: 'BC_WEB_PAGE', errorClass: 'setup', system: 'businessCentral' });
		expect(error.message).toContain('Business Central');
	});
});

describe('the rest', () => {
	test('companies and the local currency', async () => {
		expect(await system.companies()).toEqual([{ id: world.companyId, name: 'CRONUS International Ltd.', displayName: expect.any(String) }]);
		world.taken();
		expect(await system.companyInformation()).toMatchObject({ currencyCode: 'GBP' });
		await system.companyInformation();
		expect(world.taken()).toHaveLength(1);
	});

	test('small tables are read whole', async () => {
		company().seed('currencyExchangeRates', [
			{ currencyCode: 'EUR', startingDate: '2026-02-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 81 },
			{ currencyCode: 'EUR', startingDate: '2026-01-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 80 },
		]);
		expect(
			await system.readAll(
				'currencyExchangeRates',
				['currencyCode', 'startingDate', 'relationalExchangeRateAmount'],
				"currencyCode eq 'EUR'",
				'startingDate',
			),
		).toEqual([
			{ currencyCode: 'EUR', startingDate: '2026-01-01', relationalExchangeRateAmount: 80 },
			{ currencyCode: 'EUR', startingDate: '2026-02-01', relationalExchangeRateAmount: 81 },
		]);
	});

	test('records are counted with and without a filter', async () => {
		const ids = seed(30);
		company().update('customers', ids[0]!, { city: 'Bath' });
		expect(await system.count(customers, null)).toEqual({ count: 30, atLeast: false });
		expect(await system.count(customers, "city eq 'Bath'")).toEqual({ count: 1, atLeast: false });
	});

	test('numbers are looked up as codes are, names without regard to case', async () => {
		const ids = seed(3);
		const byNumber = await system.readByValues(customers, 'number', ['C00001', 'NONE', "O'X"], ['city']);
		expect(byNumber.map((record) => record.id)).toEqual([ids[1]]);
		const byName = await system.readByValues(customers, 'displayName', ['CUSTOMER 2'], [], "city eq 'Leeds'");
		expect(byName.map((record) => record.id)).toEqual([ids[2]]);
		company().update('workflowCustomers', ids[0]!, { faxNumber: '42' });
		const byFax = await system.readByValues(customers, fax, ['42'], [fax]);
		expect(byFax).toEqual([expect.objectContaining({ id: ids[0], values: expect.objectContaining({ [fax]: '42' }) })]);
	});

	test('search finds by part of number or name, whatever the case, and goes on where it stopped', async () => {
		seed(120);
		const first = await system.search(customers, 'c0000', null);
		expect(first.records).toHaveLength(10);
		expect(first.next).toBeUndefined();
		const named = await system.search(customers, 'customer 1', null);
		expect(named.records).toHaveLength(31);
		const all = await system.search(customers, '', null);
		const more = await system.search(customers, '', null, all.next);
		const rest = await system.search(customers, '', null, more.next);
		expect([all, more, rest].map((page) => page.records.length)).toEqual([50, 50, 20]);
		expect(rest.next).toBeUndefined();
		const foreign = JSON.stringify([[0, 'https://evil.example/api']]);
		expect(await failure(system.search(customers, '', null, foreign))).toMatchObject({ code: 'BC_FOREIGN_NEXT_LINK' });
	});

	test('columns come from metadata, companions included, and are remembered', async () => {
		const { columns, label } = await system.describe(customers);
		expect(label).toBe('Customers');
		expect(columns.get('displayName')).toMatchObject({ type: 'text', maxLength: 100, writable: true });
		expect(columns.get('id')).toMatchObject({ type: 'guid', writable: false });
		expect(columns.get('balanceDue')).toMatchObject({ type: 'decimal', writable: false });
		expect(columns.get('blocked')).toMatchObject({
			type: 'enum',
			options: expect.arrayContaining([{ value: '_x0020_', label: '(blank)' }]),
		});
		expect(columns.get(fax)).toMatchObject({ type: 'text', writable: true });
		world.taken();
		await world.businessCentral().describe(customers);
		expect(world.taken()).toHaveLength(0);
	});

	test('links open the record in the web client by its number', () => {
		const webClient = {
			baseUrl: 'https://businesscentral.dynamics.com/',
			companyName: 'CRONUS & Co',
			tenant: 'cronus.example',
			environment: 'Production',
		};
		const linked = world.businessCentral({ webClient });
		expect(linked.link(customers, 'x', "O'1")).toBe(
			"https://businesscentral.dynamics.com/cronus.example/Production/?company=CRONUS%20%26%20Co&page=21&filter='No.'%20IS%20'O''1'",
		);
		expect(linked.link(customers, 'x')).toBeNull();
		expect(system.link(customers, 'x', 'C1')).toBeNull();
	});

	test('a company that is not chosen, or whose id is none, is said so before any request', async () => {
		const nowhere = world.businessCentral({ companyId: "x')/evil" });
		expect(await failure(changes(nowhere, { table: customers }))).toMatchObject({ code: 'BC_COMPANY_MISSING', errorClass: 'setup' });
		expect(world.taken()).toHaveLength(0);
	});
});

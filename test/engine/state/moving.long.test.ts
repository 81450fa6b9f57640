import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { exportState, importState, runFullSync, type ImportedState, type ImportOptions } from '../../../engine';
import type { Clock } from '../../../engine/ports/clock';
import { openPostgresStore, openSqliteStore, type ConnectionIdentity } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { seedCustomers } from '../../kit/customers';
import { startPostgres, type RunningPostgres } from '../../kit/postgres';
import { createWorld, type World } from '../../kit/world';

let postgres: RunningPostgres;
let folder: string;
beforeAll(async () => {
	postgres = await startPostgres();
	folder = mkdtempSync(join(tmpdir(), 'd365-moving-'));
});
afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	await postgres.stop();
});

type Place = string | 'postgres';
/** Where sessions find their store; changed by a move. */
let place: Place;
let world: World;

const opener = (identity: ConnectionIdentity, clock: Clock): Promise<SyncStore> =>
	place === 'postgres'
		? openPostgresStore({ ...postgres.settings, connection: identity, clock })
		: openSqliteStore({ file: join(folder, place), connection: identity, clock });

async function start(customers: number): Promise<void> {
	await postgres.query(`drop schema if exists "${postgres.settings.schema}" cascade`);
	world = await createWorld({ store: opener });
	seedCustomers(world, customers);
	world.minutes(30);
}

async function use<T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
}

const exported = async (log = false): Promise<Buffer> => {
	let file: Buffer | undefined;
	await use((session) => exportState(session, { log }, async (stream) => void (file = await buffer(stream))));
	return file!;
};
const imported = (file: Buffer, options: ImportOptions = {}): Promise<ImportedState> =>
	use((session) => importState(session, Readable.from([file]), options));
/** What the file says besides where it came from. */
const rowsOf = (file: Buffer): string[] => gunzipSync(file).toString('utf8').split('\n').slice(1);
const packed = (lines: readonly string[]): Buffer => gzipSync(lines.join('\n'));
const linesOf = (file: Buffer): string[] => gunzipSync(file).toString('utf8').split('\n');

const written = (): number => world.takeRequests().reduce((sum, { writes }) => sum + writes, 0);

test('2,000 couplings move from the file to PostgreSQL and back: the state is the same, and the next run writes nothing', async () => {
	place = 'first.sqlite';
	await start(2_000);
	await use((session) =>
		runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'allowCreate', ignoreDependencies: true, allowMassChanges: true }),
	);
	world.takeRequests();
	const first = await exported(true);
	place = 'postgres';
	const into = await imported(first);
	expect(into.rows).toMatchObject({ coupling: 2_000, job: expect.any(Number) as number, watermark: 2, mapping_setting: 1, full_sync: 1 });
	expect(into.from.kind).toBe('embedded');
	expect(rowsOf(await exported(true))).toEqual(rowsOf(first));
	const runs = await world.run({ mapping: 'CUSTOMER' });
	expect(runs.map(({ job }) => [job.status, job.inserted, job.modified, job.failed])).toEqual([
		['finished', 0, 0, 0],
		['finished', 0, 0, 0],
	]);
	expect(written()).toBe(0);

	const second = await exported();
	place = 'second.sqlite';
	await imported(second);
	expect(rowsOf(await exported())).toEqual(rowsOf(second));
	world.minutes(30);
	await world.run({ mapping: 'CUSTOMER' });
	expect(written()).toBe(0);
	await world.close();
}, 240_000);

describe('what is not taken over', () => {
	/** More than a page of what is exported and imported at once. */
	const COUPLES = 300;
	let file: Buffer;
	const refusal = (given: Buffer, options: ImportOptions = {}): Promise<string> =>
		imported(given, options).then(
			() => 'imported',
			({ code, message }: { code: string; message: string }) => `${code} ${message}`,
		);
	beforeEach(async () => {
		place = `old-${Date.now()}-${Math.random()}.sqlite`;
		await start(COUPLES);
		await use((session) => runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'keep', ignoreDependencies: true }));
		file = await exported();
		place = `new-${Date.now()}-${Math.random()}.sqlite`;
	});
	afterEach(() => world.close());
	const untouched = (): Promise<unknown> =>
		use(async ({ store }) => [await store.countCouplings(), await store.knowsCouples(), (await store.settings()).size]);

	test.each<[what: string, given: (whole: Buffer) => Buffer, told: RegExp]>([
		['a file that was cut off', (whole) => whole.subarray(0, whole.length / 2), /^STATE_DAMAGED/],
		['a file whose end is missing', (whole) => packed([...linesOf(whole).slice(0, -2), '']), /^STATE_DAMAGED .*end is missing/],
		[
			'a value that was changed on its way',
			(whole) => packed(linesOf(whole).map((line) => line.replace('"bc_number":"C000007"', '"bc_number":"C000008"'))),
			/^STATE_DAMAGED .*checksum/,
		],
		['a row that is missing', (whole) => packed(linesOf(whole).filter((line) => !line.includes('"C000007"'))), /^STATE_DAMAGED/],
		['a row that is there twice', (whole) => packed(linesOf(whole).flatMap((line) => (line.includes('"C000007"') ? [line, line] : [line]))), /^STATE_DAMAGED/], // prettier-ignore
		['something behind its end', (whole) => packed([...linesOf(whole), 'more', '']), /^STATE_DAMAGED/],
		['a file that is something else', () => Buffer.from('%PDF-1.7 is no state'), /^STATE_DAMAGED/],
		['an empty file', () => Buffer.alloc(0), /^STATE_DAMAGED/],
		[
			'a state of a newer version',
			(whole) =>
				packed(linesOf(whole).map((line, index) => (index === 0 ? line.replace(/"shape":"[^"]+"/, '"shape":"9999_future"') : line))),
			/^STATE_NEWER .*9999_future/,
		],
		[
			'the state of another connection',
			(whole) => packed(linesOf(whole).map((line, index) => (index === 0 ? line.replace(/"connection":\{"id":"[^"]+"/, '"connection":{"id":"other"') : line))), // prettier-ignore
			/^STATE_OTHER_CONNECTION/,
		],
	])('%s', async (_what, given, told) => {
		expect(await refusal(given(file))).toMatch(told);
		expect(await untouched()).toEqual([0, false, 0]);
		// The whole file still finds its way.
		expect((await imported(file)).rows['coupling']).toBe(COUPLES);
	});

	test('the state of another connection, when somebody says that it is the same', async () => {
		const other = packed(linesOf(file).map((line, index) => (index === 0 ? line.replace(/"connection":\{"id":"[^"]+"/, '"connection":{"id":"other"') : line))); // prettier-ignore
		expect((await imported(other, { anyConnection: true })).rows['coupling']).toBe(COUPLES);
	});

	test('a state exported before requeued records had a table of their own: they do not become failures', async () => {
		const common = { mapping: 'CUSTOMER', direction: 'toCrm' as const, errorClass: 'data' as const, message: '', hint: '', attempts: 1 };
		const at = { failedAt: '2026-03-01T12:00:00.000Z', firstFailedAt: '2026-02-01T12:00:00.000Z', sourceVersion: '4', skipped: true };
		const unresolved = [{ field: 'parentcustomerid', caption: 'Company', mapping: 'VENDOR', value: 'V1' }];
		await imported(file);
		await use(({ store }) =>
			store.commit({
				failures: [
					{ ...common, ...at, sourceId: 'a', errorCode: 'REFERENCE_AWAITED', unresolved },
					{ ...common, ...at, sourceId: 'b', errorCode: 'CONFLICT' },
				],
			}),
		);
		const before = packed(linesOf(await exported()).map((line, index) => (index === 0 ? line.replace(/"shape":"[^"]+"/, '"shape":"0008_store_identity"') : line))); // prettier-ignore
		place = `again-${Date.now()}-${Math.random()}.sqlite`;
		await imported(before);
		expect(await use(({ store }) => store.requeued('CUSTOMER', 'toCrm', { limit: 10 }))).toEqual([
			expect.objectContaining({ sourceId: 'a', reason: 'referenceDeferred', fields: ['parentcustomerid'], unresolved }),
		]);
		expect((await use(({ store }) => store.listFailures({ limit: 10 }))).rows).toMatchObject([{ sourceId: 'b', errorCode: 'CONFLICT' }]);
	});

	test('somebody has worked with the store: it says with what; replacing takes all of it away', async () => {
		await imported(file);
		await use(({ store }) => store.saveSettings('VENDOR', { direction: 'toCrm' }));
		expect(await refusal(file)).toMatch(
			/^STATE_NOT_EMPTY .*300 couplings.*1 changed settings|^STATE_NOT_EMPTY .*1 changed settings, 300 couplings/,
		);
		const replaced = await imported(file, { replace: true });
		expect(replaced.replaced).toEqual({ coupling: COUPLES, mapping_setting: 1 });
		expect(rowsOf(await exported())).toEqual(rowsOf(file));
		expect((await use(({ store }) => store.settings())).size).toBe(0);
	});

	test('a mapping that is running keeps the state where it is, in both directions', async () => {
		await use(async ({ store }) => {
			const lease = await store.acquireLease('VENDOR', 'somebody', 60_000);
			expect(await refusal(file)).toMatch(/^MAPPING_BUSY VENDOR is being synchronized/);
			await expect(exported()).rejects.toMatchObject({ code: 'MAPPING_BUSY' });
			await store.releaseLease(lease!);
		});
		expect((await imported(file)).rows['coupling']).toBe(COUPLES);
	});

	test('a session that was open before the import cannot write into what was replaced', async () => {
		await use(async ({ store }) => {
			await imported(file);
			await expect(store.acquireLease('CUSTOMER', 'late', 60_000)).rejects.toMatchObject({ system: 'store' });
		});
		expect(await use(({ store }) => store.countCouplings())).toBe(COUPLES);
	});

	test('an import that died in the middle is no obstacle for the next, and left nothing behind', async () => {
		const dying = Readable.from(
			(async function* () {
				yield file.subarray(0, 10_000);
				await Promise.resolve();
				throw new Error('The process ended.');
			})(),
		);
		await expect(use((session) => importState(session, dying, {}))).rejects.toThrow('The process ended.');
		expect(await untouched()).toEqual([0, false, 0]);
		expect((await imported(file)).rows['coupling']).toBe(COUPLES);
	});
});

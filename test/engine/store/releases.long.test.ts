import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore, openSqliteStore } from '../../../engine/store/openStore';
import { NEVER_COMPARED } from '../../../engine/model/comparison';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { startPostgres, type RunningPostgres } from '../../kit/postgres';
import { columnsOf, insertion, levels, recordedStatements, shapesOf } from './releases/recording';
import { BC_ID, CRM_ID, NOON, rows, type Row } from './releases/rows';
import { bcId, CONNECTION, coupling, crmId, ManualClock } from './samples';

type Rows = Array<Record<string, unknown>>;

/** A database as a release of that level left it, opened by this version. */
interface OldStore {
	open(): Promise<SyncStore>;
	/** What stands in a table, past the store. */
	read(table: string): Promise<Rows>;
	remove(): Promise<void>;
}

const clock = new ManualClock();
let server: RunningPostgres;
let count = 0;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(async () => {
	await server.stop();
});

const recorded = (level: string, dialect: 'sqlite' | 'postgres', schema?: string): string[] => {
	const statements = recordedStatements(level, dialect, schema);
	if (statements === null)
		throw new Error(
			`The migration ${level} has no recording: run "npx tsx test/engine/store/releases/record.ts" and commit what it writes.`,
		);
	return statements;
};

/** The recording of a level, and a few more failures in it. */
async function oldFile(level: string, failures: readonly Row[] = []): Promise<OldStore> {
	const folder = mkdtempSync(join(tmpdir(), 'sync-release-'));
	const file = join(folder, 'state.sqlite');
	const database = new DatabaseSync(file);
	for (const statement of [...recorded(level, 'sqlite'), ...failures.map((row) => insertion('"failure"', row))]) database.exec(statement);
	database.close();
	return {
		open: () => openSqliteStore({ file, connection: CONNECTION, clock }),
		read: async (table) => {
			const reader = new DatabaseSync(file, { readOnly: true });
			try {
				return reader
					.prepare(`select * from "${table}"`)
					.all()
					.map((row) => ({ ...row }));
			} finally {
				reader.close();
			}
		},
		remove: async () => rmSync(folder, { recursive: true, force: true }),
	};
}

async function oldSchema(level: string, failures: readonly Row[] = []): Promise<OldStore> {
	const schema = `${server.settings.schema}_${++count}`;
	const more = failures.map((row) => insertion(`"${schema}"."failure"`, row));
	for (const statement of [...recorded(level, 'postgres', schema), ...more]) await server.query(statement);
	return {
		open: () => openPostgresStore({ ...server.settings, schema, connection: CONNECTION, clock }),
		read: async (table) => {
			const found = await server.query(`select * from "${schema}"."${table}"`);
			// Counters and milliseconds come from the driver as text.
			return found.map((row) =>
				Object.fromEntries(Object.entries(row).map(([name, value]) => [name, isCounter(name) && value !== null ? Number(value) : value])),
			);
		},
		remove: async () => void (await server.query(`drop schema "${schema}" cascade`)),
	};
}

const isCounter = (name: string): boolean => /_ms$|^fence$|^seq$|^connection_key$/.test(name);

/** The recorded row with what the newest shape adds to it. */
const known = (row: Row, columns: ReadonlySet<string>): Record<string, unknown> =>
	Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name)));

describe.each(['sqlite', 'postgres'] as const)('a store made by an earlier release, %s', (dialect) => {
	const make = dialect === 'sqlite' ? oldFile : oldSchema;
	let shapes: ReturnType<typeof shapesOf> | undefined;

	it.each(levels)('%s: the recording is what the migrations make, so that none was changed after its release', async (level) => {
		const shape = (await (shapes ??= shapesOf(dialect, server.settings))).get(level)!;
		expect(recorded(level, dialect).slice(0, shape.length)).toEqual(shape);
	});

	it.each(levels)('%s: opens in the newest with nothing lost, and works on', async (level) => {
		const old = await make(level);
		const columns = columnsOf(recorded(level, dialect));
		const store = await old.open();
		for (const [table, expected] of Object.entries(rows)) {
			const had = columns.get(table);
			if (had === undefined) continue;
			const now = await old.read(table);
			expect(now).toHaveLength(expected.length);
			// Opening renews the name of the company and when it was opened; baselines are packed, and read below.
			const renewed = ['company_name', 'opened_ms', 'baseline'];
			const kept = expected.map((row) => known(row, new Set([...had].filter((name) => !renewed.includes(name)))));
			expect(now).toEqual(expect.arrayContaining(kept.map((row) => expect.objectContaining(row) as unknown)));
		}
		await expectReadable(store, columns);
		await expectWritable(store);
		await store.close();
		// A second opening finds nothing to do.
		await (await old.open()).close();
		expect((await old.read('migration')).map(({ name }) => name).sort()).toEqual(levels);
		await old.remove();
	});
});

const REFERENCE = { field: 'parentcustomerid', caption: "Company's Ülm", mapping: 'CUSTOMER', value: 'C00010' };
const OTHER_REFERENCE = { field: 'transactioncurrencyid', caption: 'Currency', mapping: 'CURRENCY', value: 'EUR' };
/** Rows of the table of failures as 0008 held them: code, what is missing, since when it is known to fail. */
const AMONG_FAILURES: ReadonlyArray<[code: string, missing: unknown[] | null, since: string | null]> = [
	['REFERENCE_AWAITED', [REFERENCE, OTHER_REFERENCE], '2026-02-27T12:00:00.000Z'],
	['FOLLOW_UP_DUE', null, '2026-02-27T12:00:00.000Z'],
	['PARTNER_BACK', null, null],
	['PARTNER_MET', null, '2026-02-27T12:00:00.000Z'],
	['INSERT_RECOVERED', null, '2026-02-27T12:00:00.000Z'],
	['RUN_ENDING', null, '2026-02-27T12:00:00.000Z'],
	['DEPENDENCY', [OTHER_REFERENCE], '2026-02-27T12:00:00.000Z'],
];

describe.each(['sqlite', 'postgres'] as const)('what is to be looked at again, of a store made before 0009, %s', (dialect) => {
	const make = dialect === 'sqlite' ? oldFile : oldSchema;

	it('leaves the failures for a table of its own, each with its reason; failures stay', async () => {
		const old = await make(
			'0008_store_identity',
			AMONG_FAILURES.map(([code, missing, since], index) => ({
				connection_key: 1,
				mapping: 'CONTACT',
				direction: 'toCrm',
				source_id: bcId(index),
				error_class: missing ? 'data' : 'transient',
				error_code: code,
				message: `It says "${code}".`,
				hint: '',
				attempts: 1,
				skipped: missing ? 1 : 0,
				source_version: missing ? 'W/"4"' : null,
				missing: missing && JSON.stringify(missing),
				first_failed_at: since,
				failed_at: '2026-03-01T12:00:00.000Z',
			})),
		);
		const store = await old.open();
		const common = { mapping: 'CONTACT', direction: 'toCrm', fields: [], unresolved: [], sourceVersion: null, attempts: 1 };
		const since = '2026-02-27T12:00:00.000Z';
		expect(await store.requeued('CONTACT', 'toCrm', { limit: 10 })).toEqual([
			{
				...{ ...common, since, sourceId: bcId(0), reason: 'referenceDeferred', sourceVersion: 'W/"4"' },
				fields: ['parentcustomerid', 'transactioncurrencyid'],
				unresolved: [REFERENCE, OTHER_REFERENCE],
			},
			{ ...common, since, sourceId: bcId(1), reason: 'followUpDue' },
			{ ...common, since: '2026-03-01T12:00:00.000Z', sourceId: bcId(2), reason: 'partnerBack' },
			{ ...common, since, sourceId: bcId(3), reason: 'partnerMet' },
			{ ...common, since, sourceId: bcId(4), reason: 'insertRecovered' },
			{ ...common, since, sourceId: bcId(5), reason: 'runEnded' },
		]);
		expect((await store.listFailures({ mapping: 'CONTACT', limit: 10 })).rows).toMatchObject([
			{ sourceId: bcId(6), errorCode: 'DEPENDENCY', unresolved: [OTHER_REFERENCE] },
		]);
		await store.close();
		await old.remove();
	});
});

/** What the engine asks for is there, in its own terms. */
async function expectReadable(store: SyncStore, columns: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
	expect(await store.settings()).toEqual(
		new Map([['CUSTOMER', { direction: 'toCrm', bcFilter: { conditions: [], raw: "displayName ne 'O''Brien'" } }]]),
	);
	const found = await store.couplingsOf('CUSTOMER', 'crm', [CRM_ID]);
	expect(found.get(CRM_ID)).toMatchObject({
		bcId: BC_ID,
		bcName: "O'Brien & Söhne 🚀",
		baseline: { name: ['f1', 'f1'], currency: ['f2', 'f3'] },
		bcVersion: 'W/"JzE5OzEyMzs0NTY7Jw=="',
	});
	expect((await store.findCouplings({ state: 'pending', limit: 10 })).rows).toMatchObject([
		{ bcNumber: 'N2', baseline: null, initial: 'send' },
	]);
	expect((await store.findCouplings({ text: 'SÖHNE', limit: 10 })).rows).toHaveLength(1);
	expect(await store.intents('CUSTOMER', 'fromCrm', 10)).toMatchObject([
		{ targetId: null, values: { displayName: 'Adatum', creditLimit: 12.5, blocked: false, faxNumber: null } },
	]);
	const [failure] = await store.failures('CUSTOMER', 'toCrm', { includeSkipped: true, limit: 10 });
	const knewReasons = columns.get('failure')!.has('missing');
	expect(failure).toMatchObject({ errorCode: 'CONFLICT', attempts: 2, skipped: true, sourceVersion: 'W/"4"' });
	expect(failure!.unresolved?.[0]?.value).toBe(knewReasons ? 'EUR' : undefined);
	expect((await store.requeued('CUSTOMER', 'toCrm', { limit: 10 })).map(({ fields }) => fields)).toEqual(
		columns.has('requeued_record') ? [['parentcustomerid']] : [],
	);
	expect(await store.watermark('CUSTOMER', 'businessCentral')).toBe('2026-03-01T11:00:00.123Z');
	expect(await store.watermark('CUSTOMER', 'crm')).toBeNull();
	expect((await store.jobs({ limit: 10 })).rows).toMatchObject([
		{ id: 'job 1', inserted: 1, uncoupled: 8, requests: { crm: 10 }, writes: { crm: 12 } },
	]);
	expect((await store.log({ recordId: BC_ID, limit: 10 })).rows).toMatchObject([
		{ code: 'CONFLICT', crm: { name: "O'Brien & Söhne 🚀" }, skipped: true },
	]);
	expect((await store.fullSyncLines()).get('CUSTOMER')?.toCrm?.checkpoint).toBe(
		columns.has('full_sync') ? '2026-03-01T11:00:00.123Z' : undefined,
	);
	const compared = await store.comparison('CUSTOMER', 'crm');
	expect(compared?.checkedAt).toBe(columns.has('deletion_search') ? NOON : undefined);
	// Nothing is known of records without a partner until the first comparison has taken stock of them.
	if (compared && !columns.has('compared_record')) expect(compared).toMatchObject({ phase: null, position: null, knowsUncoupled: false });
	expect(await store.deletedPartners('CUSTOMER', 'crm', { limit: 10 })).toHaveLength(columns.has('missing_partner') ? 1 : 0);
	expect((await store.tombstones('CUSTOMER', 'crm', [CRM_ID])).get(CRM_ID)?.version).toBe(
		columns.has('former_partner') ? 'W/"9"' : undefined,
	);
	expect([...(await store.runningMappings())]).toEqual(['VENDOR']);
}

/** The fence goes on from where it was, constraints hold, and everything can be written. */
async function expectWritable(store: SyncStore): Promise<void> {
	const lease = (await store.acquireLease('CUSTOMER', 'newest', 60_000))!;
	expect(lease.fence).toBe(42);
	await store.commit(
		{
			couplings: [coupling(9)],
			failures: [],
			comparison: { ...NEVER_COMPARED, mapping: 'CUSTOMER', side: 'crm', knowsUncoupled: true },
			compared: { mapping: 'CUSTOMER', side: 'crm', beganAt: NOON, records: [{ id: crmId(9), version: null }] },
			deletedPartners: [{ mapping: 'CUSTOMER', side: 'crm', bcId: bcId(9), crmId: crmId(9) }],
			tombstones: [
				{ mapping: 'CUSTOMER', kind: 'deleted', bcId: bcId(8), crmId: crmId(8), version: null, endedAt: '2026-03-02T00:00:00Z' },
			],
			watermark: { mapping: 'CUSTOMER', side: 'businessCentral', stamp: '2026-03-02T00:00:00Z' },
		},
		lease,
	);
	expect(await store.countCouplings('CUSTOMER')).toBe(3);
	await expect(store.commit({ couplings: [coupling(10, { crmId: CRM_ID })] }, lease)).rejects.toMatchObject({ code: 'COUPLING_TAKEN' });
	await store.releaseLease(lease);
}

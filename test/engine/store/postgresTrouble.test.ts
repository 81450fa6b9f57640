import { Client } from 'pg';
import { openPostgresStore, type PostgresSettings } from '../../../engine/store/openStore';
import { explainPostgres, isConnectionLoss, isRepeatable } from '../../../engine/store/postgres/postgresErrors';
import { disagreements, seedCustomers } from '../../kit/customers';
import { startOwnPostgres, startPostgres, type RunningPostgres } from '../../kit/postgres';
import { createPostgresWorld, type PostgresWorld } from './runOnPostgres';
import { bcId, CONNECTION, coupling, ManualClock } from './samples';

const clock = new ManualClock();
let server: RunningPostgres;
/** A user of this suite only, whose limits it sets. */
let user: string;
beforeAll(async () => {
	server = await startPostgres();
	user = `${server.settings.schema}_user`;
	await server.query(`create role "${user}" login password 'trouble'`);
	await server.query(`grant create on database "${server.settings.database}" to "${user}"`);
});
afterAll(async () => {
	await server.query(`drop owned by "${user}" cascade`);
	await server.query(`drop role "${user}"`);
	await server.stop();
});

const settings = (change: Partial<PostgresSettings> = {}): PostgresSettings => ({
	...server.settings,
	user,
	password: 'trouble',
	...change,
});
const open = (change: Partial<PostgresSettings> = {}) => openPostgresStore({ ...settings(change), connection: CONNECTION, clock });
const alter = (what: string) => server.query(`alter role "${user}" ${what}`);

/** Another client that holds locks until `end`. */
async function holding(statement: string): Promise<{ end(): Promise<void> }> {
	const { host, port, database, password } = settings();
	const client = new Client({ host, port, database, user, password });
	await client.connect();
	await client.query(`begin; ${statement}`);
	return { end: () => client.end() };
}

describe('few connections', () => {
	it('many more users than connections: everything is written and read nevertheless', async () => {
		const stores = await Promise.all(Array.from({ length: 30 }, () => open({ maxConnections: 2 })));
		await Promise.all(
			stores.map(async (store, n) => {
				await store.commit({ couplings: Array.from({ length: 50 }, (_, row) => coupling(n * 50 + row)) });
				const found = await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(n * 50)]);
				expect(found.size).toBe(1);
			}),
		);
		expect(await stores[0]!.countCouplings('CUSTOMER')).toBe(1_500);
		const used = await server.query('select count(*)::int as used from pg_stat_activity where usename = $1', [user]);
		expect(used[0]!.used).toBeLessThanOrEqual(2);
		await Promise.all(stores.map((store) => store.close()));
	});

	it('a server without a free connection is one clear, transient error, and works again afterwards', async () => {
		await (await open()).close();
		await alter('connection limit 1');
		const other = await holding('select 1');
		await expect(open()).rejects.toMatchObject({ code: 'STORE_NO_CONNECTION', errorClass: 'transient', system: 'store' });
		await expect(open()).rejects.toThrow(/has no free connection/);
		await other.end();
		const store = await open({ maxConnections: 5 });
		// One connection is had; the second the pool would like is refused, and the work waits for nothing else.
		await Promise.allSettled([store.countCouplings('CUSTOMER'), store.countCouplings('CUSTOMER'), store.countCouplings('CUSTOMER')]);
		expect(await store.countCouplings('CUSTOMER')).toBe(1_500);
		await store.close();
		await alter('connection limit -1');
	});
});

it.each([
	['remaining connection slots are reserved for roles with the SUPERUSER attribute', '53300', 'STORE_NO_CONNECTION', 'transient'],
	['could not extend file "base/5/1259": No space left on device', '53100', 'STORE_DISK_FULL', 'setup'],
	['could not write to file "pg_wal/xlogtemp.1": Disk quota exceeded', 'XX000', 'STORE_DISK_FULL', 'setup'],
	['server conn crashed?', '08P01', 'STORE_UNREACHABLE', 'transient'],
	['terminating connection due to idle-session timeout', '57P05', 'STORE_UNREACHABLE', 'transient'],
])('"%s" (%s) is %s, %s', (text, code, expected, errorClass) => {
	const error = explainPostgres(settings(), Object.assign(new Error(text), code === undefined ? {} : { code }));
	expect(error).toMatchObject({ code: expected, errorClass, system: 'store' });
});

it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET'])(
	'%s may end a connection in the middle of a commit, so it is no reason to send it again',
	(code) => {
		const error = Object.assign(new Error(`read ${code}`), { code });
		expect([isRepeatable(error), isConnectionLoss(error)]).toEqual([false, true]);
	},
);

describe('a run whose store is in trouble', () => {
	let world: PostgresWorld;
	let schema: string;
	let rounds = 0;
	beforeEach(async () => {
		schema = `${server.settings.schema}_run${++rounds}`;
		world = await createPostgresWorld(settings({ schema, statementTimeoutMs: 400 }));
		seedCustomers(world, 40);
		await (await world.openStore()).close();
	});
	afterEach(async () => {
		await world.close();
		await server.query(`drop schema "${schema}" cascade`);
	});

	/** The next run finds out what the one before did, and both sides agree without a duplicate. */
	const everythingIsFineAfterwards = async (): Promise<void> => {
		world.minutes(30);
		const results = await world.synchronize();
		expect(results.map(({ job }) => [job.status, job.failed])).toEqual([
			['finished', 0],
			['finished', 0],
		]);
		const store = await world.openStore();
		expect(await store.countCouplings('CUSTOMER')).toBe(40);
		expect(await store.intents('CUSTOMER', 'toCrm', 10)).toEqual([]);
		expect((await store.jobs({ status: 'running', limit: 10 })).rows).toEqual([]);
		const coupled = (await store.findCouplings({ mapping: 'CUSTOMER', limit: 100 })).rows;
		await store.close();
		expect(world.sandbox.crm.rows('account')).toHaveLength(40);
		expect(new Set(coupled.map(({ crmId }) => crmId)).size).toBe(40);
		expect(await disagreements(world)).toEqual([]);
	};

	it('a lock that somebody else holds ends it as a transient error in words; nothing is half written, and the next run goes on', async () => {
		const other = await holding(`lock table "${schema}".coupling in exclusive mode`);
		const results = await world.synchronize();
		expect(results.at(-1)!.job).toMatchObject({ status: 'failed', message: expect.stringContaining('took too long to answer') as string });
		expect(results.at(-1)!.failed[0]).toMatchObject({ errorClass: 'transient', errorCode: 'STORE_TIMEOUT' });
		await other.end();
		const store = await world.openStore();
		// The page was not recorded: no couplings, no watermark past it. What was announced before the inserts is still announced.
		expect(await store.countCouplings('CUSTOMER')).toBe(0);
		expect(await store.watermark('CUSTOMER', 'businessCentral')).toBeNull();
		expect((await store.intents('CUSTOMER', 'toCrm', 100)).length).toBe(40);
		expect([...(await store.runningMappings())]).toEqual([]);
		await store.close();
		await everythingIsFineAfterwards();
	});

	it('a user who may only read gets a clear error before anything is written to either system', async () => {
		await alter('set default_transaction_read_only = on');
		await expect(world.synchronize()).rejects.toMatchObject({ code: 'STORE_READ_ONLY', errorClass: 'setup' });
		await alter('reset default_transaction_read_only');
		expect(world.sandbox.crm.rows('account')).toHaveLength(0);
		await everythingIsFineAfterwards();
	});

	it('a disk that fills up in the middle (53100, from the server itself) ends it clearly, with nothing half written', async () => {
		await server.query(`create function "${schema}".disk_is_full() returns trigger language plpgsql as $$
			begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$`);
		await server.query(
			`create trigger disk_is_full before insert on "${schema}".coupling for each row when (new.bc_number = 'C000025') execute function "${schema}".disk_is_full()`,
		);
		const results = await world.synchronize();
		expect(results.at(-1)!.failed[0]).toMatchObject({ errorClass: 'setup', errorCode: 'STORE_DISK_FULL' });
		const store = await world.openStore();
		expect(await store.countCouplings('CUSTOMER')).toBe(0);
		await store.close();
		await server.query(`drop trigger disk_is_full on "${schema}".coupling`);
		await everythingIsFineAfterwards();
	});
});

it('a server whose files may not grow: a clear error, whole pages or none, and everything is still readable', async () => {
	const own = await startOwnPostgres({ fileLimitKiB: 2_048 });
	try {
		const store = await openPostgresStore({ ...own.settings, connection: CONNECTION, clock });
		let written = 0;
		const fill = async (): Promise<void> => {
			for (; written < 30_000; written += 1_000) {
				await store.commit({ couplings: Array.from({ length: 1_000 }, (_, n) => coupling(written + n)) });
			}
		};
		await expect(fill()).rejects.toMatchObject({ code: 'STORE_DISK_FULL', errorClass: 'setup' });
		expect(written).toBeGreaterThan(0);
		expect(await store.countCouplings('CUSTOMER')).toBe(written);
		expect((await store.findCouplings({ limit: 5 })).rows).toHaveLength(5);
		await store.close();
	} finally {
		await own.stop();
	}
});

it('where no PostgreSQL can be had, suites that need one fail; they are never passed over', async () => {
	// Files of 64 KiB are too small even for an empty database.
	await expect(startOwnPostgres({ fileLimitKiB: 64 })).rejects.toThrow(/PostgreSQL ended/);
});

import { createServer, type AddressInfo } from 'node:net';
import { Client } from 'pg';
import { openPostgresStore, type PostgresSettings } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { startOwnPostgres, startPostgres, type OwnPostgres, type RunningPostgres } from '../../kit/postgres';
import { TcpProxy, type CommitTrouble } from '../../kit/tcpProxy';
import { bcId, CONNECTION, coupling, entry, failure, intent, job, ManualClock } from './samples';

/** Small, so that nothing here waits for long; large enough for a busy machine. */
const LIMITS = { statementTimeoutMs: 1_000, answerMarginMs: 500, connectTimeoutMs: 1_500, idleInTransactionMs: 1_000 };
const UNREACHABLE = { code: 'STORE_UNREACHABLE', errorClass: 'transient', system: 'store' };

let server: RunningPostgres;
beforeAll(async () => {
	server = await startPostgres();
	await (await openPostgresStore({ ...server.settings, connection: CONNECTION, clock: new ManualClock() })).close();
});
afterAll(async () => await server.stop());

/** A way to the server, and what is kept there, of one test alone. */
interface Line {
	proxy: TcpProxy;
	clock: ManualClock;
	open(change?: Partial<PostgresSettings>): Promise<SyncStore>;
	/** Past the proxy. */
	directly(): Promise<SyncStore>;
}
let lines = 0;
async function onLine(use: (line: Line) => Promise<void>): Promise<void> {
	const clock = new ManualClock();
	const connection = { ...CONNECTION, companyId: `0e4b5a3e-0000-4000-8000-${String(++lines).padStart(12, '0')}` };
	const proxy = await TcpProxy.start(server.settings);
	const through = { ...server.settings, ...LIMITS, host: '127.0.0.1', port: proxy.port };
	try {
		await use({
			...{ proxy, clock },
			open: (change = {}) => openPostgresStore({ ...through, ...change, connection, clock }),
			directly: () => openPostgresStore({ ...server.settings, connection, clock }),
		});
	} finally {
		await proxy.close();
	}
}

/** Tests mostly wait for limits: these do so at the same time. Not too many, as the limits also hold for a machine that is busy. */
const AT_ONCE = 4;
type Waiting = [name: string, play: (line: Line) => Promise<void>];
function atOnce(tests: readonly Waiting[]): void {
	const played = new Map<string, Promise<void>>();
	beforeAll(() => {
		const lanes = Array.from({ length: AT_ONCE }, () => Promise.resolve());
		for (const [index, [name, play]] of tests.entries()) {
			const playing = lanes[index % AT_ONCE]!.then(() => onLine(play));
			lanes[index % AT_ONCE] = playing.catch(() => undefined);
			played.set(name, playing);
		}
	});
	afterAll(async () => void (await Promise.allSettled(played.values())));

	it.each(tests)('%s', async (name) => await played.get(name));
}

type Call = [name: string, call: (store: SyncStore) => Promise<unknown>];
const CALLS: Call[] = [
	['settings', (store) => store.settings()],
	['saveSettings', (store) => store.saveSettings('CUSTOMER', {})],
	['acquireLease', (store) => store.acquireLease('ITEM', 'me', 60_000)],
	['runningMappings', (store) => store.runningMappings()],
	['couplingsOf', (store) => store.couplingsOf('CUSTOMER', 'crm', ['a', 'b'])],
	['commit', (store) => store.commit({ couplings: [coupling(7)], intents: [intent('x')], failures: [failure('y')] })],
	['log', (store) => store.log({ limit: 10 })],
	['deleteJobs', (store) => store.deleteJobs('2020-01-01T00:00:00Z')],
];
const FEW = CALLS.filter(([name]) => ['acquireLease', 'couplingsOf', 'commit'].includes(name));

describe('connections that vanish without a word', () => {
	atOnce([
		...CALLS.map(([name, call]): Waiting => [
			`${name} goes on over a new one`,
			async ({ proxy, open }) => {
				const store = await open();
				// Several idle ones, all of them dead.
				await Promise.all(Array.from({ length: 4 }, () => store.settings()));
				proxy.existing('swallow');
				await call(store);
				await store.close();
			},
		]),
		...FEW.map(([name, call]): Waiting => [
			`${name} ends with an error when new ones are swallowed, too; so does whatever follows, and closing ends`,
			async ({ proxy, open }) => {
				const store = await open();
				await store.settings();
				proxy.all('swallow');
				await expect(call(store)).rejects.toMatchObject(UNREACHABLE);
				await expect(store.commit({ job: job(`last ${name}`) })).rejects.toMatchObject(UNREACHABLE);
				await expect(store.runningMappings()).rejects.toThrow(/did not answer in time/);
				await store.close();
				await expect(open()).rejects.toMatchObject(UNREACHABLE);
				proxy.goOn();
				const again = await open();
				await call(again);
				await again.close();
			},
		]),
		[
			'closing does not wait for a statement that is under way',
			async ({ proxy, open }) => {
				const store = await open({ statementTimeoutMs: 600_000 });
				await store.settings();
				proxy.all('swallow');
				const waiting = store.settings();
				waiting.catch(() => undefined);
				await new Promise((resolve) => setTimeout(resolve, 100));
				await store.close();
				await expect(waiting).rejects.toMatchObject(UNREACHABLE);
			},
		],
	]);
});

describe('a connection that is not made', () => {
	atOnce([
		[
			'the server is silent after it let us in',
			async ({ proxy, open }) => {
				proxy.freshUntilReady = true;
				await expect(open()).rejects.toMatchObject(UNREACHABLE);
			},
		],
		[
			'the server says yes to TLS, and then nothing',
			async ({ open }) => {
				const silent = createServer((socket) => socket.once('data', () => socket.write('S')));
				await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
				const { port } = silent.address() as AddressInfo;
				const opening = open({ port, ssl: { rejectUnauthorized: false } });
				await expect(opening).rejects.toMatchObject(UNREACHABLE);
				await new Promise((resolve) => silent.close(resolve));
			},
		],
	]);
});

describe('a server that pauses', () => {
	atOnce([
		[
			'for less than the limit: nobody notices, and nothing is done twice',
			async ({ proxy, open }) => {
				const store = await open({ answerMarginMs: 20_000 });
				await store.settings();
				proxy.all('stall');
				const committing = store.commit({ log: [entry('pause')] });
				await new Promise((resolve) => setTimeout(resolve, 700));
				proxy.goOn();
				await committing;
				expect((await store.log({ jobId: 'pause', limit: 10 })).rows).toHaveLength(1);
				await store.close();
			},
		],
		[
			'for longer: an error, and what arrives late does no harm',
			async ({ proxy, open, directly }) => {
				const store = await open();
				await store.settings();
				proxy.all('stall');
				await expect(store.commit({ couplings: [coupling(1)], log: [entry('late')] })).rejects.toMatchObject(UNREACHABLE);
				proxy.goOn();
				const again = await directly();
				await again.commit({ couplings: [coupling(1)], log: [entry('late')] });
				expect((await again.log({ jobId: 'late', limit: 10 })).rows).toHaveLength(1);
				await again.close();
				await store.close();
			},
		],
	]);
});

describe('connections that break', () => {
	const breaks: Array<[string, (proxy: TcpProxy) => void]> = [
		['are reset', (proxy) => proxy.reset()],
		['are closed by the server', (proxy) => proxy.halfClose('server')],
		['are closed towards the server', (proxy) => proxy.halfClose('client')],
	];
	atOnce(
		breaks.map(([name, breakThem]): Waiting => [
			`${name}: a call goes on over a new one`,
			async ({ proxy, open }) => {
				const store = await open();
				await store.settings();
				breakThem(proxy);
				await store.commit({ couplings: [coupling(2)], log: [entry('broken')] });
				await store.settings();
				expect((await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(2)])).size).toBe(1);
				await store.deleteJobs('2020-01-01T00:00:00Z');
				await store.close();
			},
		]),
	);
});

describe('a commit whose answer is lost', () => {
	const changes = (id: string) => ({
		couplings: [coupling(3)],
		intents: [intent(id)],
		failures: [failure(id)],
		job: job(id, { inserted: 17 }),
		log: [entry(id), entry(id, { code: 'OTHER' })],
	});
	const troubles: CommitTrouble[] = ['answer lost', 'answer lost, reset', 'commit lost', 'commit lost, reset'];
	const unasked: Array<[CommitTrouble, rows: number]> = [
		['answer lost', 2],
		['commit lost', 0],
	];

	atOnce([
		...troubles.map((trouble): Waiting => [
			`${trouble}: the server is asked what became of it, and everything is stored once`,
			async ({ proxy, open }) => {
				const store = await open();
				proxy.atCommit(1, trouble);
				const lease = (await store.acquireLease('CUSTOMER', trouble, 60_000))!;
				await store.commit(changes(trouble), lease);
				expect((await store.log({ jobId: trouble, limit: 10 })).rows.map(({ code }) => code).sort()).toEqual(['CONFLICT', 'OTHER']);
				expect((await store.jobs({ jobId: trouble, limit: 10 })).rows).toMatchObject([{ inserted: 17 }]);
				expect((await store.intents('CUSTOMER', 'toCrm', 100)).filter(({ sourceId }) => sourceId === trouble)).toHaveLength(1);
				await store.commit({ intentsDone: [intent(trouble)] }, lease);
				await store.releaseLease(lease);
				await store.close();
			},
		]),
		...unasked.map(([trouble, rows]): Waiting => [
			`${trouble}, and nobody can be asked: an error, all of it is stored or nothing, and the mapping is free again`,
			async ({ proxy, clock, open, directly }) => {
				const id = `${trouble}, silence`;
				const store = await open();
				proxy.atCommit(1, trouble);
				const lease = (await store.acquireLease('CUSTOMER', id, 60_000))!;
				proxy.fresh = 'swallow';
				await expect(store.commit(changes(id), lease)).rejects.toMatchObject(UNREACHABLE);
				proxy.fresh = 'pass';
				await store.close();
				const next = await directly();
				clock.advance(60_000);
				const taken = (await next.acquireLease('CUSTOMER', 'the next run', 60_000))!;
				expect(taken.fence).toBeGreaterThan(lease.fence);
				expect((await next.log({ jobId: id, limit: 10 })).rows).toHaveLength(rows);
				expect((await next.jobs({ jobId: id, limit: 10 })).rows).toHaveLength(rows / 2);
				await next.releaseLease(taken);
				await next.close();
			},
		]),
	]);
});

describe('who waits for a connection in vain is told', () => {
	const busy = async ({ open }: Line, work: (store: SyncStore) => Promise<void>): Promise<void> => {
		const { host, port, database, user, password, schema } = server.settings;
		const other = new Client({ host, port, database, user, password });
		await other.connect();
		await other.query(`begin; lock table "${schema}".mapping_setting in access exclusive mode`);
		const store = await open({ maxConnections: 2, statementTimeoutMs: 60_000, connectTimeoutMs: 500 });
		const users = [store.settings(), store.settings()];
		try {
			await work(store);
		} finally {
			await other.query('rollback');
			await other.end();
			await Promise.allSettled(users);
			await store.close();
		}
	};

	it('that this n8n uses all of its own, while the server answers', async () => {
		await onLine(
			async (line) =>
				await busy(line, async (store) => {
					const error = await store.countCouplings('CUSTOMER').catch((reason: unknown) => reason);
					expect(error).toMatchObject({ code: 'STORE_NO_CONNECTION', errorClass: 'transient' });
					expect(error).toMatchObject({
						message: expect.stringContaining('answers, but all connections that this n8n process opens') as string,
					});
					expect(error).toMatchObject({ hint: expect.stringContaining('let fewer workflows run at the same time') as string });
				}),
		);
	});

	it('that the server is silent, where it is', async () => {
		await onLine(
			async (line) =>
				await busy(line, async (store) => {
					const { proxy } = line;
					proxy.all('swallow');
					await expect(store.countCouplings('CUSTOMER')).rejects.toMatchObject(UNREACHABLE);
					proxy.reset();
					proxy.goOn();
				}),
		);
	});
});

describe('a server that is frozen', () => {
	let own: OwnPostgres;
	beforeAll(async () => {
		own = await startOwnPostgres();
	});
	afterAll(async () => await own.stop());

	it('is said to be silent and not to be full, whatever one wants of it; once it thaws everything works', async () => {
		const settings = { ...own.settings, ...LIMITS, maxConnections: 2, connection: CONNECTION, clock: new ManualClock() };
		const store = await openPostgresStore(settings);
		await own.freeze();
		const asked = await Promise.all(Array.from({ length: 7 }, () => store.settings().catch((error: unknown) => error)));
		for (const error of asked) expect(error).toMatchObject(UNREACHABLE);
		await expect(openPostgresStore({ ...settings, maxConnections: 1 })).rejects.toMatchObject(UNREACHABLE);
		await store.close();
		await own.thaw();
		const again = await openPostgresStore(settings);
		await again.commit({ couplings: [coupling(1)] });
		await again.close();
	});
});

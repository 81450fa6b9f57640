import type { SyncStore } from '../../../engine/ports/syncStore';
import { disagreements, seedCustomers } from '../../kit/customers';
import { type RunningPostgres, startPostgres } from '../../kit/postgres';
import { TcpProxy } from '../../kit/tcpProxy';
import { createWorld } from '../../kit/world';
import { onPostgres, type PostgresWorld } from './runOnPostgres';
import type { JobResult } from '../../../engine/jobs/jobResult';

/** Small, so that nothing here waits for long; large enough for a busy machine. */
const LIMITS = { statementTimeoutMs: 1_500, answerMarginMs: 500, connectTimeoutMs: 1_500, idleInTransactionMs: 1_000 };
const CUSTOMERS = 120;

let server: RunningPostgres;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(async () => await server.stop());

/** `hard`: nothing gets through afterwards, so the run must end as unreachable; otherwise it may as well go on and finish. */
interface Trouble {
	name: string;
	hard: boolean;
	strike(proxy: TcpProxy): void;
}
const TROUBLES: Trouble[] = [
	{ name: 'the connections vanish', hard: false, strike: (proxy) => proxy.existing('swallow') },
	{ name: 'the connections vanish, and new ones are swallowed', hard: true, strike: (proxy) => proxy.all('swallow') },
	{
		name: 'the connections vanish, and new ones fall silent after the sign-in',
		hard: true,
		strike: (proxy) => {
			proxy.existing('swallow');
			proxy.freshUntilReady = true;
		},
	},
	{ name: 'the connections are reset', hard: false, strike: (proxy) => proxy.reset() },
	{ name: 'the server hangs up', hard: false, strike: (proxy) => proxy.halfClose('server') },
	{ name: 'the answer of the next commit is lost', hard: false, strike: (proxy) => proxy.atCommit(1, 'answer lost') },
	{
		name: 'the answer of the next commit is lost, and new connections are swallowed',
		hard: true,
		strike: (proxy) => {
			proxy.atCommit(1, 'answer lost');
			proxy.fresh = 'swallow';
		},
	},
	{
		name: 'the next commit is lost, and new connections are swallowed',
		hard: true,
		strike: (proxy) => {
			proxy.atCommit(1, 'commit lost');
			proxy.fresh = 'swallow';
		},
	},
];
type Moment = [what: string, method: keyof SyncStore, nth: number, troubles: readonly Trouble[]];
const [vanish, swallow, signIn, reset] = TROUBLES as [Trouble, Trouble, Trouble, Trouble];
const MOMENTS: Moment[] = [
	['the mapping is taken', 'acquireLease', 1, [vanish, swallow]],
	['creations are announced', 'commit', 2, TROUBLES.filter(({ name }) => name.includes('commit'))],
	['a page is recorded', 'commit', 3, TROUBLES],
	['couplings are read', 'couplingsOf', 3, [vanish, signIn, reset]],
];

describe.each(MOMENTS)('before %s', (_what, method, nth, troubles) => {
	/** Each has its own connections, schema and world, and mostly waits for limits: they wait at the same time. */
	const played = new Map<Trouble, Promise<void>>();
	beforeAll(() => {
		for (const trouble of troubles) {
			const playing = play(method, nth, trouble);
			playing.catch(() => undefined);
			played.set(trouble, playing);
		}
	});
	afterAll(async () => void (await Promise.allSettled(played.values())));

	it.each(troubles)('$name', async (trouble) => await played.get(trouble));
});

/** A run whose connections to the store get into trouble before the n-th call of a method; then healthy ones. */
async function play(method: keyof SyncStore, nth: number, { name, hard, strike }: Trouble): Promise<void> {
	const proxy = await TcpProxy.start(server.settings);
	const schema = `${server.settings.schema}_${method}_${nth}_${TROUBLES.findIndex((each) => each.name === name)}`.toLowerCase();
	const settings = { ...server.settings, schema };
	const both = await createWorld();
	const world = onPostgres(both, { ...settings, ...LIMITS, host: '127.0.0.1', port: proxy.port });
	const healthy = onPostgres(both, settings);
	try {
		seedCustomers(world, CUSTOMERS);
		// Makes the tables, which the server lets one after the other do: within the limits some would wait in vain.
		await (await healthy.openStore()).close();
		let calls = 0;
		const outcome = await world
			.synchronize(async (called, call) => {
				if (called === method && ++calls === nth) strike(proxy);
				return await call();
			})
			.catch((error: unknown) => error);
		expect(calls).toBeGreaterThanOrEqual(nth);
		if (hard || !Array.isArray(outcome)) expect(outcome).toMatchObject({ code: 'STORE_UNREACHABLE', errorClass: 'transient' });
		else
			for (const { job, failed } of outcome as JobResult[])
				if (job.status !== 'finished') expect(failed[0]).toMatchObject({ errorCode: 'STORE_UNREACHABLE' });
				else expect(job.inserted).toBe(job.direction === 'toCrm' ? CUSTOMERS : 0);
		await everythingArrives(healthy, Array.isArray(outcome));
	} finally {
		await world.close();
		await proxy.close();
		await server.query(`drop schema "${schema}" cascade`);
	}
}

/** The next run over a healthy connection; a run whose end could not be recorded holds its lease for two minutes. */
async function everythingArrives(world: PostgresWorld, released: boolean): Promise<void> {
	if (!released) world.minutes(2);
	const results = await world.synchronize();
	expect(results.map(({ job }) => [job.status, job.failed])).toEqual([
		['finished', 0],
		['finished', 0],
	]);
	const store = await world.openStore();
	expect(await store.countCouplings('CUSTOMER')).toBe(CUSTOMERS);
	expect(await store.intents('CUSTOMER', 'toCrm', 10)).toEqual([]);
	expect((await store.jobs({ status: 'running', limit: 10 })).rows).toEqual([]);
	expect([...(await store.runningMappings())]).toEqual([]);
	await store.close();
	expect(world.sandbox.crm.rows('account')).toHaveLength(CUSTOMERS);
	expect(await disagreements(world)).toEqual([]);
	world.minutes(30);
	world.takeRequests();
	await world.synchronize();
	expect(world.takeRequests().reduce((sum, request) => sum + request.writes, 0)).toBe(0);
}

import { equal, ok } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { startOwnPostgres, type OwnPostgres } from '../../kit/postgres';
import { TcpProxy } from '../../kit/tcpProxy';
import type { Checks } from '../checks';
import { Office } from './postgres/office';
import { Scheduled } from './postgres/scheduled';
import type { Run } from './postgres/schedule';

interface Trouble {
	name: string;
	/** Whether the server is unreachable until `heal`: then the run under way must say so. Otherwise it may as well go on. */
	total: boolean;
	strike(world: World): unknown;
	heal(world: World): unknown;
}

interface World {
	server: OwnPostgres;
	proxy: TcpProxy;
	office: Office;
	schedule: Scheduled;
}

const TROUBLES: Trouble[] = [
	{
		name: 'a firewall forgets the connections',
		total: false,
		strike: ({ proxy }) => proxy.existing('swallow'),
		heal: () => undefined,
	},
	{
		name: 'a firewall forgets the connections and swallows new ones',
		total: true,
		strike: ({ proxy }) => proxy.all('swallow'),
		heal: ({ proxy }) => proxy.goOn(),
	},
	{
		name: 'the server is frozen (SIGSTOP)',
		total: true,
		strike: ({ server }) => server.freeze(),
		heal: ({ server }) => server.thaw(),
	},
	{
		name: 'all connections are reset',
		total: false,
		strike: ({ proxy }) => proxy.reset(),
		heal: () => undefined,
	},
	{
		name: 'the network pauses for twenty seconds',
		total: false,
		strike: async ({ proxy }) => {
			proxy.all('stall');
			await pause(20_000);
			proxy.goOn();
		},
		heal: () => undefined,
	},
	{
		name: 'the answer of a commit is lost, and new connections are swallowed',
		total: true,
		strike: ({ proxy }) => {
			proxy.atCommit(1, 'answer lost');
			proxy.fresh = 'swallow';
		},
		heal: ({ proxy }) => proxy.goOn(),
	},
];

/** What the documentation promises. */
const RUN_ENDS_WITHIN_MS = 60_000;
/** A lease that could not be given back runs out after two minutes; then comes the next run, on a busy machine. */
const NEXT_RUN_WITHIN_MS = 180_000;
const RECORDS = 300;
/** So that a run lasts long enough to be met in the middle. */
const SLOW = { roundTripMs: 150, perOperationMs: 1 };

/**
 * PostgreSQL falls silent in the middle of a run, in several ways and as a process of n8n meets it, with the limits the product has: the run ends with
 * the right error, and the next run delivers everything, once. All at the same time, each with systems, a server and a schedule of its own.
 */
export async function silence(checks: Checks): Promise<void> {
	await Promise.all(TROUBLES.map((trouble) => met(checks, trouble)));
}

async function met(checks: Checks, trouble: Trouble): Promise<void> {
	const { name, total } = trouble;
	const world = await begin();
	const { office, schedule } = world;
	try {
		await schedule.run(finished, 180_000);
		office.enter(RECORDS);
		office.edit(5);
		await recording(world);
		const struck = Date.now();
		await trouble.strike(world);
		const hit = await schedule.run(({ began, ended }) => began <= struck && ended > struck, RUN_ENDS_WITHIN_MS + 30_000);
		await checks.that(`Silence: ${name}: the run under way ends in time and says why`, () => {
			checks.note(`${name}: ended after ${((hit.ended - struck) / 1000).toFixed(1)} s as ${hit.code ?? hit.statuses.join(', ')}`);
			ok(hit.ended - struck < RUN_ENDS_WITHIN_MS, `It took ${hit.ended - struck} ms.`);
			if (total || hit.code !== null) equal(hit.code, 'STORE_UNREACHABLE', hit.message);
		});
		await trouble.heal(world);
		const healed = Date.now();
		await checks.that(`Silence: ${name}: the mapping is free again, and everything arrives, once`, async () => {
			const next = await schedule.run((run) => run.began > healed && finished(run), NEXT_RUN_WITHIN_MS);
			checks.note(`${name}: the next run began ${((next.began - healed) / 1000).toFixed(1)} s after the server was back`);
			await schedule.run((run) => run.began > next.ended && finished(run), NEXT_RUN_WITHIN_MS);
			const { missing, doubled, stale } = office.verdict();
			equal(missing.length + doubled.length + stale.length, 0, [...missing, ...doubled, ...stale].slice(0, 10).join('\n'));
		});
		await checks.that(`Silence: ${name}: no run ended with anything else`, () => {
			const other = schedule.runs.filter(({ code }) => code !== null && code !== 'STORE_UNREACHABLE');
			equal(other.length, 0, JSON.stringify(other[0]));
		});
	} catch (error) {
		await checks.that(`Silence: ${name}`, () => {
			throw error;
		});
	} finally {
		await schedule.stop();
		await world.proxy.close();
		await office.close();
		await world.server.stop();
	}
}

const finished = ({ code, statuses }: Run): boolean =>
	code === null && statuses.length > 0 && statuses.every((status) => status === 'finished');

async function begin(): Promise<World> {
	const server = await startOwnPostgres();
	const proxy = await TcpProxy.start(server.settings);
	const office = await Office.open();
	office.enter(10);
	office.sandbox.latency = SLOW;
	const store = { ...server.settings, host: '127.0.0.1', port: proxy.port };
	const schedule = Scheduled.start({ addresses: office.addresses, company: office.company, store, everyMs: 2_000 });
	return { server, proxy, office, schedule };
}

/** Waits until a run has created some of the new records and is about to record them. */
async function recording({ office }: World): Promise<void> {
	const before = office.coupled;
	while (office.coupled <= before) await pause(20);
}

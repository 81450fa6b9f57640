import { coupleRecords, synchronizeMapping, uncouple } from '../../engine';
import { Pulse } from '../../engine/ports/pulse';
import { processIdentity } from '../../engine/jobs/processes';
import { withPulse } from '../../engine/store/withPulse';
import { createWorld, START, type World } from '../kit/world';
import type { LeaseHolder } from '../../engine/model/lease';

let world: World;
beforeEach(async () => (world = await createWorld()));
afterEach(() => world.close());

const mapping = 'CUSTOMER';
const own = processIdentity() ?? { pid: process.pid, started: '4711', place: 'a test without /proc' };
const holder: LeaseHolder = { what: 'workflow "Nightly" (id 12), node "Sync", execution 4711', host: 'n8n-1', pid: 12, process: own };
/** Ended for certain: the number is this very process's, and was another's before. */
const dead: LeaseHolder = { ...holder, process: { ...own, started: '1' } };
const onLinux = processIdentity() ? test : test.skip;

/** A run that took its lease and was never heard of again. */
async function vanish(by: LeaseHolder): Promise<void> {
	const session = await world.open({ owner: 'vanished', holder: by });
	await session.store.acquireLease(mapping, 'vanished', 120_000, { holder: by });
	await session.store.close();
}

async function within<T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
}

const WHO =
	'It is run by workflow "Nightly" (id 12), node "Sync", execution 4711 (process 12 on n8n-1) since 2026-03-07 08:00:00 UTC; ' +
	'if nothing more is heard of that run, the mapping is free at 2026-03-07 08:02:00 UTC.';

test('whoever finds a mapping busy is told by whom, since when and until when', async () => {
	expect(START).toBe(world.clock.now());
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const bcId = String(company.insert('customers', { displayName: 'Fabrikam' })['id']);
	const crmId = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 } as never);
	world.sandbox.clock.set(START);
	await vanish(holder);
	const results = await world.run({ mapping });
	expect(results.map(({ job }) => [job.status, job.message])).toEqual(
		Array.from({ length: 2 }, () => [
			'alreadyRunning',
			`CUSTOMER is being synchronized by another run. ${WHO} Nothing was done; the next run catches up.`,
		]),
	);
	const [job] = await within((session) => uncouple(session, { mapping, side: 'crm' }));
	expect(job!.job.message).toContain(WHO);
	await expect(within((session) => coupleRecords(session, { mapping, bcId, crmId, initial: 'none' }))).rejects.toMatchObject({
		code: 'MAPPING_BUSY',
		message: expect.stringContaining(WHO) as string,
	});
});

test('a lease that an earlier version of the package took says what is known of it', async () => {
	await within(({ store }) => store.acquireLease(mapping, 'old', 120_000));
	const [result] = await world.run({ mapping });
	expect(result!.job.message).toContain('It is run since 2026-03-07 08:00:00 UTC; if nothing more is heard');
});

onLinux('the lease of a process that has certainly ended on this machine is free at once, and its job is ended in the log', async () => {
	await vanish(dead);
	expect((await world.run({ mapping })).map(({ job }) => job.status)).toEqual(['finished', 'finished']);
});

test.each<[string, LeaseHolder]>([
	['that lives', holder],
	['of another machine or container', { ...dead, process: { ...dead.process!, place: 'elsewhere' } }],
	['of which the system does not tell', { ...dead, process: null }],
])('the lease of a process %s is free after two minutes and not before', async (_, by) => {
	await vanish(by);
	const statuses = async () => (await world.run({ mapping })).map(({ job }) => job.status);
	expect(await statuses()).toEqual(['alreadyRunning', 'alreadyRunning']);
	world.sandbox.clock.advance(119_000);
	expect(await statuses()).toEqual(['alreadyRunning', 'alreadyRunning']);
	world.sandbox.clock.advance(1_000);
	expect(await statuses()).toEqual(['finished', 'finished']);
});

onLinux('two that find a dead process’s lease at the same moment do not both get it', async () => {
	await vanish(dead);
	const both = await Promise.all([world.run({ mapping }), world.run({ mapping })]);
	expect(both.map(([first]) => first!.job.status).sort()).toEqual(['alreadyRunning', 'finished']);
});

test('a run whose own query to the store never ends counts as hanging, although the store answers its heartbeat', async () => {
	const hung = await world.open();
	const pulse = new Pulse(world.clock);
	const store = withPulse(
		new Proxy(hung.store, {
			get: (target, name) => (name === 'watermark' ? () => new Promise(() => undefined) : (Reflect.get(target, name) as unknown)),
		}),
		pulse,
	);
	void synchronizeMapping({ ...hung, store, pulse }, { mapping });
	await new Promise((resolve) => setTimeout(resolve, 300));
	const lease = (await hung.store.leaseInUse(mapping))!;
	expect(pulse.alive).toBe(true);
	world.minutes(4);
	expect(pulse.alive).toBe(true);
	for (let minute = 5; minute <= 60; minute++) {
		world.minutes(1);
		// The heartbeat's own work is no sign of life.
		await store.renewLease(lease, 120_000);
	}
	expect(pulse.alive).toBe(false);
	await hung.store.close();
});

describe('records that somebody named wait for their turn', () => {
	const customer = (): string =>
		String(world.sandbox.businessCentral.company(world.base.companyName).insert('customers', { displayName: 'Fabrikam' })['id']);
	const named = () => ({ mapping, createUncoupled: true, selected: { side: 'businessCentral' as const, ids: [customer()] } });

	test('and are delivered as soon as the other run gives the mapping back', async () => {
		const session = await world.open({ owner: 'other' });
		const lease = await session.store.acquireLease(mapping, 'other', 120_000, { holder });
		world.sandbox.clock.after(10_000, () => void session.store.releaseLease(lease!));
		const [toCrm] = await world.run(named(), { waitForTurnMs: 60_000 });
		expect(toCrm!.job).toMatchObject({ status: 'finished', inserted: 1 });
		await session.store.close();
	});

	test('and fail by name when it is not free in time, so that whoever asked tries again', async () => {
		await vanish(holder);
		await expect(world.run(named(), { waitForTurnMs: 30_000 })).rejects.toMatchObject({
			code: 'MAPPING_BUSY',
			errorClass: 'transient',
			message: expect.stringContaining('workflow "Nightly"') as string,
		});
		expect(world.sandbox.crm.rows('account')).toHaveLength(0);
	});

	test('a run that was cancelled meanwhile ends without an error', async () => {
		await vanish(holder);
		const cancel = new AbortController();
		world.sandbox.clock.after(4_000, () => cancel.abort());
		const results = await world.run(named(), { signal: cancel.signal, waitForTurnMs: 600_000 });
		expect(results.map(({ job }) => job.status)).toEqual(['alreadyRunning']);
	});
});

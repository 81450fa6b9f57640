import type { SyncStore } from '../../../engine/ports/syncStore';
import { bcId, CONNECTION, coupling, crmId, entry, failure, job, ManualClock, NOON } from './samples';
import { postgres, sqliteFile } from './stores';
import type { FullSyncLine } from '../../../engine/model/fullSync';

const line = (mapping: string, change: Partial<FullSyncLine> = {}): FullSyncLine => ({
	mapping,
	runId: 'run 1',
	status: 'inProcess',
	choices: { afterwards: 'keep', bothSides: 'matchFirst' },
	toCrm: { jobId: 'j1', status: 'inProcess', done: 10, total: 20, atLeast: false, failed: false, checkpoint: '2026-03-01T11:00:00.123Z' },
	fromCrm: null,
	message: '',
	startedAt: NOON,
	finishedAt: null,
	...change,
});

describe.each([
	['SQLite', sqliteFile],
	['PostgreSQL', postgres],
])('full synchronization and log in the store, %s', (_name, make) => {
	let place: Awaited<ReturnType<typeof make>>;
	let store: SyncStore;
	let clock: ManualClock;
	let companies = 0;

	beforeAll(async () => {
		place = await make();
	});
	afterAll(async () => {
		await place.remove();
	});
	beforeEach(async () => {
		clock = new ManualClock();
		store = await place.open({ clock, connection: { ...CONNECTION, companyId: `full-${++companies}` } });
	});
	afterEach(async () => {
		await store.close();
	});

	it('lines are kept per mapping, replaced, and forgotten by name or altogether', async () => {
		await store.commit({ fullSync: [line('CUSTOMER'), line('CURRENCY', { status: 'blank' })] });
		await store.commit({ fullSync: [line('CUSTOMER', { status: 'finished', finishedAt: NOON, message: 'Done.' })] });
		expect(await store.fullSyncLines()).toEqual(
			new Map([
				['CURRENCY', line('CURRENCY', { status: 'blank' })],
				['CUSTOMER', line('CUSTOMER', { status: 'finished', finishedAt: NOON, message: 'Done.' })],
			]),
		);
		await store.deleteFullSyncLines(['CURRENCY']);
		expect([...(await store.fullSyncLines()).keys()]).toEqual(['CUSTOMER']);
		await store.deleteFullSyncLines([]);
		expect((await store.fullSyncLines()).size).toBe(1);
		await store.deleteFullSyncLines();
		expect((await store.fullSyncLines()).size).toBe(0);
	});

	it('a line is recorded with its page or not at all', async () => {
		const lease = (await store.acquireLease('CUSTOMER', 'a', 1000))!;
		clock.advance(2000);
		await store.acquireLease('CUSTOMER', 'b', 1000);
		await expect(store.commit({ fullSync: [line('CUSTOMER')], couplings: [coupling(1)] }, lease)).rejects.toMatchObject({
			code: 'LEASE_LOST',
		});
		expect((await store.fullSyncLines()).size).toBe(0);
		expect(await store.countCouplings('CUSTOMER')).toBe(0);
	});

	it('mappings are running as long as their lease is held and has not expired', async () => {
		const lease = await store.acquireLease('CUSTOMER', 'a', 1000);
		await store.acquireLease('CURRENCY', 'a', 5000);
		expect(await store.runningMappings()).toEqual(new Set(['CUSTOMER', 'CURRENCY']));
		clock.advance(2000);
		expect(await store.runningMappings()).toEqual(new Set(['CURRENCY']));
		await store.releaseLease(lease!);
		await store.releaseLease((await store.acquireLease('CURRENCY', 'a', 5000))!);
		expect(await store.runningMappings()).toEqual(new Set());
	});

	it('jobs of dead processes are ended, of that mapping only, and not the one that comes with it', async () => {
		const running = { status: 'running' as const, finishedAt: null };
		await store.commit({ job: job('dead', running) });
		await store.commit({ job: job('other', { ...running, mapping: 'CURRENCY' }) });
		await store.commit({ endDeadJobs: { mapping: 'CUSTOMER', at: NOON, message: 'Died.' }, job: job('new', running) });
		const jobs = Object.fromEntries((await store.jobs({ limit: 10 })).rows.map(({ id, status, message }) => [id, `${status} ${message}`]));
		expect(jobs).toEqual({ dead: 'stopped Died.', other: 'running ', new: 'running ' });
		expect(await store.deleteJobs('2999-01-01T00:00:00Z')).toBe(1);
	});

	it('failures of all mappings are listed in order, filtered and paged', async () => {
		await store.commit({
			failures: [
				failure(bcId(1)),
				failure(bcId(2), { skipped: true }),
				failure(crmId(1), { direction: 'fromCrm', errorClass: 'transient' }),
				failure(bcId(1), { mapping: 'CURRENCY' }),
			],
		});
		const ids = async (query: Parameters<SyncStore['listFailures']>[0]): Promise<string[]> =>
			(await store.listFailures(query)).rows.map(({ mapping, direction, sourceId }) => `${mapping} ${direction} ${sourceId}`);
		const all = [`CURRENCY toCrm ${bcId(1)}`, `CUSTOMER fromCrm ${crmId(1)}`, `CUSTOMER toCrm ${bcId(1)}`, `CUSTOMER toCrm ${bcId(2)}`];
		expect(await ids({ limit: 10 })).toEqual(all);
		expect(await ids({ limit: 10, skipped: true })).toEqual([all[3]]);
		expect(await ids({ limit: 10, errorClass: 'transient' })).toEqual([all[1]]);
		expect(await ids({ limit: 10, mapping: 'CUSTOMER', direction: 'toCrm' })).toEqual([all[2], all[3]]);
		const first = await store.listFailures({ limit: 3 });
		const second = await store.listFailures({ limit: 3, next: first.next! });
		expect([first.rows.length, second.rows.length, second.next]).toEqual([3, 1, undefined]);
	});

	it('entries are found by kind, and by the exact number or name of either record', async () => {
		const ref = (number: string, name: string) => ({ id: bcId(9), number, name, url: null });
		await store.commit({
			log: [
				entry('j1', { businessCentral: ref('N1', 'A "quoted" 100%_\\ name'), message: 'one' }),
				entry('j1', {
					businessCentral: ref('N12', 'Other'),
					crm: { ...ref('', 'Übersee GmbH'), id: crmId(2) },
					message: 'two',
					kind: 'overwritten',
				}),
			],
		});
		const found = async (query: Omit<Parameters<SyncStore['log']>[0], 'limit'>): Promise<string[]> =>
			(await store.log({ limit: 10, ...query })).rows.map(({ message }) => message).sort();
		expect(await found({ kind: 'overwritten' })).toEqual(['two']);
		expect(await found({ recordText: 'n1' })).toEqual(['one']);
		expect(await found({ recordText: 'a "QUOTED" 100%_\\ name' })).toEqual(['one']);
		expect(await found({ recordText: 'Übersee gmbh' })).toEqual(['two']);
		expect(await found({ recordText: '%' })).toEqual([]);
		expect(await found({ recordText: 'Othe' })).toEqual([]);
	});
});

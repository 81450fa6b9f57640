import { TimeBudget } from '../../../engine/ports/timeBudget';
import { disagreements } from '../../kit/customers';
import { restart } from '../fullSync/fullSyncs';
import { openScene, type Scene } from '../running/scene';

const YEAR = 365 * 24 * 3_600_000;

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
	await scene.run();
});
afterEach(() => scene.world.close());

const inAYear = (): string => new Date(scene.world.clock.now() + YEAR).toISOString();

async function watermarksInAYear(): Promise<void> {
	await scene.with(async ({ store }) => {
		for (const side of ['businessCentral', 'crm'] as const)
			await store.commit({ watermark: { mapping: 'CUSTOMER', side, stamp: inAYear(), moves: 'anyhow' } });
	});
}

async function editsArrive(): Promise<void> {
	scene.inBc(1, { phoneNumber: '+44 future 1' });
	scene.inCrm(2, { telephone1: '+44 future 2' });
	scene.world.minutes(20);
	expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	expect(await disagreements(scene.world)).toEqual([]);
}

test('watermarks a year ahead, then Restart Mapping: edits made 20 minutes before the next run arrive', async () => {
	await watermarksInAYear();
	const restarted = await restart(scene.world, { mapping: 'CUSTOMER', ignoreDependencies: true });
	expect(restarted.map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	const marks = await scene.watermarks();
	for (const mark of Object.values(marks)) expect(Date.parse(mark!)).toBeLessThanOrEqual(scene.world.clock.now());
	await editsArrive();
});

test('watermarks a year ahead without a restart: edits made 20 minutes before the next run arrive, and the watermarks come back', async () => {
	await watermarksInAYear();
	await editsArrive();
	const marks = await scene.watermarks();
	for (const mark of Object.values(marks)) expect(Date.parse(mark!)).toBeLessThanOrEqual(scene.world.clock.now());
	await editsArrive2();
});

async function editsArrive2(): Promise<void> {
	scene.world.minutes(30);
	scene.inBc(3, { phoneNumber: '+44 future 3' });
	scene.world.minutes(20);
	expect(await scene.counted()).toEqual([{ modified: 1 }, {}]);
}

test('a lease that a clock a year ahead took, and whose holder is gone, is free after two minutes', async () => {
	await scene.with(({ store }) => store.acquireLease('CUSTOMER', 'a host whose clock was ahead', YEAR));
	expect((await scene.run())[0]!.job.status).toBe('alreadyRunning');
	scene.world.minutes(3);
	expect((await scene.run())[0]!.job.status).toBe('finished');
});

test('a search for deleted records that was noted a year ahead is due, and a deletion is found', async () => {
	await scene.with(async ({ store }) => {
		for (const side of ['businessCentral', 'crm'] as const) {
			const search = (await store.comparison('CUSTOMER', side))!;
			await store.commit({ comparison: { ...search, position: null, checkedAt: inAYear() } });
		}
	});
	scene.world.sandbox.crm.remove('account', scene.accountId(1));
	await scene.run({ deletion: 'removeCoupling' });
	expect(await scene.couplings()).toHaveLength(2);
	const search = await scene.with(({ store }) => store.comparison('CUSTOMER', 'crm'));
	expect(Date.parse(search!.checkedAt!)).toBeLessThanOrEqual(scene.world.clock.now());
});

test('a couple that ended in the future does not make those forgotten that ended before', async () => {
	const tombstone = (crmId: string, endedAt: string) =>
		({ mapping: 'CUSTOMER', kind: 'deleted', bcId: `bc of ${crmId}`, crmId, version: null, endedAt }) as const;
	const now = new Date(scene.world.clock.now()).toISOString();
	await scene.with(async ({ store }) => {
		await store.commit({ tombstones: [tombstone('one', now)] });
		await store.commit({ tombstones: [tombstone('two', inAYear())] });
		expect([...(await store.tombstones('CUSTOMER', 'crm', ['one', 'two'])).keys()].sort()).toEqual(['one', 'two']);
	});
});

test('a time budget ends with the time that passed, though the clock is set back meanwhile', () => {
	let now = 1_000_000;
	const budget = new TimeBudget({ now: () => now, sleep: () => Promise.resolve() }, 60_000);
	now += 40_000;
	expect(budget.leftMs).toBe(20_000);
	now -= YEAR;
	expect(budget.isSpent).toBe(false);
	now += 20_000;
	expect(budget.isSpent).toBe(true);
});

import { runFullSync, synchronizeMapping } from '../../../engine';
import type { Progress } from '../../../engine/ports/session';
import { countCouplings, disagreements, seedCustomers } from '../../kit/customers';
import { dieAt, Killed } from '../../kit/killing';
import { createWorld, type World } from '../../kit/world';
import { jobs, line, outcomes, reads, restart, resume, review, run, seedAged, within, writes } from './fullSyncs';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const accounts = () => world.sandbox.crm.rows('account');
/** Kills the process at a step; then lets the lease expire. */
async function killAtStep(step: number, pageSize: number): Promise<void> {
	const death = dieAt(step, 'after');
	await expect(Promise.race([run(world, { pageSize }, death.options), death.happened])).rejects.toBeInstanceOf(Killed);
	world.minutes(3);
}

/** Runs the pages of CUSTOMER until some are recorded, and stops like a process that dies. */
async function killAfterPages(pages: number, pageSize: number): Promise<void> {
	let dead = false;
	const never = <T>() => new Promise<T>(() => undefined);
	const died = new Promise<never>((_, reject) => {
		let recorded = 0;
		void run(
			world,
			{ pageSize },
			{
				transport: (transport) => (request) => (dead ? never() : transport(request)),
				store: (store) =>
					new Proxy(store, {
						get: (target, name) => {
							const value: unknown = Reflect.get(target, name);
							if (name !== 'commit') return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
							return async (...parameters: Parameters<typeof store.commit>) => {
								if (dead) return await never();
								await target.commit(...parameters);
								const [changes] = parameters;
								const page = changes.fullSync?.[0];
								if (page?.mapping === 'CUSTOMER' && page.toCrm!.done > 0 && ++recorded === pages) {
									dead = true;
									reject(new Killed());
									return await never();
								}
							};
						},
					}),
			},
		);
	});
	await expect(died).rejects.toBeInstanceOf(Killed);
	world.minutes(3);
}

test('a full sync of 2,000 customers killed half way goes on where it stopped, and no record is written twice', async () => {
	seedAged(world, 2_000, 50);
	await killAfterPages(10, 100);
	expect(accounts()).toHaveLength(1_000);
	const stopped = await line(world, 'CUSTOMER');
	expect(stopped!.toCrm).toMatchObject({ status: 'inProcess', done: 1_000, total: 2_000 });
	world.takeRequests();

	const results = await resume(world, { pageSize: 100 });
	const requests = world.takeRequests();
	expect(outcomes(results)).toEqual(['CUSTOMER toCrm finished', 'CUSTOMER fromCrm finished']);
	// One write for each account that was missing, nothing else: those of the first half are not even read again, but for the last stamp.
	expect(writes(requests)).toBe(1_000);
	expect(results[0]!.job).toMatchObject({ inserted: 1_000, modified: 0, failed: 0, unchanged: 50 });
	expect(reads(requests, '/customers?')[0]).toContain(`lastModifiedDateTime ge ${stopped!.toCrm!.checkpoint}`);
	expect(accounts()).toHaveLength(2_000);
	expect(await countCouplings(world)).toBe(2_000);
	expect(await line(world, 'CUSTOMER')).toMatchObject({ status: 'finished', toCrm: { done: 2_000, total: 2_000 } });
}, 120_000);

test('the time limit stops at a page border, and resuming reads on from there', async () => {
	seedAged(world, 60);
	await run(world, { mappings: ['SALESPEOPLE', 'CURRENCY'] });
	const stop = await within(world, async (session) => {
		let pages = 0;
		session.progress = () => void (++pages === 3 && world.minutes(60));
		return await runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'keep', pageSize: 10, timeBudgetMs: 60_000 });
	});
	expect(outcomes(stop)).toEqual(['CUSTOMER toCrm stopped']);
	expect(stop[0]!.job.inserted).toBe(30);
	expect((await review(world)).find(({ mapping }) => mapping === 'CUSTOMER')).toMatchObject({ status: 'stopped', progress: 50 });
	const results = await resume(world, { pageSize: 10 });
	expect(results[0]!.job).toMatchObject({ inserted: 30, unchanged: 1 });
	expect(await disagreements(world)).toEqual([]);
});

test('killed between the two directions, only the second one runs', async () => {
	seedAged(world, 20);
	const finishedFirst = async (): Promise<void> => {
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		for (let step = 20; ; step++) {
			// The first direction has something to write, so that the second one reads for itself.
			company.update('customers', String(company.rows('customers')[0]!['id']), { phoneNumber: `${step}` });
			await killAtStep(step, 10);
			const now = await line(world, 'CUSTOMER');
			if (now?.toCrm?.status === 'success' && now.fromCrm!.status !== 'success') return;
			if (step > 80) throw new Error('The second direction was never reached alone.');
		}
	};
	await finishedFirst();
	world.takeRequests();
	const results = await resume(world, { pageSize: 10 });
	expect(outcomes(results)).toEqual(['CUSTOMER fromCrm finished']);
	expect(writes(world.takeRequests())).toBe(0);
	expect(await line(world, 'CUSTOMER')).toMatchObject({ status: 'finished' });
});

test('mappings whose turn had not come are run too', async () => {
	seedAged(world, 3);
	// As soon as the full synchronization is written down, nothing else of it is done.
	for (let step = 1; (await line(world, 'CUSTOMER')) === undefined; step++) await killAtStep(step, 100);
	expect((await review(world)).map(({ status }) => status)).toEqual(expect.arrayContaining(['blank']));
	const results = outcomes(await resume(world));
	expect(results).toEqual(expect.arrayContaining(['SALESPEOPLE fromCrm finished', 'CURRENCY toCrm finished', 'CUSTOMER fromCrm finished']));
	expect(accounts()).toHaveLength(3);
});

test('what changed before the checkpoint meanwhile is delivered nevertheless', async () => {
	seedAged(world, 40);
	await killAfterPages(2, 10);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const [first] = company.rows('customers');
	company.update('customers', String(first!['id']), { phoneNumber: '+44 1' });
	await resume(world, { pageSize: 10 });
	expect(accounts()).toHaveLength(40);
	expect(await disagreements(world)).toEqual([]);
});

test('records so young that others may still appear before them are read again', async () => {
	seedCustomers(world, 30);
	await killAfterPages(1, 10);
	world.takeRequests();
	const results = await resume(world, { pageSize: 10 });
	expect(results[0]!.job).toMatchObject({ inserted: 20, unchanged: 10, failed: 0 });
	expect(accounts()).toHaveLength(30);
});

test('a crash while nothing was recorded yet starts over without duplicates', async () => {
	seedAged(world, 12);
	await killAtStep(30, 5);
	await resume(world, { pageSize: 5 });
	expect(accounts()).toHaveLength(12);
	expect(await countCouplings(world)).toBe(12);
});

test('there is nothing to resume before a full sync, nor after it finished', async () => {
	seedAged(world, 2);
	expect(await resume(world)).toEqual([]);
	await run(world);
	expect(await resume(world)).toEqual([]);
});

test('a resumed run keeps to what was chosen when it was started', async () => {
	seedAged(world, 20);
	await run(world, { mappings: ['SALESPEOPLE', 'CURRENCY'] });
	await within(world, async (session) => {
		session.progress = () => world.minutes(60);
		await runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'allowCreate', pageSize: 10, timeBudgetMs: 60_000 });
	});
	const onlyCoupled = () => within(world, async (session) => (await session.store.settings()).get('CUSTOMER')?.onlyCoupled);
	expect(await onlyCoupled()).toBeUndefined();
	await resume(world, { pageSize: 10 });
	expect(await onlyCoupled()).toBe(false);
});

test('records that failed before the interruption are tried again first', async () => {
	seedAged(world, 20);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	company.seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	const [first] = company.rows('customers');
	const now = world.clock.now();
	world.sandbox.clock.set(now - 29 * 24 * 60 * 60_000);
	company.update('customers', String(first!['id']), { salespersonCode: 'JO' });
	world.sandbox.clock.set(now);
	await killAfterPages(2, 10);
	const results = await resume(world, { pageSize: 10 });
	expect(results.flatMap(({ failed }) => failed).some(({ businessCentral }) => businessCentral?.number === 'A000001')).toBe(true);
	expect(await line(world, 'CUSTOMER')).toMatchObject({ status: 'finished', toCrm: { status: 'error' } });
});

test('progress is told after each page in records done of all, and the line in the store agrees with it', async () => {
	seedAged(world, 25);
	const told: Progress[] = [];
	const lines: string[] = [];
	await within(world, async (session) => {
		session.progress = (progress) => void told.push(progress);
		session.log = (level, message) => void (level === 'info' && lines.push(message));
		await runFullSync(session, { afterwards: 'keep', pageSize: 10 });
	});
	const sent = told.filter(({ mapping, direction }) => mapping === 'CUSTOMER' && direction === 'toCrm');
	expect(sent.map(({ done, total, atLeast }) => [done, total, atLeast])).toEqual([
		[10, 25, false],
		[20, 25, false],
		[25, 25, false],
	]);
	expect(lines).toContain('CUSTOMER, Business Central to CRM: 20 of 25 records looked at (80 %)');
});

test('a run over changes tells its progress too, and does not count for it', async () => {
	seedAged(world, 3);
	await run(world);
	world.minutes(30);
	seedCustomers(world, 1);
	const told: Progress[] = [];
	world.takeRequests();
	await within(world, async (session) => {
		session.progress = (progress) => void told.push(progress);
		await synchronizeMapping(session, { mapping: 'CUSTOMER', createUncoupled: true, direction: 'toCrm' });
	});
	expect(told).toEqual([{ mapping: 'CUSTOMER', direction: 'toCrm', done: expect.any(Number) as number, total: null, atLeast: false }]);
	expect(reads(world.takeRequests(), '$count')).toEqual([]);
});

test('a run that finds the job of a dead process ends it as stopped, and its own job goes on', async () => {
	seedAged(world, 20);
	await killAfterPages(1, 10);
	expect((await jobs(world, 'CUSTOMER')).map(({ status }) => status)).toEqual(['running']);
	await world.run({ mapping: 'CUSTOMER', createUncoupled: true });
	const [dead, ...later] = await jobs(world, 'CUSTOMER');
	expect(dead).toMatchObject({ status: 'stopped', inserted: 10, finishedAt: expect.any(String) as string });
	expect(dead!.message).toContain('process was stopped or crashed');
	expect(later.map(({ status }) => status)).toEqual(['finished', 'finished']);
	expect(await within(world, (session) => session.store.deleteJobs('2999-01-01T00:00:00Z'))).toBeGreaterThanOrEqual(3);
});

test('restarting a stopped mapping begins anew, and a resume afterwards has nothing to do with it', async () => {
	seedAged(world, 30);
	await killAfterPages(1, 10);
	world.takeRequests();
	const results = await restart(world, { mapping: 'CUSTOMER', pageSize: 10 });
	expect(reads(world.takeRequests(), '/customers?')[0]).not.toContain('lastModifiedDateTime ge');
	expect(results[0]!.job).toMatchObject({ inserted: 20, unchanged: 10 });
	expect(outcomes(await resume(world))).toEqual([]);
});

import { disagreements } from '../../kit/customers';
import { openScene, OVERLAP_MS, before, readsOf, written, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

test.each(['businessCentral', 'crm'] as const)(
	'when %s refuses the sign-in nothing is touched, the log says why, and the next run delivers',
	async (system) => {
		scene.inBc(1, { phoneNumber: '+44 1' });
		scene.inCrm(2, { fax: '+44 2' });
		const [couplings, watermarks, jobs] = [await scene.couplings(), await scene.watermarks(), await scene.jobs()];
		scene.world.sandbox.faults.add({ system, times: 1000, fault: { kind: 'answer', status: 401 } });
		const results = await scene.run();
		expect(results.at(-1)!.job).toMatchObject({ status: 'failed', inserted: 0, modified: 0, failed: 0, skipped: 0, unchanged: 0 });
		expect(results.at(-1)!.failed).toEqual([expect.objectContaining({ errorClass: 'setup', businessCentral: null, crm: null })]);
		expect(await scene.log('error')).toHaveLength(1);
		expect(await scene.jobs()).toHaveLength(jobs.length + 1);
		expect(await scene.couplings()).toEqual(couplings);
		expect(await scene.watermarks()).toEqual(watermarks);
		expect(await scene.failing()).toEqual([]);
		expect(scene.writes()).toBe(0);
		scene.world.sandbox.faults.clear();
		expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
		expect(await disagreements(scene.world)).toEqual([]);
	},
);

test('both directions are a pass to CRM, then one from CRM, each with a job of its own, also without a record', async () => {
	const known = (await scene.jobs()).length;
	expect(await scene.counted()).toEqual([{}, {}]);
	const empty = (await scene.jobs()).slice(known);
	expect(empty.map(({ direction, status, type }) => `${direction} ${type} ${status}`).sort()).toEqual([
		'fromCrm synchronization finished',
		'toCrm synchronization finished',
	]);
	expect(empty.map(({ finishedAt }) => finishedAt)).toEqual([expect.any(String), expect.any(String)]);
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.inCrm(2, { fax: '+44 2' });
	scene.world.takeRequests();
	const results = await scene.run();
	const steps = scene.world.takeRequests();
	const crmWritten = steps.findIndex(({ system, writes }) => system === 'crm' && writes > 0);
	const bcWritten = steps.findIndex(({ system, writes }) => system === 'businessCentral' && writes > 0);
	expect(crmWritten).toBeGreaterThan(-1);
	expect(bcWritten).toBeGreaterThan(crmWritten);
	const [toCrm, fromCrm] = results;
	expect([toCrm!.job.direction, toCrm!.job.modified, fromCrm!.job.direction, fromCrm!.job.modified]).toEqual(['toCrm', 1, 'fromCrm', 1]);
	expect(await scene.jobs()).toEqual(expect.arrayContaining(results.map(({ job }) => job)));
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.log()).toEqual([]);
});

test.each([
	['SALESPEOPLE', 'toCrm'],
	['CURRENCY', 'fromCrm'],
] as const)('%s does not run %s: a finished job says so before anything is asked', async (mapping, direction) => {
	const [result, ...others] = await scene.world.run({ mapping, direction });
	expect(others).toEqual([]);
	expect(result).toMatchObject({ notServed: true, failed: [], job: { direction, status: 'finished', mapping } });
	expect(result!.job.message).toMatch(new RegExp(`^The table mapping ${mapping} runs from .* only, so nothing was done from .*direction`));
	expect(scene.world.takeRequests()).toEqual([]);
	expect(await scene.jobs(mapping)).toEqual([result!.job]);
	expect(await scene.log()).toEqual([]);
	expect(await scene.watermarks(mapping)).toEqual({ businessCentral: null, crm: null });
});

test.each([
	['toCrm', { bcFilter: { conditions: [], raw: 'phoneNumber sounds like 5' } }],
	['fromCrm', { crmFilter: { conditions: [], raw: 'telephone1 sounds like 5' } }],
	['toCrm', { bcFilter: { conditions: [], raw: "(displayName eq 'A'" } }],
	['fromCrm', { crmFilter: { conditions: [], raw: "name eq 'A" } }],
] as const)('a filter that cannot be understood ends the run %s with one message and no write (%j)', async (direction, settings) => {
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.inCrm(2, { fax: '+44 2' });
	const [couplings, watermarks] = [await scene.couplings(), await scene.watermarks()];
	await scene.change(settings);
	const [result] = await scene.run({ direction });
	expect(result!.job).toMatchObject({ status: 'failed', direction, modified: 0, failed: 0, skipped: 0 });
	expect(result!.failed).toEqual([expect.objectContaining({ errorClass: 'setup', hint: expect.stringMatching(/\w/) as unknown })]);
	expect(await scene.log('error')).toHaveLength(1);
	expect(await scene.couplings()).toEqual(couplings);
	expect(await scene.watermarks()).toEqual(watermarks);
	expect(await scene.failing()).toEqual([]);
	expect(scene.writes()).toBe(0);
	await scene.with(({ store }) => store.saveSettings('CUSTOMER', null));
	expect(await scene.counted({ direction })).toEqual([{ modified: 1 }]);
});

test('each page is a checkpoint: after a crash the next run reads on from the last recorded page, repeats no write and loses nothing', async () => {
	await scene.world.close();
	scene = await openScene(30);
	for (let number = 1; number <= 30; number++) {
		scene.inBc(number, { phoneNumber: `+44 7 ${number}` });
		scene.world.minutes(2);
	}
	const crashed = new Error('power cut');
	let pages = 0;
	let dead = false;
	const run = scene.world.run(
		{ mapping: 'CUSTOMER', pageSize: 10, direction: 'toCrm' },
		{
			store: (store) =>
				new Proxy(store, {
					get: (target, name) => {
						const value: unknown = Reflect.get(target, name);
						if (name !== 'commit') return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
						return async (...parameters: Parameters<typeof store.commit>) => {
							if (dead) throw crashed;
							await target.commit(...parameters);
							if (!parameters[0].watermark || ++pages < 2) return;
							dead = true;
							throw crashed;
						};
					},
				}),
		},
	);
	await expect(run).rejects.toBe(crashed);
	const twentieth = String(scene.customer(20)!['lastModifiedDateTime']);
	expect(Date.parse((await scene.watermarks()).businessCentral!)).toBe(Date.parse(twentieth));
	expect(scene.writes()).toBe(20);
	scene.world.minutes(3);

	expect(await scene.counted({ direction: 'toCrm' })).toEqual([{ modified: 10 }]);
	const requests = scene.world.takeRequests();
	expect(written(requests)).toBe(10);
	expect(readsOf(requests, 'customers')[0]).toContain(`lastModifiedDateTime ge ${before(twentieth, OVERLAP_MS)}`);
	expect(await scene.couplings()).toHaveLength(30);
	expect(await disagreements(scene.world)).toEqual([]);
	expect((await scene.jobs()).map(({ status }) => status).filter((status) => status !== 'finished')).toEqual(['stopped']);
	expect(await scene.log()).toEqual([]);
});

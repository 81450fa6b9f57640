import { runHints } from '../../../nodes/shared/hints';
import { resumeFullSync, synchronizeWithSide } from '../../../engine';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import type { FullSyncLine } from '../../../engine/model/fullSync';
import { openStage, type Stage } from '../deciding/stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
	await stage.settings({ direction: 'toCrm' });
	stage.quarrel(1);
	stage.world.takeRequests();
});
afterEach(() => stage.world.close());

const selected = (side: 'businessCentral' | 'crm', id: string): Pick<RunRequest, 'selected'> => ({ selected: { side, ids: [id] } });

const requests: ReadonlyArray<[what: string, request: () => Partial<RunRequest>, remedy: RegExp]> = [
	['modified records', () => ({ direction: 'fromCrm' }), /Choose the direction "As the Mapping Says"/],
	['a preview of them', () => ({ direction: 'fromCrm', preview: true }), /Choose the direction "As the Mapping Says"/],
	['named records of the other system', () => selected('crm', stage.accountId(1)), /Name the records in Business Central/],
	['a preview of those', () => ({ ...selected('crm', stage.accountId(1)), preview: true }), /Name the records in Business Central/],
	[
		'named records, in that direction',
		() => ({ ...selected('businessCentral', stage.customerId(1)), direction: 'fromCrm' }),
		/Choose the direction "As the Mapping Says"/,
	],
	['a comparison of everything', () => ({ direction: 'fromCrm', force: true, fromStart: true }), /Choose the direction/],
];

test.each(requests)('%s: a finished job says that the mapping does not run that way', async (_, request, remedy) => {
	const before = await stage.jobs();
	const results = await stage.run(request());
	expect(results).toHaveLength(1);
	const [{ job, notServed, failed, warnings }] = results as [(typeof results)[number]];
	expect({ notServed, failed, warnings }).toEqual({ notServed: true, failed: [], warnings: [] });
	expect(job).toMatchObject({ status: 'finished', direction: 'fromCrm', modified: 0, failed: 0, preview: request().preview ?? false });
	expect(job.message).toMatch(/^The table mapping CUSTOMER runs from Business Central to CRM only, so nothing was done from CRM to /);
	expect(job.message).toMatch(remedy);
	expect(stage.world.takeRequests()).toEqual([]);
	// In the log, but for a preview.
	const now = await stage.jobs();
	expect(now.length - before.length).toBe(request().preview ? 0 : 1);
	if (!request().preview) expect(now.find(({ id }) => id === job.id)).toEqual(job);
	const said = runHints(results).map(({ message }) => String(message));
	expect(said).toContain(job.message);
	expect(said.join()).not.toContain('agree');
});

test.each([false, true])('synchronizing with a side: the records are left alone, and the job says why (preview %s)', async (preview) => {
	const request = { mapping: 'CUSTOMER', side: 'crm' as const, ids: [stage.accountId(1)], winner: 'crm' as const, preview };
	const { records, jobs } = await stage.with((session) => synchronizeWithSide(session, request));
	expect(records).toMatchObject([{ outcome: 'leftAlone' }]);
	expect(records[0]!.error).toBeUndefined();
	expect(jobs).toMatchObject([{ notServed: true, job: { status: 'finished', message: expect.stringContaining('only') as unknown } }]);
	expect(stage.writes()).toBe(0);
	expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 1' });
});

test('a full synchronization that goes on after the direction was changed ends what is not served, and runs what is', async () => {
	const line: FullSyncLine = {
		mapping: 'CUSTOMER',
		runId: 'run',
		status: 'stopped',
		choices: { afterwards: 'keep', bothSides: 'createAll' },
		toCrm: { jobId: null, status: 'success', done: 2, total: 2, atLeast: false, failed: false, checkpoint: null },
		fromCrm: { jobId: null, status: 'stopped', done: 0, total: null, atLeast: false, failed: false, checkpoint: null },
		message: '',
		startedAt: '2026-03-07T08:00:00.000Z',
		finishedAt: null,
	};
	await stage.with(({ store }) => store.commit({ fullSync: [line] }));
	const resume = () => stage.with((session) => resumeFullSync(session, { mappings: ['CUSTOMER'], ignoreDependencies: true }));
	expect((await resume()).map(({ notServed, job }) => [notServed, job.type, job.direction, job.status])).toEqual([
		[true, 'fullSynchronization', 'fromCrm', 'finished'],
	]);
	expect(await stage.with(async ({ store }) => (await store.fullSyncLines()).get('CUSTOMER'))).toMatchObject({
		status: 'finished',
		fromCrm: null,
	});
	expect(await resume()).toEqual([]);
});

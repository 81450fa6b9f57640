import { deleteOldEntries, type HistoryEvent, recordHistory, synchronizeMapping } from '../../../engine';
import { openStage, type Stage } from '../failures/kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage(2);
});
afterEach(() => stage.world.close());

const history = (record: string): Promise<HistoryEvent[]> =>
	stage.with((session) => recordHistory(session, { record, limit: 100, mapping: 'CUSTOMER' }));
const told = (events: readonly HistoryEvent[]): string[] =>
	events.map(({ kind, direction, jobId }) => `${kind} ${direction ?? '-'}${jobId ? '' : ' (no job)'}`);

test('the history of a record that was always delivered names its runs, the direction of each, and when', async () => {
	const [created] = (await stage.with(({ store }) => store.jobs({ direction: 'toCrm', limit: 10 }))).rows;
	stage.world.minutes(60);
	stage.inBc(1, { phoneNumber: '+44 7' });
	const [toCrm] = await stage.run();
	stage.world.minutes(60);
	stage.inCrm(1, { emailaddress1: 'new@example.com' });
	const [, fromCrm] = await stage.run();

	const events = await history(stage.customerId(1));
	expect(told(events).sort()).toEqual(
		['created toCrm', 'delivered fromCrm', 'delivered toCrm', 'job fromCrm', 'job toCrm', 'job toCrm', 'synchronized fromCrm'].sort(),
	);
	const of = (kind: string, direction: string) => events.find((event) => event.kind === kind && event.direction === direction)!;
	expect(of('created', 'toCrm')).toMatchObject({
		jobId: created!.id,
		message: expect.stringMatching(/created the record of CRM/) as unknown,
	});
	expect(of('delivered', 'toCrm').jobId).toBe(toCrm!.job.id);
	expect(of('delivered', 'fromCrm').jobId).toBe(fromCrm!.job.id);
	expect(of('synchronized', 'fromCrm').jobId).toBe(fromCrm!.job.id);
	const { startedAt, finishedAt } = toCrm!.job;
	expect(of('delivered', 'toCrm').at >= startedAt && of('delivered', 'toCrm').at <= finishedAt!).toBe(true);
	// Its neighbour was created by the same run, and nothing more.
	expect(told(await history(stage.customerId(2))).sort()).toEqual(['created toCrm', 'job toCrm', 'synchronized toCrm']);
});

test('once the log is cleaned the history still tells when and in which direction, and that the run is not in the log any more', async () => {
	stage.world.minutes(60);
	stage.inCrm(1, { telephone1: '+44 8' });
	await stage.run();
	const before = await history(stage.customerId(1));
	stage.world.minutes(60);
	await stage.with((session) => deleteOldEntries(session.store, 0, stage.world.clock.now()));
	const after = await history(stage.customerId(1));
	expect(told(after)).toEqual(['delivered fromCrm (no job)', 'synchronized fromCrm (no job)', 'created toCrm (no job)']);
	const delivered = after.find(({ kind }) => kind === 'delivered')!;
	expect(delivered.at).toBe(before.find(({ kind }) => kind === 'delivered')!.at);
	expect(delivered.message).toContain('The log has no entry of that run any more');
});

test('a couple of records that were both there is said to be coupled, by whom, and not created', async () => {
	const bcId = String(stage.company().insert('customers', { displayName: 'Two of a kind' })['id']).toLowerCase();
	const crmId = 'aaaaaaaa-0000-4000-8000-000000000001';
	stage.world.sandbox.crm.seed('account', [{ accountid: crmId, name: 'Two of a kind', customertypecode: 3 }]);
	await stage.with(async ({ store, clock }) => {
		const now = new Date(clock.now()).toISOString();
		const names = { bcNumber: '', bcName: 'Two of a kind', crmName: 'Two of a kind' };
		const state = { bcVersion: null, crmVersion: null, bcStamp: null, crmStamp: null, baseline: null, initial: 'send' as const };
		await store.commit({ couplings: [{ mapping: 'CUSTOMER', bcId, crmId, ...names, ...state, coupledAt: now, lastSyncedAt: null }] });
	});
	stage.world.minutes(30);
	await stage.run({ direction: 'toCrm' });
	const events = await history(bcId);
	expect(told(events)).toEqual(expect.arrayContaining(['coupled - (no job)', 'synchronized toCrm']));
	expect(events.some(({ kind }) => kind === 'created')).toBe(false);
});

test('a coupling keeps two times and a side for it, whatever runs did, and a preview leaves them', async () => {
	const kept = () =>
		stage.with(async ({ store }) => {
			const id = stage.customerId(1);
			const { createdOn, writtenAt } = (await store.couplingsOf('CUSTOMER', 'businessCentral', [id])).get(id)!;
			return { createdOn, writtenAt };
		});
	const created = await kept();
	expect(created).toEqual({ createdOn: 'crm', writtenAt: { toCrm: expect.any(Number) as number } });
	stage.world.minutes(60);
	stage.inBc(1, { phoneNumber: '+44 7' });
	await stage.run({ preview: true });
	expect(await kept()).toEqual(created);
	await stage.run();
	expect((await kept()).writtenAt!.toCrm! > created.writtenAt!.toCrm!).toBe(true);
	expect(Object.keys((await kept()).writtenAt!)).toEqual(['toCrm']);
});

test('a record that was created while the clock went on was created, and nothing was delivered besides', async () => {
	const bcId = String(stage.company().insert('customers', { displayName: 'Three' })['id']).toLowerCase();
	stage.world.minutes(5);
	const { clock } = stage.world;
	await stage.with(async (session) => {
		// Each look at the clock is a millisecond later than the one before.
		let ticks = 0;
		const ticking = { ...clock, now: () => clock.now() + ++ticks };
		await synchronizeMapping({ ...session, clock: ticking }, { mapping: 'CUSTOMER', createUncoupled: true });
	});
	expect(told(await history(bcId)).sort()).toEqual(['created toCrm', 'job toCrm', 'synchronized toCrm']);
});

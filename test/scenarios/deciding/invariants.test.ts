import { coupleRecords } from '../../../engine/coupling/couple';
import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const changed = (job: { inserted: number; modified: number; deleted: number; failed: number }): number =>
	job.inserted + job.modified + job.deleted + job.failed;

test('the failed of a mapping are the sum of its jobs; the skipped are records left alone, counted for each direction', async () => {
	stage.quarrel(1);
	stage.inBc(2, { currencyCode: 'EUR' });
	await stage.run();
	const before = await stage.jobs();
	expect(before.reduce((sum, { failed }) => sum + failed, 0)).toBe(3);
	expect(await stage.with((session) => session.store.countFailures('CUSTOMER'))).toEqual({ failed: 3, skipped: 0 });
	await stage.run();
	expect((await stage.jobs()).reduce((sum, { failed }) => sum + failed, 0)).toBe(3);
	expect((await stage.jobs()).reduce((sum, { skipped }) => sum + skipped, 0)).toBe(3);
	expect(await stage.with((session) => session.store.countFailures('CUSTOMER'))).toEqual({ failed: 0, skipped: 3 });
});

test('each direction has its own count: a failure from CRM does not take what is skipped towards it for a new failure', async () => {
	stage.inBc(1, { currencyCode: 'EUR' });
	await stage.run();
	await stage.run();
	stage.world.minutes(30);
	stage.inCrm(1, { address1_country: 'Nowhere' });
	expect(await stage.counted()).toEqual([{}, { failed: 1 }]);
	// The change of the partner is worth one more look in the other direction; the same error leaves it skipped.
	expect(await stage.counted()).toEqual([{ skipped: 1 }, { skipped: 1 }]);
	expect(await stage.counted()).toEqual([{}, {}]);
	expect((await stage.failures('toCrm')).map(({ errorCode, skipped, attempts }) => [errorCode, skipped, attempts])).toEqual([
		['DEPENDENCY', true, 3],
	]);
	expect((await stage.failures('fromCrm')).map(({ skipped, attempts }) => [skipped, attempts])).toEqual([[true, 2]]);
});

describe('nothing changed', () => {
	test('shows in counters and message: I+M+D+F=0, also where records were looked at', async () => {
		const quiet = await stage.run();
		expect(quiet.map(({ job }) => [changed(job), job.status, job.message])).toEqual([
			[0, 'finished', 'No changes.'],
			[0, 'finished', 'No changes.'],
		]);
		const looked = await stage.run({ fromStart: true });
		expect(looked.map(({ job }) => [changed(job), job.unchanged, job.message])).toEqual([
			[0, 3, '3 unchanged.'],
			[0, 3, '3 unchanged.'],
		]);
	});
	test('skipped records do not count as a change, delivered and failed ones do', async () => {
		stage.quarrel(1);
		expect((await stage.run()).map(({ job }) => changed(job))).toEqual([1, 1]);
		expect((await stage.run()).map(({ job }) => [changed(job), job.skipped])).toEqual([
			[0, 1],
			[0, 1],
		]);
		stage.inBc(2, { phoneNumber: '+44 2' });
		expect((await stage.run()).map(({ job }) => changed(job))).toEqual([1, 0]);
	});
});

describe('one run of a mapping at a time', () => {
	test('of two runs that start together one works; the other ends as already running, without job or request of its own', async () => {
		stage.inBc(1, { phoneNumber: '+44 1' });
		const before = (await stage.jobs()).length;
		stage.writes();
		const both = await Promise.all([stage.run({ direction: 'toCrm' }), stage.run({ direction: 'toCrm' })]);
		expect(both.map(([result]) => result!.job.status).sort()).toEqual(['alreadyRunning', 'finished']);
		expect(both.map(([result]) => result!.job.modified).sort()).toEqual([0, 1]);
		expect(stage.writes()).toBe(1);
		expect(await stage.jobs()).toHaveLength(before + 1);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
	});
	test('another mapping does not wait for it', async () => {
		await stage.with(async (session) => {
			const lease = await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
			expect(lease).not.toBeNull();
			expect((await stage.run()).map(({ job }) => job.status)).toEqual(['alreadyRunning', 'alreadyRunning']);
			const [currencies] = await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
			expect(currencies!.job).toMatchObject({ status: 'finished', inserted: 2 });
			await session.store.releaseLease(lease!);
		});
		expect((await stage.run()).map(({ job }) => job.status)).toEqual(['finished', 'finished']);
	});
	test('a preview may look on meanwhile', async () => {
		stage.inBc(1, { phoneNumber: '+44 1' });
		await stage.with(async (session) => {
			await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
			const [toCrm] = await stage.run({ preview: true, direction: 'toCrm' });
			expect(toCrm!.job).toMatchObject({ status: 'finished', modified: 1, preview: true });
		});
	});
});

test('a forced run over everything writes the one record that differs, and of it the one field', async () => {
	stage.inCrm(2, { creditlimit: 4711 });
	stage.world.takeRequests();
	const [toCrm] = await stage.run({ force: true, direction: 'toCrm', returnChanges: 10 });
	expect(toCrm!.job).toMatchObject({ modified: 1, unchanged: 2, failed: 0 });
	expect(toCrm!.changes.map(({ crm, fields }) => [crm?.id, fields.map(({ field }) => field)])).toEqual([
		[stage.accountId(2), ['creditlimit']],
	]);
	expect(stage.changes()).toEqual(['PATCH accounts']);
	expect((await stage.run({ force: true })).map(({ job }) => [job.modified, job.unchanged])).toEqual([
		[0, 3],
		[0, 3],
	]);
});

describe('filters', () => {
	test('a value with quotes, ampersand, hash, plus and per cent stands for itself', async () => {
		const name = "O'Brien & 100% #1 + Söhne";
		stage.inBc(1, { displayName: name });
		await stage.run();
		await stage.settings({ bcFilter: { conditions: [{ field: 'displayName', operator: 'eq', value: name, type: 'text' }] } });
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.inBc(2, { phoneNumber: '+44 2' });
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1' });
		expect(stage.account(2)).toMatchObject({ telephone1: '+44 20 2' });
	});
	test('more than 400 conditions are no obstacle for ids that a run collects by itself', async () => {
		const world = stage.world;
		stage.company().seed(
			'customers',
			Array.from({ length: 450 }, (_, index) => ({
				number: `N${String(index + 1).padStart(5, '0')}`,
				displayName: `Newcomer ${index + 1}`,
				type: 'Company',
				blocked: '_x0020_',
				currencyCode: 'EUR',
			})),
		);
		expect((await stage.counted({ direction: 'toCrm', createUncoupled: true }))[0]).toEqual({ failed: 450 });
		await world.run({ mapping: 'CURRENCY', createUncoupled: true });
		world.minutes(60);
		expect((await stage.counted({ direction: 'toCrm', createUncoupled: true }))[0]).toEqual({ inserted: 450 });
		expect(await stage.couplings()).toHaveLength(453);
	});
});

describe('choices whose labels share their first ten characters', () => {
	beforeEach(() => {
		stage.world.sandbox.crm.defineOptions('account', 'address1_freighttermscode', {
			'1': 'FOB',
			'2': 'Express delivery north',
			'3': 'Express delivery south',
		});
		stage.company().seed('shipmentMethods', [{ code: 'EXPRESS DE', displayName: 'Express' }]);
		stage.world.minutes(60);
	});
	const page = () => stage.company().find('workflowCustomers', (row) => row['number'] === 'C000001')!;

	test('from CRM: the shortened code stands for neither; the record fails before anything is written', async () => {
		stage.inCrm(1, { address1_freighttermscode: 3, telephone1: '+44 1' });
		stage.writes();
		expect(await stage.counted()).toEqual([{}, { failed: 1 }]);
		expect(stage.writes()).toBe(0);
		expect(page()['shipmentMethodCode']).toBe('');
		expect((await stage.log('error')).map(({ code, message }) => [code, /delivery north.*delivery south/.test(message)])).toEqual([
			['CHOICE_MISSING', true],
		]);
	});
	test('a label that is the code itself keeps it', async () => {
		stage.world.sandbox.crm.defineOptions('account', 'address1_freighttermscode', { '2': 'Express de', '3': 'Express delivery' });
		stage.inCrm(1, { address1_freighttermscode: 2 });
		stage.inCrm(2, { address1_freighttermscode: 3 });
		expect(await stage.counted()).toEqual([{}, { modified: 1, failed: 1 }]);
		expect(page()['shipmentMethodCode']).toBe('EXPRESS DE');
	});
	test('to CRM likewise', async () => {
		stage.company().update('workflowCustomers', String(page()['id']), { shipmentMethodCode: 'EXPRESS DE' });
		stage.writes();
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ failed: 1 }]);
		expect(stage.writes()).toBe(0);
		expect((await stage.log('error')).map(({ code }) => code)).toEqual(['CHOICE_MISSING']);
	});
});

test('whatever happens, a record has at most one partner within its mapping', async () => {
	const unique = async (): Promise<void> => {
		const couplings = await stage.couplings();
		expect(new Set(couplings.map(({ bcId }) => bcId)).size).toBe(couplings.length);
		expect(new Set(couplings.map(({ crmId }) => crmId)).size).toBe(couplings.length);
	};
	stage.company().seed('customers', [{ number: 'NEW', displayName: 'Newcomer', type: 'Company', blocked: '_x0020_', currencyCode: '' }]);
	await Promise.all([stage.run({ createUncoupled: true }), stage.run({ createUncoupled: true })]);
	await unique();
	stage.world.sandbox.crm.remove('account', stage.accountId(1));
	stage.inBc(1, { phoneNumber: '+44 1' });
	await stage.run({ deletion: 'restore', createUncoupled: true });
	await unique();
	stage.company().remove('customers', stage.customerId(2));
	await stage.with((session) =>
		coupleRecords(session, {
			mapping: 'CUSTOMER',
			bcId: String(stage.company().find('customers', (row) => row['number'] === 'NEW')!['id']),
			crmId: stage.accountId(2),
			initial: 'none',
		}),
	);
	await unique();
	await stage.run({ createUncoupled: true, fromStart: true, conflict: 'send' });
	await unique();
	const couplings = await stage.couplings();
	await expect(
		stage.with((session) => session.store.commit({ couplings: [{ ...couplings[0]!, crmId: couplings[1]!.crmId }] })),
	).rejects.toMatchObject({ system: 'store' });
	expect(await stage.couplings()).toEqual(couplings);
	await unique();
});

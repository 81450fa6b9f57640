import { openStage, type Stage } from './kit';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const inEuro = (number: number) => stage.inBc(number, { currencyCode: 'EUR' });
const currencies = () =>
	stage.world.sandbox.crm
		.rows('transactioncurrency')
		.map((row) => row['isocurrencycode'])
		.sort();
const salesperson = () => stage.company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);

describe('a record that waits for another', () => {
	test('is skipped, costs one look per run however many wait, and is delivered by the first run after that one was coupled', async () => {
		for (const number of [1, 2, 3]) inEuro(number);
		await stage.run({ direction: 'toCrm' });
		await stage.run({ direction: 'toCrm' });
		expect((await stage.failures('toCrm')).map(({ skipped, unresolved: missing }) => [skipped, missing])).toEqual(
			[1, 2, 3].map(() => [true, [{ field: 'transactioncurrencyid', caption: 'Currency Code', mapping: 'CURRENCY', value: 'EUR' }]]),
		);
		stage.world.minutes(30);
		stage.world.takeRequests();
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{}]);
		const withThree = stage.world.takeRequests().length;
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.world.takeRequests();
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 3 }]);
		expect(withThree).toBeLessThanOrEqual(8);
		expect(await stage.failures('toCrm')).toEqual([]);
		expect(stage.writes()).toBe(3);
	});

	test('is created when the record it lacked was coupled, without being edited', async () => {
		stage.company().seed('customers', [{ number: 'NEW', displayName: 'New', type: 'Company', blocked: '_x0020_', currencyCode: 'USD' }]);
		await stage.run({ createUncoupled: true });
		await stage.run({ createUncoupled: true });
		expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([true]);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.world.minutes(60);
		expect((await stage.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1 });
	});

	test('and that left the filter meanwhile is not created any more, and nobody is told of it; back inside it is', async () => {
		stage.company().seed('customers', [{ number: 'NEW', displayName: 'New', type: 'Company', blocked: '_x0020_', currencyCode: 'USD' }]);
		await stage.run({ createUncoupled: true });
		const id = String(stage.company().find('customers', (row) => row['number'] === 'NEW')!['id']);
		stage.company().update('customers', id, { blocked: 'All' });
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.world.minutes(60);
		expect((await stage.counted({ createUncoupled: true }))[0]).toEqual({});
		expect(await stage.failures('toCrm')).toEqual([]);
		stage.company().update('customers', id, { blocked: '_x0020_' });
		stage.world.minutes(60);
		expect((await stage.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1 });
	});

	test('towards Business Central too: an account in a currency that was coupled meanwhile', async () => {
		const [id] = stage.world.sandbox.crm.seed('transactioncurrency', [
			{ isocurrencycode: 'USD', currencyname: 'US dollar', currencysymbol: '$', exchangerate: 1.3, currencyprecision: 2 },
		]) as unknown as string[];
		const currency =
			id ??
			String(stage.world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'USD')!['transactioncurrencyid']);
		stage.inCrm(1, { transactioncurrencyid: currency });
		await stage.run();
		await stage.run();
		const [failure] = await stage.failures('fromCrm');
		expect(failure).toMatchObject({
			skipped: true,
			errorCode: 'DEPENDENCY',
			unresolved: [{ mapping: 'CURRENCY', value: currency.toLowerCase() }],
		});
		const [warning] = (await stage.log('warning')).filter(({ code }) => code === 'DEPENDENCIES_MISSING');
		expect(warning!.message).toContain('US dollar');
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.world.minutes(30);
		expect((await stage.counted())[1]).toEqual({ modified: 1 });
		expect(stage.customer(1)).toMatchObject({ currencyCode: 'USD' });
	});

	test('a choice that was added in CRM brings back the records that waited for it', async () => {
		stage.company().seed('shipmentMethods', [{ code: 'CIF', displayName: 'Cost, insurance, freight' }]);
		const page = stage.company().find('workflowCustomers', (row) => row['number'] === 'C000001')!;
		stage.company().update('workflowCustomers', String(page['id'] ?? page['systemId']), { shipmentMethodCode: 'CIF' });
		await stage.run({ direction: 'toCrm' });
		await stage.run({ direction: 'toCrm' });
		expect((await stage.failures('toCrm')).map(({ errorCode, skipped }) => [errorCode, skipped])).toEqual([['CHOICE_MISSING', true]]);
		stage.world.sandbox.crm.defineOptions('account', 'address1_freighttermscode', { '1': 'FOB', '2': 'No Charge', '3': 'CIF' });
		stage.world.minutes(60);
		// Metadata is kept for some minutes; the run after that sees the new choice.
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ address1_freighttermscode: 3 });
	});

	test('one that lacks two things is tried when both are there, and its message names both', async () => {
		salesperson();
		stage.inBc(1, { currencyCode: 'EUR', salespersonCode: 'JO' });
		await stage.run({ direction: 'toCrm' });
		const [second] = await stage.run({ direction: 'toCrm' });
		expect(second!.failed[0]!.message).toMatch(/JO.*EUR|EUR.*JO/);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		stage.world.minutes(30);
		expect(await stage.counted({ direction: 'toCrm' })).toEqual([{}]);
		expect((await stage.failures('toCrm')).map(({ unresolved: missing }) => missing!.map(({ value }) => value).sort())).toEqual([
			['EUR', 'JO'],
		]);
	});
});

test('a run ends with one list of what must be coupled first, with counts, in message, warnings and log', async () => {
	salesperson();
	inEuro(1);
	stage.inBc(2, { currencyCode: 'USD', salespersonCode: 'JO' });
	stage.inBc(3, { currencyCode: 'EUR' });
	const [toCrm] = await stage.run({ direction: 'toCrm' });
	const list =
		'3 records wait for others. To be coupled or added first: CURRENCY: EUR (2 records), USD (1 record); SALESPEOPLE: JO (1 record).';
	expect(toCrm!.warnings).toEqual([list]);
	expect(toCrm!.job.message).toBe(`3 failed. ${list}`);
	expect((await stage.log('warning')).map(({ code, message }) => [code, message])).toEqual([['DEPENDENCIES_MISSING', list]]);
	const [second] = await stage.run({ direction: 'toCrm' });
	expect(second!.warnings).toEqual([list]);
	const [third] = await stage.run({ direction: 'toCrm' });
	expect([third!.warnings, third!.job.message]).toEqual([[], 'No changes.']);
});

describe('bringing in missing records', () => {
	test('what records refer to is created and coupled first, in one run of its mapping, and then they are delivered', async () => {
		inEuro(1);
		inEuro(2);
		stage.inBc(3, { currencyCode: 'USD' });
		const results = await stage.run({ direction: 'toCrm', pullDependencies: 'create' });
		expect(results.map(({ job }) => [job.mapping, job.direction, job.inserted, job.modified, job.failed])).toEqual([
			['CURRENCY', 'toCrm', 2, 0, 0],
			['CUSTOMER', 'toCrm', 0, 3, 0],
		]);
		expect(currencies()).toEqual(['EUR', 'GBP', 'USD']);
		expect(await stage.failures('toCrm')).toEqual([]);
		stage.world.takeRequests();
		await stage.run();
		expect(stage.writes()).toBe(0);
	});

	test('only as far as the other mapping creates records, unless the run says so', async () => {
		inEuro(1);
		expect(
			(await stage.run({ direction: 'toCrm', pullDependencies: 'ifAllowed' })).map(({ job }) => [job.mapping, job.inserted, job.failed]),
		).toEqual([
			['CURRENCY', 0, 0],
			['CUSTOMER', 0, 1],
		]);
		await stage.with((session) => session.store.saveSettings('CURRENCY', { onlyCoupled: false }));
		expect(
			(await stage.run({ direction: 'toCrm', pullDependencies: 'ifAllowed' })).map(({ job }) => [job.mapping, job.inserted, job.modified]),
		).toEqual([
			['CURRENCY', 1, 0],
			['CUSTOMER', 0, 1],
		]);
	});

	test('a mapping that somebody else runs, is disabled, or does not run that way leaves the record failed', async () => {
		inEuro(1);
		await stage.with(async (session) => {
			const lease = await session.store.acquireLease('CURRENCY', 'somebody else', 60_000);
			const busy = await stage.run({ direction: 'toCrm', pullDependencies: 'create' });
			expect(busy.map(({ job }) => [job.mapping, job.status, job.failed])).toEqual([
				['CURRENCY', 'alreadyRunning', 0],
				['CUSTOMER', 'finished', 1],
			]);
			await session.store.releaseLease(lease!);
			await session.store.saveSettings('CURRENCY', { enabled: false });
		});
		salesperson();
		stage.inBc(2, { salespersonCode: 'JO' });
		const results = await stage.run({ direction: 'toCrm', pullDependencies: 'create' });
		expect(results.map(({ job }) => job.mapping)).toEqual(['CUSTOMER']);
		expect(results[0]!.failed.map(({ errorCode }) => errorCode)).toEqual(['DEPENDENCY', 'DEPENDENCY']);
		expect(currencies()).toEqual(['GBP']);
	});

	test('mappings that wait for each other end: what is being run further up is not run again', async () => {
		inEuro(1);
		const results = await stage.run({ direction: 'toCrm', pullDependencies: 'create', pulledFor: ['CURRENCY'] });
		expect(results.map(({ job }) => [job.mapping, job.failed])).toEqual([['CUSTOMER', 1]]);
	});

	test('a preview creates nothing and announces what the real run then does', async () => {
		inEuro(1);
		stage.world.takeRequests();
		const request = { direction: 'toCrm', pullDependencies: 'create', returnChanges: 10 } as const;
		const counts = (results: Awaited<ReturnType<Stage['run']>>) =>
			results.map(({ job, changes }) => [
				job.mapping,
				job.inserted,
				job.modified,
				job.failed,
				changes.map(({ fields }) => fields.map(({ field }) => field)),
			]);
		const preview = await stage.run({ ...request, preview: true });
		expect(stage.writes()).toBe(0);
		expect(currencies()).toEqual(['GBP']);
		const real = await stage.run(request);
		expect(counts(preview)).toEqual(counts(real));
	});
});

import { createAndCouple } from '../../../engine/coupling/createAndCouple';
import { uncoupleMappings } from '../../../engine/coupling/uncouple';
import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const customers = (ids: readonly string[]) => ({ selected: { side: 'businessCentral' as const, ids } });

describe('more ids than one condition holds', () => {
	const seed = (count: number): string[] =>
		stage.company().seed(
			'customers',
			Array.from({ length: count }, (_, index) => ({
				number: `N${String(index + 1).padStart(5, '0')}`,
				displayName: `Newcomer ${index + 1}`,
				type: 'Company',
				blocked: '_x0020_',
				currencyCode: '',
			})),
		);

	test('450 customers by id are one job and I=450, each coupled once', async () => {
		const ids = seed(450);
		const jobs = (await stage.jobs()).length;
		const result = await stage.with((session) => createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids }));
		expect(result.job).toMatchObject({ inserted: 450, failed: 0, skipped: 0 });
		expect(await stage.jobs()).toHaveLength(jobs + 1);
		expect(await stage.couplings()).toHaveLength(453);
		expect(stage.world.sandbox.crm.rows('account')).toHaveLength(453);
	});
	test('450 accounts by id likewise', async () => {
		const ids = stage.world.sandbox.crm
			.seed(
				'account',
				Array.from({ length: 450 }, (_, index) => ({
					accountid: `0000000b-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
					name: `Newcomer ${index + 1}`,
					customertypecode: 3,
				})),
			)
			.map(String);
		const result = await stage.with((session) => createAndCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids }));
		expect(result.job).toMatchObject({ inserted: 450, failed: 0, skipped: 0 });
		expect(stage.company().rows('customers')).toHaveLength(453);
	});
	test('records of several tables are one job for each table', async () => {
		const ids = seed(2);
		const currencies = stage
			.company()
			.rows('currencies')
			.map((row) => String(row['id']));
		const before = (await stage.jobs()).length;
		await stage.with(async (session) => {
			await createAndCouple(session, { mapping: 'CURRENCY', side: 'businessCentral', ids: currencies });
			await createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids });
		});
		const jobs = await stage.jobs();
		expect(
			jobs
				.slice(0, jobs.length - before)
				.map(({ mapping, inserted }) => `${mapping} ${inserted}`)
				.sort(),
		).toEqual(['CURRENCY 2', 'CUSTOMER 2']);
	});
});

describe('one record, now', () => {
	test('sent and then fetched, the edits of both sides are merged', async () => {
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.inCrm(1, { emailaddress1: 'new@example.com' });
		expect(await stage.counted(customers([stage.customerId(1)]))).toEqual([{ modified: 1 }]);
		expect(await stage.counted({ ...customers([stage.customerId(1)]), direction: 'fromCrm' })).toEqual([{ modified: 1 }]);
		expect(stage.account(1)).toMatchObject({ telephone1: '+44 1', emailaddress1: 'new@example.com' });
		expect(stage.customer(1)).toMatchObject({ phoneNumber: '+44 1', email: 'new@example.com' });
	});
	test('where both changed, a direction alone overwrites nobody: the conflict is told', async () => {
		stage.quarrel(1);
		stage.writes();
		expect(await stage.counted({ ...customers([stage.customerId(1)]), direction: 'toCrm' })).toEqual([{ failed: 1 }]);
		expect(stage.writes()).toBe(0);
		expect((await stage.log('error')).map(({ code, fields }) => [code, fields.map(({ name }) => name)])).toEqual([
			['CONFLICT', ['Phone No.']],
		]);
	});
	test.each([
		['toCrm', '+44 1'],
		['fromCrm', '+44 2'],
	] as const)(
		'%s with overwriting: the losing side gets the values of the other, and what it had is in the log',
		async (direction, phone) => {
			stage.quarrel(1);
			expect(await stage.counted({ ...customers([stage.customerId(1)]), direction, overwrite: true })).toEqual([{ modified: 1 }]);
			expect([stage.customer(1)!['phoneNumber'], stage.account(1)!['telephone1']]).toEqual([phone, phone]);
			expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
				[{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
			]);
			stage.world.minutes(30);
			stage.writes();
			expect(await stage.counted()).toEqual([{}, {}]);
			expect(stage.writes()).toBe(0);
		},
	);
	test('the direction that a mapping does not run is a finished job, and nothing happens', async () => {
		await stage.settings({ direction: 'toCrm' });
		stage.quarrel(1);
		stage.writes();
		const [result] = await stage.run({ ...customers([stage.customerId(1)]), direction: 'fromCrm' });
		expect(result).toMatchObject({ notServed: true, job: { status: 'finished', direction: 'fromCrm' } });
		expect(stage.writes()).toBe(0);
	});
});

describe('many records, now', () => {
	test('of four, one is sent, one whose other side is newer is left as it is, one still in conflict and one uncoupled are skipped: one job', async () => {
		stage.quarrel(3);
		await stage.run();
		await stage.run();
		const [uncoupled] = stage
			.company()
			.seed('customers', [{ number: 'NEW', displayName: 'Newcomer', type: 'Company', blocked: '_x0020_' }]);
		stage.inBc(1, { phoneNumber: '+44 1' });
		stage.inCrm(2, { telephone1: '+44 2' });
		const before = (await stage.jobs()).length;
		stage.world.takeRequests();
		const [result, ...others] = await stage.run({
			...customers([stage.customerId(1), stage.customerId(2), stage.customerId(3), uncoupled!]),
			direction: 'toCrm',
		});
		expect(others).toEqual([]);
		expect(result!.job).toMatchObject({ modified: 1, unchanged: 1, skipped: 2, failed: 0, inserted: 0 });
		expect(result!.job.message).toContain('1 changed, 1 unchanged, 2 skipped');
		expect(result!.warnings.join(' ')).toContain('NEW Newcomer is not coupled');
		expect(stage.changes()).toEqual(['PATCH accounts']);
		expect([1, 2, 3].map((number) => stage.account(number)!['telephone1'])).toEqual(['+44 1', '+44 2', '+44 2']);
		expect(stage.customer(2)!['phoneNumber']).toBe('+44 20 2');
		expect(await stage.jobs()).toHaveLength(before + 1);
		expect(await stage.couplings()).toHaveLength(3);
	});
	test('a skipped record that is named is tried; unchanged it counts as skipped, and cured it is delivered', async () => {
		stage.inBc(1, { currencyCode: 'EUR' });
		await stage.run();
		await stage.run();
		const selected = { ...customers([stage.customerId(1)]), direction: 'toCrm' as const };
		stage.writes();
		expect(await stage.counted(selected)).toEqual([{ skipped: 1 }]);
		expect(stage.writes()).toBe(0);
		expect((await stage.failures('toCrm')).map(({ skipped }) => skipped)).toEqual([true]);
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		expect(await stage.counted(selected)).toEqual([{ modified: 1 }]);
		expect(await stage.failures('toCrm')).toEqual([]);
	});
	test('an uncoupled record of a mapping of coupled ones: skipped, neither created nor coupled', async () => {
		const accountid = '0000000b-0000-4000-8000-000000000001';
		stage.world.sandbox.crm.seed('account', [{ accountid, name: 'Newcomer', customertypecode: 3 }]);
		stage.writes();
		expect(await stage.counted({ direction: 'fromCrm', selected: { side: 'crm', ids: [accountid] } })).toEqual([{ skipped: 1 }]);
		expect(stage.writes()).toBe(0);
		expect(stage.company().rows('customers')).toHaveLength(3);
		expect(await stage.couplings()).toHaveLength(3);
		expect(await stage.log('error')).toEqual([]);
	});
});

test('uncoupling a whole mapping deletes no record on either side, and changes nothing but the company', async () => {
	const before = [1, 2, 3].map((number) => stage.customer(number));
	stage.world.takeRequests();
	await stage.with((session) => uncoupleMappings(session, { mappings: ['CUSTOMER'] }));
	expect(await stage.couplings()).toEqual([]);
	expect([1, 2, 3].map((number) => stage.customer(number))).toEqual(before);
	expect(stage.world.sandbox.crm.rows('account').map((row) => [row['name'], row['bcbi_companyid'] ?? null])).toEqual(
		before.map((row) => [row!['displayName'], null]),
	);
	expect(stage.changes().filter((change) => change.startsWith('DELETE'))).toEqual([]);
});

import { countCouplings, disagreements } from '../../kit/customers';
import { restart, run as runFull } from '../fullSync/fullSyncs';
import { openScene, sameTime, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const bcStamp = (id: string) => scene.company().get('customers', id)!['lastModifiedDateTime'];
const crmStamp = (id: string) => scene.world.sandbox.crm.row('account', id)!['modifiedon'];
const expectMarks = async (bc: unknown, crm: unknown): Promise<void> => {
	const marks = await scene.watermarks();
	expect([sameTime(marks.businessCentral, bc), sameTime(marks.crm, crm), marks, bc, crm]).toEqual([true, true, marks, bc, crm]);
};

test('the newest record of all that were read is the watermark: delivered, failed, skipped, unchanged or left alone', async () => {
	const [delivered, failed, ignored] = [scene.customerId(1), scene.customerId(2), 'uncoupled'];
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.world.minutes(1);
	scene.inBc(2, { currencyCode: 'EUR' });
	scene.inCrm(2, { accountnumber: 'not mapped' });
	await scene.run();
	await expectMarks(bcStamp(failed), crmStamp(scene.accountId(2)));
	expect(Date.parse(String(bcStamp(delivered)))).toBeLessThan(Date.parse(String(bcStamp(failed))));
	scene.world.minutes(20);
	const customer = scene.newCustomer(ignored);
	scene.world.minutes(1);
	const account = scene.newAccount(ignored);
	await scene.run();
	await expectMarks(bcStamp(customer), crmStamp(account));
	expect(await scene.couplings()).toHaveLength(3);
});

test('each watermark is a stamp of its own side, is never later than the run, and only moves forward, whichever way the clocks differ', async () => {
	const { clock } = scene.world.sandbox;
	const marks = [await scene.watermarks()];
	for (const skew of [300_000, 0, -300_000]) {
		clock.skew.crm = skew;
		scene.inCrm(1, { telephone1: `+44 ${skew}` });
		expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
		expect(scene.customer(1)).toMatchObject({ phoneNumber: `+44 ${skew}` });
		marks.push(await scene.watermarks());
		expect(Date.parse(marks.at(-1)!.crm!)).toBeLessThanOrEqual(scene.world.clock.now());
	}
	for (const side of ['businessCentral', 'crm'] as const) {
		const times = marks.map((mark) => Date.parse(mark[side]!));
		expect(times).toEqual([...times].sort((left, right) => left - right));
	}
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.log()).toEqual([]);
});

test('a record stamped years ahead hides no later edit of any other record, and is not delivered twice', async () => {
	const { clock } = scene.world.sandbox;
	const year = 365 * 24 * 60 * 60_000;
	clock.skew.crm = clock.skew.businessCentral = 5 * year;
	scene.inCrm(1, { fax: '+44 1' });
	scene.inBc(2, { phoneNumber: '+44 2' });
	clock.skew.crm = clock.skew.businessCentral = 0;
	expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	scene.world.minutes(60);
	scene.inCrm(3, { fax: '+44 3' });
	scene.inBc(3, { phoneNumber: '+44 3' });
	expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	expect(scene.account(3)).toMatchObject({ telephone1: '+44 3' });
	expect(await disagreements(scene.world)).toEqual([]);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(await scene.log()).toEqual([]);
});

test('a run that reads nothing new leaves the watermarks where they are, and so do runs over chosen records and previews', async () => {
	const marks = await scene.watermarks();
	scene.world.minutes(60);
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(await scene.watermarks()).toEqual(marks);
	scene.inBc(1, { phoneNumber: '+44 1' });
	await scene.run({ preview: true });
	expect(await scene.watermarks()).toEqual(marks);
	expect(await scene.counted({ selected: { side: 'businessCentral', ids: [scene.customerId(1)] } })).toEqual([{ modified: 1 }]);
	expect(await scene.watermarks()).toEqual(marks);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(await scene.watermarks()).not.toEqual(marks);
});

test('failures, also of records that could not be created, hold no watermark back, and are tried again without being read as changes', async () => {
	scene.inBc(1, { currencyCode: 'EUR' });
	const created = scene.newCustomer('New', { currencyCode: 'EUR' });
	scene.world.minutes(60);
	scene.inBc(2, { phoneNumber: '+44 2' });
	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ modified: 1, failed: 2 });
	expect(sameTime((await scene.watermarks()).businessCentral, bcStamp(scene.customerId(2)))).toBe(true);
	expect(await scene.failing()).toEqual(['toCrm DEPENDENCY', 'toCrm DEPENDENCY']);
	await scene.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	scene.world.minutes(60);

	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1, modified: 1 });
	expect(sameTime((await scene.watermarks()).businessCentral, bcStamp(scene.customerId(2)))).toBe(true);
	expect(await scene.failing()).toEqual([]);
	expect(await countCouplings(scene.world)).toBe(4);
	expect(scene.world.sandbox.crm.rows('account').filter(({ name }) => name === 'New')).toHaveLength(1);
	expect(scene.company().get('customers', created)).toMatchObject({ displayName: 'New' });
	expect(await disagreements(scene.world)).toEqual([]);
});

test('after a full synchronization, and after a mapping was started over, the watermarks stand at the newest records seen', async () => {
	const customer = scene.newCustomer('Newest customer');
	scene.world.minutes(1);
	await runFull(scene.world);
	const marks = await scene.watermarks();
	expect(sameTime(marks.businessCentral, bcStamp(customer))).toBe(true);
	const newest = Math.max(...scene.world.sandbox.crm.rows('account').map((row) => Date.parse(String(row['modifiedon']))));
	expect(Date.parse(marks.crm!)).toBe(newest);
	scene.world.minutes(60);
	scene.world.takeRequests();
	await restart(scene.world, { mapping: 'CUSTOMER' });
	expect(scene.writes()).toBe(0);
	expect(await scene.watermarks()).toEqual(marks);
	expect(await disagreements(scene.world)).toEqual([]);
});

test('what a run wrote in Business Central lies behind the watermark and is no event in the next run', async () => {
	scene.world.minutes(30);
	scene.inCrm(1, { telephone1: '+44 1' });
	scene.world.minutes(1);
	expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
	const own = bcStamp(scene.customerId(1));
	expect(Date.parse(String(own))).toBeGreaterThan(Date.parse((await scene.watermarks()).businessCentral!));
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(sameTime((await scene.watermarks()).businessCentral, own)).toBe(true);
	expect(await scene.log()).toEqual([]);
});

test('a new account becomes a customer in the first run; the second looks once at what Business Central made of it, the third has nothing to do', async () => {
	scene.newAccount('From CRM', { telephone1: '+44 4', address1_city: 'Bath' });
	expect(await scene.counted({ createUncoupled: true })).toEqual([{}, { inserted: 1 }]);
	expect(await countCouplings(scene.world)).toBe(4);
	const customers = scene.company().rows('customers');
	expect(customers.filter(({ displayName }) => displayName === 'From CRM')).toEqual([
		expect.objectContaining({ phoneNumber: '+44 4', city: 'Bath' }),
	]);
	scene.world.takeRequests();
	expect(await scene.counted({ createUncoupled: true })).toEqual([{ unchanged: 1 }, {}]);
	expect(scene.writes()).toBe(0);
	expect(await scene.counted({ createUncoupled: true })).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(await disagreements(scene.world)).toEqual([]);
	expect(await scene.log()).toEqual([]);
});

test('what a long transaction shows late, stamped before the watermark, is delivered', async () => {
	const late = scene.world.sandbox.businessCentral.beginTransaction();
	late.update(scene.company(), 'customers', scene.customerId(1), { phoneNumber: '+44 1' });
	const created = late.insert(scene.company(), 'customers', { number: 'LATE', displayName: 'Late', type: 'Company' });
	scene.world.minutes(9);
	scene.inBc(2, { phoneNumber: '+44 2' });
	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ modified: 1 });
	const mark = (await scene.watermarks()).businessCentral!;
	late.commit();
	expect(Date.parse(String(bcStamp(scene.customerId(1))))).toBeLessThan(Date.parse(mark));

	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1, modified: 1 });
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
	expect((await scene.couplings()).map(({ bcId }) => bcId)).toContain(String(created['id']).toLowerCase());
	expect(sameTime((await scene.watermarks()).businessCentral, mark)).toBe(true);
	expect(await disagreements(scene.world)).toEqual([]);
	scene.world.takeRequests();
	expect(await scene.counted({ createUncoupled: true })).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
});

test('a watermark that an earlier clock left years ahead hides nothing from now on', async () => {
	await scene.run();
	const session = await scene.world.open();
	const lease = (await session.store.acquireLease('CUSTOMER', 'an earlier host', 60_000))!;
	for (const side of ['businessCentral', 'crm'] as const)
		await session.store.commit({ watermark: { mapping: 'CUSTOMER', side, stamp: '2031-01-01T00:00:00.000Z' } }, lease);
	await session.store.releaseLease(lease);
	await session.store.close();
	scene.world.minutes(5);
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.inCrm(2, { telephone1: '+44 2' });
	expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	expect(await disagreements(scene.world)).toEqual([]);
});

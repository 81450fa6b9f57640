import { countCouplings, disagreements } from '../../kit/customers';
import { restart, run as runFull } from '../fullSync/fullSyncs';
import { openScene, sameTime, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const bcStamp = (id: string) => scene.company().get('customers', id)!['lastModifiedDateTime'];
/** Answers tell whole seconds. */
const serviceNow = (side: 'businessCentral' | 'crm'): string =>
	new Date(Math.floor(scene.world.sandbox.clock.stamp(side) / 1000) * 1000).toISOString();
const marksNow = () => ({ businessCentral: serviceNow('businessCentral'), crm: serviceNow('crm') });

test('once all changes are dealt with the watermark is when the services began to be read, by their own clocks, whatever was changed last', async () => {
	const [delivered, failed, ignored] = [scene.customerId(1), scene.customerId(2), 'uncoupled'];
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.world.minutes(1);
	scene.inBc(2, { currencyCode: 'EUR' });
	scene.inCrm(2, { accountnumber: 'not mapped' });
	scene.world.minutes(5);
	await scene.run();
	expect(await scene.watermarks()).toEqual(marksNow());
	expect(Date.parse(String(bcStamp(delivered)))).toBeLessThan(Date.parse(String(bcStamp(failed))));
	scene.world.minutes(20);
	scene.newCustomer(ignored);
	scene.newAccount(ignored);
	scene.world.minutes(1);
	await scene.run();
	expect(await scene.watermarks()).toEqual(marksNow());
	expect(await scene.couplings()).toHaveLength(3);
});

test('each watermark is a time of its own side and is never later than that service says it is, whichever way the clocks are set', async () => {
	const { clock } = scene.world.sandbox;
	for (const skew of [300_000, 0, -300_000]) {
		clock.skew.crm = skew;
		scene.inCrm(1, { telephone1: `+44 ${skew}` });
		expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
		expect(scene.customer(1)).toMatchObject({ phoneNumber: `+44 ${skew}` });
		expect(await scene.watermarks()).toEqual(marksNow());
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

test('a run that reads nothing new moves the watermarks on; runs over chosen records and previews leave them where they are', async () => {
	scene.world.minutes(60);
	expect(await scene.counted()).toEqual([{}, {}]);
	const marks = marksNow();
	expect(await scene.watermarks()).toEqual(marks);
	scene.world.minutes(1);
	scene.inBc(1, { phoneNumber: '+44 1' });
	await scene.run({ preview: true });
	expect(await scene.watermarks()).toEqual(marks);
	expect(await scene.counted({ selected: { side: 'businessCentral', ids: [scene.customerId(1)] } })).toEqual([{ modified: 1 }]);
	expect(await scene.watermarks()).toEqual(marks);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
	expect(await scene.watermarks()).toEqual(marksNow());
});

test('failures, also of records that could not be created, hold no watermark back, and are tried again without being read as changes', async () => {
	scene.inBc(1, { currencyCode: 'EUR' });
	const created = scene.newCustomer('New', { currencyCode: 'EUR' });
	scene.world.minutes(60);
	scene.inBc(2, { phoneNumber: '+44 2' });
	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ modified: 1, failed: 2 });
	expect(await scene.watermarks()).toEqual(marksNow());
	expect(await scene.failing()).toEqual(['toCrm DEPENDENCY', 'toCrm DEPENDENCY']);
	await scene.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	scene.world.minutes(60);

	expect((await scene.counted({ createUncoupled: true }))[0]).toEqual({ inserted: 1, modified: 1 });
	expect(await scene.watermarks()).toEqual(marksNow());
	expect(await scene.failing()).toEqual([]);
	expect(await countCouplings(scene.world)).toBe(4);
	expect(scene.world.sandbox.crm.rows('account').filter(({ name }) => name === 'New')).toHaveLength(1);
	expect(scene.company().get('customers', created)).toMatchObject({ displayName: 'New' });
	expect(await disagreements(scene.world)).toEqual([]);
});

test('after a full synchronization, and after a mapping was started over, the watermarks stand where it began to read', async () => {
	scene.newCustomer('Newest customer');
	scene.world.minutes(1);
	await runFull(scene.world);
	expect(await scene.watermarks()).toEqual(marksNow());
	scene.world.minutes(60);
	scene.world.takeRequests();
	await restart(scene.world, { mapping: 'CUSTOMER' });
	expect(scene.writes()).toBe(0);
	expect(await scene.watermarks()).toEqual(marksNow());
	expect(await disagreements(scene.world)).toEqual([]);
});

test('what a run wrote in Business Central is not stamped before the watermark, and is no event in the next run', async () => {
	scene.world.minutes(30);
	scene.inCrm(1, { telephone1: '+44 1' });
	scene.world.minutes(1);
	expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
	const own = bcStamp(scene.customerId(1));
	expect(Date.parse(String(own))).toBeGreaterThanOrEqual(Date.parse((await scene.watermarks()).businessCentral!));
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
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

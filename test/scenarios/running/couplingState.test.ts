import { coupleRecords, uncouple } from '../../../engine';
import { disagreements } from '../../kit/customers';
import { openScene, sameTime, written, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const stampsOf = (number: number) => [scene.customer(number)!['lastModifiedDateTime'], scene.account(number)!['modifiedon']];

test('a synchronized couple holds both ids, both stamps, both versions and a fingerprint of every field', async () => {
	const coupling = (await scene.coupling(1))!;
	expect(coupling).toMatchObject({
		mapping: 'CUSTOMER',
		bcId: scene.customerId(1).toLowerCase(),
		crmId: scene.accountId(1).toLowerCase(),
		bcNumber: 'C000001',
		bcName: 'Customer 1 & Söhne',
		crmName: 'Customer 1 & Söhne',
		bcVersion: scene.customer(1)!['@odata.etag'],
		crmVersion: expect.any(String) as unknown,
		initial: null,
		lastSyncedAt: expect.any(String) as unknown,
	});
	const [bc, crm] = stampsOf(1);
	expect([sameTime(coupling.bcStamp, bc), sameTime(coupling.crmStamp, crm)]).toEqual([true, true]);
	expect(Object.keys(coupling.baseline!)).toEqual(expect.arrayContaining(['name', 'telephone1', 'fax', 'creditlimit', 'paymenttermscode']));
	expect(await scene.failing()).toEqual([]);
});

test('in a new coupling both sides count as changed until the first success — what is equal agrees unwritten, what differs goes the chosen way', async () => {
	await scene.with((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [scene.customerId(1)] }));
	scene.inBc(1, { phoneNumber: '+44 77' });
	await scene.run();
	scene.world.minutes(60);
	await scene.run();
	expect(scene.account(1)).not.toMatchObject({ telephone1: '+44 77' });
	await scene.with((session) =>
		coupleRecords(session, { mapping: 'CUSTOMER', bcId: scene.customerId(1), crmId: scene.accountId(1), initial: 'none' }),
	);
	expect(await scene.coupling(1)).toMatchObject({ bcStamp: null, crmStamp: null, baseline: null, lastSyncedAt: null });
	scene.world.minutes(60);

	expect(await scene.counted()).toEqual([{ failed: 1 }, { failed: 1 }]);
	expect((await scene.log('error')).map(({ fields }) => fields.map(({ name }) => name))).toEqual([['Phone No.'], ['Phone No.']]);
	expect(await scene.coupling(1)).toMatchObject({ bcStamp: null, crmStamp: null, baseline: null });
	scene.world.takeRequests();
	expect((await scene.counted({ conflict: 'send' }))[0]).toEqual({ modified: 1 });
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 77' });
	expect(await scene.coupling(1)).toMatchObject({ lastSyncedAt: expect.any(String) as unknown });
	expect(await scene.failing()).toEqual([]);
	scene.world.takeRequests();
	expect(await scene.counted()).toEqual([{}, {}]);
	expect(scene.writes()).toBe(0);
});

describe.each([-300_000, 300_000])('with the clock of CRM %d ms off', (skew) => {
	test('edits of either side and of both arrive as ever, and each side keeps stamps of its own clock', async () => {
		scene.world.sandbox.clock.skew.crm = skew;
		scene.inBc(1, { phoneNumber: '+44 1' });
		scene.inCrm(2, { telephone1: '+44 2' });
		scene.inBc(3, { addressLine1: 'New Street 3' });
		scene.inCrm(3, { fax: '+44 3' });
		expect(await scene.counted()).toEqual([{ modified: 2 }, { modified: 2 }]);
		expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
		expect(scene.customer(2)).toMatchObject({ phoneNumber: '+44 2' });
		expect(await disagreements(scene.world)).toEqual([]);
		for (const number of [1, 2]) {
			const coupling = (await scene.coupling(number))!;
			const [bc, crm] = stampsOf(number);
			expect([sameTime(coupling.bcStamp, bc), sameTime(coupling.crmStamp, crm)]).toEqual([true, true]);
		}
		expect(await scene.log()).toEqual([]);
		scene.world.takeRequests();
		expect(await scene.counted()).toEqual([{}, {}]);
		expect(scene.writes()).toBe(0);
	});
});

test('versions decide, not the order of stamps: an edit stamped earlier than the last one, because the clock was set back, is delivered', async () => {
	scene.inCrm(1, { telephone1: '+44 1' });
	await scene.run();
	scene.world.sandbox.clock.skew.crm = -300_000;
	scene.inCrm(1, { telephone1: '+44 2' });
	const { crmStamp } = (await scene.coupling(1))!;
	expect(Date.parse(String(scene.account(1)!['modifiedon']))).toBeLessThan(Date.parse(crmStamp!));
	expect(await scene.counted()).toEqual([{}, { modified: 1 }]);
	expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 2' });
});

test('the baseline of each field decides, not the stamp: a record that was touched and is equal again has not changed and makes no conflict', async () => {
	const phone = String(scene.account(1)!['telephone1']);
	scene.inCrm(1, { telephone1: '+44 9' });
	scene.inCrm(1, { telephone1: phone });
	scene.inBc(1, { phoneNumber: '+44 1' });
	const { crmStamp } = (await scene.coupling(1))!;
	scene.world.minutes(1);
	expect((await scene.counted())[0]).toEqual({ modified: 1 });
	expect(scene.account(1)).toMatchObject({ telephone1: '+44 1' });
	expect((await scene.coupling(1))!.crmStamp).not.toBe(crmStamp);
	expect(await scene.log()).toEqual([]);
	expect(await scene.failing()).toEqual([]);
});

test('a failed record counts as changed although nobody touches it, an uncoupled one never does', async () => {
	scene.inBc(1, { currencyCode: 'EUR' });
	scene.newCustomer('Alone');
	expect((await scene.counted())[0]).toEqual({ failed: 1 });
	scene.world.minutes(60);
	scene.inBc(2, { phoneNumber: '+44 2' });
	await scene.run({ selected: { side: 'businessCentral', ids: [scene.customerId(2)] } });
	await scene.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	scene.world.minutes(60);
	expect((await scene.counted())[0]).toEqual({ modified: 1 });
	expect(scene.account(1)!['transactioncurrencyid']).not.toBe(scene.account(2)!['transactioncurrencyid']);
	expect(scene.world.sandbox.crm.rows('account')).toHaveLength(3);
});

test('a success stamps both sides from the records as they are after it; a failure leaves couple and records as they were and belongs to its direction and job', async () => {
	scene.inBc(1, { phoneNumber: '+44 1' });
	scene.quarrel(2, ['+44 21', '+44 22']);
	const untouched = await scene.coupling(2);
	const [toCrm, fromCrm] = await scene.run();
	expect(toCrm!.job).toMatchObject({ modified: 1, failed: 1 });
	expect(fromCrm!.job).toMatchObject({ modified: 0, failed: 1 });
	const coupling = (await scene.coupling(1))!;
	const [bc, crm] = stampsOf(1);
	expect([sameTime(coupling.bcStamp, bc), sameTime(coupling.crmStamp, crm)]).toEqual([true, true]);
	expect(coupling.lastSyncedAt! > untouched!.lastSyncedAt!).toBe(true);
	expect(await scene.coupling(2)).toEqual(untouched);
	expect(await scene.failing()).toEqual(['toCrm CONFLICT', 'fromCrm CONFLICT']);
	const rows = await scene.log('error');
	expect(new Set(rows.map(({ direction, jobId }) => `${direction} ${jobId}`))).toEqual(
		new Set([`toCrm ${toCrm!.job.id}`, `fromCrm ${fromCrm!.job.id}`]),
	);
	expect([scene.customer(2)!['phoneNumber'], scene.account(2)!['telephone1']]).toEqual(['+44 21', '+44 22']);
});

test('deleting a customer leaves its coupling in place, and nothing is skipped', async () => {
	const coupling = await scene.coupling(1);
	scene.company().remove('customers', scene.customerId(1));
	expect(await scene.counted({ findDeleted: 'off' })).toEqual([{}, {}]);
	expect(await scene.coupling(1)).toEqual(coupling);
	expect(await scene.failing()).toEqual([]);
	expect(await scene.log()).toEqual([]);
	expect(scene.account(1)).toMatchObject({ name: 'Customer 1 & Söhne' });
	expect(scene.writes()).toBe(0);
});

test('the same account coupled in another table mapping is not mixed up: each mapping finds its own couple', async () => {
	const other = { ...(await scene.coupling(1))!, mapping: 'ANOTHER', bcId: '99999999-0000-4000-8000-000000000001', bcNumber: 'V1' };
	await scene.with(({ store }) => store.commit({ couplings: [other] }));
	scene.inCrm(1, { telephone1: '+44 5' });
	scene.inBc(1, { addressLine1: 'New Street 1' });
	expect(await scene.counted()).toEqual([{ modified: 1 }, { modified: 1 }]);
	expect(scene.customer(1)).toMatchObject({ phoneNumber: '+44 5' });
	expect(scene.account(1)).toMatchObject({ address1_line1: 'New Street 1' });
	expect(await scene.couplings()).toHaveLength(3);
	const kept = await scene.with(({ store }) => store.couplingsOf('ANOTHER', 'crm', [scene.accountId(1).toLowerCase()]));
	expect([...kept.values()]).toEqual([other]);
	expect(written(scene.world.takeRequests())).toBe(2);
});

import { coupleRecords } from '../../../engine';
import { createStage, editAccount, editCustomer, HOUR, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

const settings = async (changes: object): Promise<void> => {
	const session = await stage.world.open();
	await session.store.saveSettings('CUSTOMER', changes);
	await session.store.close();
};

test('runs by its interval, sleeps after a run without effect for as long as its mapping says, and is woken by either side', async () => {
	const { world } = stage;
	const trigger = stage.loop({ lookEveryMs: 4 * MINUTE });
	await stage.pass(31 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['schedule']);
	await stage.pass(11 * HOUR);
	expect(reasonsOf(trigger)).toEqual(['schedule']);
	expect((await stage.stored())!.mappings[0]!.asleepSinceMs).not.toBeNull();
	await stage.pass(65 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['schedule', 'schedule']);
	await stage.pass(5 * MINUTE, [[MINUTE, () => editAccount(world, 1)]]);
	expect(trigger.started.at(-1)!.items[0]).toMatchObject({ reason: 'changed', wokenUp: true });
	// awake again: the interval counts, and then it sleeps once more
	await stage.pass(2 * HOUR);
	expect(reasonsOf(trigger)).toEqual(['schedule', 'schedule', 'changed', 'schedule']);
	await stage.pass(5 * MINUTE, [[MINUTE, () => editCustomer(world, 1)]]);
	expect(trigger.started.at(-1)!.items[0]).toMatchObject({ reason: 'changed', wokenUp: true });
});

test('interval and sleep are settings of the mapping, and a changed mapping is run at once', async () => {
	await settings({ intervalMinutes: 5, inactivitySleepMinutes: 60 });
	const trigger = stage.loop({ lookEveryMs: 4 * MINUTE });
	await stage.pass(40 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['schedule']);
	await stage.pass(30 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['schedule', 'schedule']);
	await settings({ intervalMinutes: 5, inactivitySleepMinutes: 0 });
	await stage.pass(17 * MINUTE);
	expect(reasonsOf(trigger).length).toBeGreaterThanOrEqual(5);
});

test('only by schedule: changes are seen when the interval is over, also of a mapping that sleeps', async () => {
	const { world } = stage;
	const trigger = stage.loop({ startWhen: 'schedule' });
	await stage.pass(70 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['schedule']);
	world.takeRequests();
	await stage.pass(2 * HOUR);
	expect(world.takeRequests().length).toBeLessThanOrEqual(10);
	await stage.pass(31 * MINUTE, [[MINUTE, () => editAccount(world, 2)]]);
	expect(trigger.started.at(-1)!.items[0]).toMatchObject({ reason: 'changed', wokenUp: true });
});

test('a coupling that somebody makes, and records that failed, keep a mapping awake', async () => {
	const { world } = stage;
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	const bcId = String(company.insert('customers', { displayName: 'Fabrikam' })['id']);
	const crmId = world.sandbox.crm.insert('account', { name: 'Fabrikam', customertypecode: 3 } as never);
	const trigger = stage.loop({ lookEveryMs: 4 * MINUTE });
	await stage.pass(3 * HOUR);
	const before = reasonsOf(trigger).length;
	const session = await world.open();
	await coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none' });
	await session.store.close();
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger).length).toBeGreaterThan(before);
});

test('comparisons of versions that are due more often than it wakes find deletions in time', async () => {
	await settings({ deletionCheckMinutes: 60 });
	const { world } = stage;
	stage.loop({ lookEveryMs: 4 * MINUTE });
	await stage.pass(2 * HOUR);
	world.sandbox.crm.remove('account', String(world.sandbox.crm.rows('account')[0]!['accountid']));
	await stage.pass(100 * MINUTE);
	expect(stage.runs.some(({ job }) => job.failed === 1)).toBe(true);
});

import { SyncError } from '../../../engine';
import { createStage, DAY, editAccount, editCustomer, HOUR, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

const cut = (system: 'businessCentral' | 'crm', status: number) =>
	stage.world.sandbox.faults.add({ system, times: 100_000, fault: { kind: 'answer', status } } as never);

test.each(['businessCentral', 'crm'] as const)(
	'%s is away for an hour: people are told once, and what changed meanwhile is delivered',
	async (system) => {
		const { world } = stage;
		const trigger = stage.loop();
		await stage.pass(2 * MINUTE);
		cut(system, 503);
		await stage.pass(10 * MINUTE, [[MINUTE, () => (system === 'crm' ? editCustomer(world, 1) : editAccount(world, 1))]]);
		expect(trigger.told).toEqual([]);
		await stage.pass(50 * MINUTE);
		expect(trigger.told).toHaveLength(1);
		expect(trigger.told[0]).toBeInstanceOf(SyncError);
		expect(trigger.started).toEqual([]);
		world.sandbox.faults.clear();
		await stage.pass(35 * MINUTE);
		expect(reasonsOf(trigger)[0]).toBe('changed');
		expect(stage.runs.reduce((sum, { job }) => sum + job.modified, 0)).toBe(1);
		expect(trigger.logged.some((line) => line.includes('can be looked at again'))).toBe(true);
	},
);

test('a privilege that is missing is told at once, and every six hours', async () => {
	const trigger = stage.loop({ lookEveryMs: 5 * MINUTE });
	await stage.pass(2 * MINUTE);
	cut('crm', 403);
	await stage.pass(5 * MINUTE);
	expect(trigger.told.map(({ errorClass }) => errorClass)).toEqual(['setup']);
	await stage.pass(13 * HOUR);
	// the privilege for the table of companies is missed an hour later, when its row is asked for again
	expect(trigger.told.map(({ table }) => table)).toEqual(['account', 'bcbi_company', 'bcbi_company', 'bcbi_company']);
});

test('a store that is away while n8n starts ends nothing', async () => {
	let away = true;
	const trigger = stage.loop({
		open: () => {
			if (away) throw new SyncError({ code: 'STORE_UNAVAILABLE', errorClass: 'transient', system: 'store', message: 'away', hint: '' });
		},
	});
	editCustomer(stage.world, 1);
	await stage.pass(40 * MINUTE);
	expect([trigger.started, trigger.told.map(({ code }) => code)]).toEqual([[], ['STORE_UNAVAILABLE']]);
	away = false;
	await stage.pass(32 * MINUTE);
	expect(reasonsOf(trigger)[0]).toBe('changed');
});

test('n8n that is started again after an outage looks at once, however long it would have waited', async () => {
	const { world } = stage;
	const before = stage.loop();
	await stage.pass(2 * MINUTE);
	cut('crm', 503);
	await stage.pass(HOUR);
	await before.close();
	world.sandbox.faults.clear();
	editCustomer(world, 1);
	const trigger = stage.loop();
	await stage.pass(10_000);
	expect(reasonsOf(trigger)).toEqual(['changed']);
});

test('an error that nobody knows ends nothing, is told once, and does not quote what it holds', async () => {
	let broken = true;
	const trigger = stage.loop({
		open: () => {
			if (broken) throw new TypeError('cannot read secret-4711');
		},
	});
	editCustomer(stage.world, 1);
	await stage.pass(10 * MINUTE);
	expect(trigger.told.map(({ code, message }) => [code, message.includes('4711')])).toEqual([['RUN_FAILED', false]]);
	broken = false;
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
});

test.each([
	[3, 'changed'],
	[8, 'start'],
])('n8n is away for %i days: the first look finds what changed', async (days, reason) => {
	const { world } = stage;
	const before = stage.loop();
	await stage.pass(2 * MINUTE);
	await before.close();
	editCustomer(world, 1);
	world.sandbox.clock.advance(days * DAY);
	const trigger = stage.loop();
	await stage.pass(MINUTE);
	expect(reasonsOf(trigger)).toEqual([reason]);
	expect(stage.runs.map(({ job }) => job.modified)).toEqual([1, 0]);
});

test('a run that fails is tried again after 30 seconds, a minute, and so on, and the edit is delivered in the end', async () => {
	const { world } = stage;
	const trigger = stage.loop({
		workflow: async (items) => {
			for (const { mapping } of items) {
				const refuse = trigger.started.length <= 2;
				if (refuse)
					world.sandbox.faults.add({
						system: 'crm',
						method: 'GET',
						url: /accounts/,
						times: 1,
						fault: { kind: 'answer', status: 403 },
					} as never);
				stage.runs.push(...(await world.run({ mapping })));
				world.sandbox.faults.clear();
			}
		},
	});
	editCustomer(world, 1);
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'retry', 'retry']);
	const gaps = trigger.started.slice(1).map(({ at }, index) => Math.round((at - trigger.started[index]!.at) / 1_000));
	expect(gaps.every((gap, index) => gap >= 30 * 2 ** index && gap <= 30 * 2 ** index + 20)).toBe(true);
});

import { dieAt, Killed } from '../../kit/killing';
import { createStage, editCustomer, MINUTE, reasonsOf, SECOND, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

test('of two loops one looks; when it dies, the other takes over, and an edit in between is started once', async () => {
	const { world } = stage;
	const first = stage.loop();
	await stage.pass(SECOND);
	const second = stage.loop();
	await stage.pass(3 * MINUTE, [[MINUTE, () => editCustomer(world, 1)]]);
	expect([reasonsOf(first), reasonsOf(second)]).toEqual([['changed'], []]);
	first.kill();
	await stage.pass(2 * MINUTE, [[10 * SECOND, () => editCustomer(world, 2)]]);
	expect([reasonsOf(first), reasonsOf(second)]).toEqual([['changed'], ['changed']]);
	await stage.pass(5 * MINUTE);
	expect(reasonsOf(second)).toEqual(['changed']);
});

test('the lease is given back when the workflow is closed: the next loop begins at once', async () => {
	const first = stage.loop();
	await stage.pass(MINUTE);
	await first.close();
	const second = stage.loop();
	editCustomer(stage.world, 1);
	await stage.pass(5 * SECOND);
	expect(reasonsOf(second)).toEqual(['changed']);
});

test('a process that dies after it put down a start and before it made it: the mapping is started after five minutes, once', async () => {
	const first = stage.loop({ beforeEmit: (loop) => loop.kill() });
	editCustomer(stage.world, 1);
	await stage.pass(10 * SECOND);
	expect(reasonsOf(first)).toEqual([]);
	expect((await stage.stored())!.mappings[0]).toMatchObject({ emission: { reason: 'changed' }, starts: 1 });
	const second = stage.loop();
	await stage.pass(4 * MINUTE);
	expect(reasonsOf(second)).toEqual([]);
	await stage.pass(3 * MINUTE);
	expect(reasonsOf(second)).toEqual(['changed']);
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(second)).toEqual(['changed']);
	expect(stage.runs.map(({ job }) => job.modified)).toEqual([1, 0]);
});

test('an execution that was lost with its process, while the loop lives: the mapping is started after five minutes, once', async () => {
	let lost = 0;
	const trigger = stage.loop({
		workflow: async (items) => {
			if (lost++ === 0) return;
			for (const { mapping } of items) stage.runs.push(...(await stage.world.run({ mapping })));
		},
	});
	editCustomer(stage.world, 1);
	await stage.pass(20 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
	expect(stage.runs.map(({ job }) => job.modified)).toEqual([1, 0]);
});

test('a run that dies in the middle with its process leaves an open job behind: the mapping is started again all the same, once', async () => {
	const { world } = stage;
	let deaths = 0;
	const trigger = stage.loop({
		workflow: async (items) => {
			const death = dieAt(6, 'before');
			if (deaths++ > 0) for (const { mapping } of items) stage.runs.push(...(await world.run({ mapping })));
			else await expect(Promise.race([world.run({ mapping: 'CUSTOMER' }, death.options), death.happened])).rejects.toThrow(Killed);
		},
	});
	editCustomer(world, 1, { phoneNumber: '+44 1' });
	await stage.pass(4 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	await stage.pass(20 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
	expect(world.sandbox.crm.rows('account').some((row) => row['telephone1'] === '+44 1')).toBe(true);
});

test('starts that nobody answers are made again less and less often', async () => {
	const trigger = stage.loop({ workflow: () => Promise.resolve() });
	editCustomer(stage.world, 1);
	await stage.pass(40 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed', 'changed', 'changed']);
	expect(trigger.logged.filter((line) => line.includes('no run followed'))).toHaveLength(3);
});

test('two triggers on one mapping are told of', async () => {
	const first = stage.loop();
	const second = stage.loop({ trigger: 'n8n-1/13/node-9', lease: '13/node-9', name: 'workflow "Other" (id 13), node "Trigger"' });
	await stage.pass(7 * MINUTE);
	expect([...first.logged, ...second.logged].join('\n')).toContain(
		'TRIGGER_TWICE: workflow "Other" (id 13), node "Trigger" starts CUSTOMER as well.',
	);
	expect((await stage.stored())!.state.notices.join()).toContain('TRIGGER_TWICE');
});

test.each([300_000, -300_000])('a loop whose clock is %i ms off delivers in time, and starts nothing twice', async (aheadMs) => {
	const { world } = stage;
	world.sandbox.clock.skew.businessCentral = -aheadMs / 2;
	const trigger = stage.loop({ aheadMs });
	await stage.pass(3 * MINUTE, [[70 * SECOND, () => editCustomer(world, 1)]]);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	await stage.pass(20 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
});

import { createStage, editAccount, editCustomer, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 250 })));
afterEach(() => stage.close());

test('what a run wrote to hundreds of records starts nothing, and hides no edit that was made before it', async () => {
	const { world } = stage;
	const trigger = stage.loop();
	for (let index = 0; index < 250; index++) editCustomer(world, index, { phoneNumber: `+44 ${index}` });
	await stage.pass(2 * MINUTE);
	expect(trigger.started[0]!.items[0]).toMatchObject({ businessCentral: { changed: 20, atLeast: true } });
	expect(stage.runs.reduce((sum, { job }) => sum + job.modified, 0)).toBe(250);
	await stage.pass(5 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	// An edit in CRM, and then a run that writes 200 other accounts before anybody looks.
	await stage.pass(MINUTE, [
		[20_000, () => editAccount(world, 240)],
		[21_000, () => void world.sandbox.clock.advance(1_000)],
	]);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
	await stage.pass(12 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
});

test('an edit below more rows than a glance shows is found all the same', async () => {
	const { world } = stage;
	const trigger = stage.loop();
	await stage.pass(3 * MINUTE);
	editAccount(world, 0);
	const hidden = String(world.sandbox.crm.rows('account')[0]!['accountid']);
	world.sandbox.clock.advance(2_000);
	for (let index = 1; index < 60; index++) editAccount(world, index);
	// Another run of these fifty-nine alone: their versions are known now, and newer than that of the edit.
	const ids = world.sandbox.crm
		.rows('account')
		.slice(1, 60)
		.map((row) => String(row['accountid']));
	await world.run({ mapping: 'CUSTOMER', selected: { side: 'crm', ids } });
	await stage.pass(2 * MINUTE);
	expect(trigger.started[0]!.items[0]).toMatchObject({ reason: 'changed', crm: { changed: 1 } });
	const delivered = stage.runs.reduce((sum, { job }) => sum + job.modified, 0);
	expect([hidden.length, delivered]).toEqual([36, 1]);
});

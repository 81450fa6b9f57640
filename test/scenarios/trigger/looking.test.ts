import { createStage, editAccount, editCustomer, HOUR, MINUTE, reasonsOf, SECOND, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 30 })));
afterEach(() => stage.close());

test('an edit on either side starts its mapping within a minute and is delivered; what the run wrote starts nothing', async () => {
	const { world } = stage;
	const trigger = stage.loop();
	await stage.pass(5 * MINUTE);
	expect(trigger.started).toEqual([]);
	const begin = world.clock.now();
	await stage.pass(3 * MINUTE, [[7 * SECOND, () => editCustomer(world, 3, { phoneNumber: '+44 7' })]]);
	expect(trigger.started).toHaveLength(1);
	expect(trigger.started[0]!.at - begin - 7 * SECOND).toBeLessThanOrEqual(62 * SECOND);
	expect(trigger.started[0]!.items).toEqual([
		{
			mapping: 'CUSTOMER',
			reason: 'changed',
			toldBy: 'look',
			direction: 'mapping',
			businessCentral: { changed: 1, atLeast: false, since: new Date(begin + 7 * SECOND).toISOString() },
			crm: { changed: 0, atLeast: false, since: null },
			wokenUp: false,
			attempt: 1,
			lastRun: null,
		},
	]);
	expect(stage.runs.map(({ job }) => job.modified)).toEqual([1, 0]);
	await stage.pass(3 * MINUTE, [[30 * SECOND, () => editAccount(world, 5)]]);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
	expect(trigger.started[1]!.items[0]).toMatchObject({ crm: { changed: 1 }, businessCentral: { changed: 0 }, lastRun: { effect: 1 } });
	expect(stage.runs.map(({ job }) => job.modified)).toEqual([1, 0, 0, 1]);
	await stage.pass(15 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
});

test('an idle pair of systems costs one request a minute and system', async () => {
	const { world } = stage;
	stage.loop();
	await stage.pass(2 * MINUTE);
	world.takeRequests();
	await stage.pass(HOUR / 4);
	const requests = world.takeRequests();
	expect(requests.map(({ path }) => path.replace(/\?.*/, '')).filter((path) => !path.endsWith('/$batch'))).toEqual([]);
	expect(requests).toHaveLength(30);
});

test('records that a run created in Business Central start one more run, which takes over what was filled in there, and no third', async () => {
	const { world } = stage;
	const session = await world.open();
	await session.store.saveSettings('CUSTOMER', { onlyCoupled: false });
	await session.store.close();
	const trigger = stage.loop();
	await stage.pass(3 * MINUTE);
	for (const name of ['Harbour', 'Quay']) world.sandbox.crm.insert('account', { name, customertypecode: 3 });
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed', 'changed']);
	expect(stage.runs.map(({ job }) => [job.inserted, job.modified])).toEqual([
		[0, 0],
		[2, 0],
		[0, 0],
		[0, 0],
	]);
});

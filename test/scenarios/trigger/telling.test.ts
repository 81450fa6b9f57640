import { deleteOldEntries, renderReport, triggerViews } from '../../../engine';
import { createStage, DAY, editAccount, HOUR, MINUTE, reasonsOf, type TriggerStage } from './stage';

let stage: TriggerStage;
beforeEach(async () => (stage = await createStage({ customers: 4 })));
afterEach(() => stage.close());

const views = async () => {
	const session = await stage.world.open();
	const found = await triggerViews(session.store, stage.world.clock.now());
	await session.store.close();
	return found;
};

const report = async () => {
	const session = await stage.world.open();
	const now = new Date(stage.world.clock.now()).toISOString();
	const from = new Date(stage.world.clock.now() - 7 * DAY).toISOString();
	const made = await renderReport({
		store: session.store,
		from,
		to: now,
		now,
		timeZone: 'UTC',
		title: 'Report',
		mappings: new Map([['CUSTOMER', 'Customers']]),
	});
	await session.store.close();
	return made;
};

test('the state tells what a mapping waits for, and a mapping that sleeps is not overdue', async () => {
	const { world } = stage;
	for (let run = 0; run < 4; run++) {
		await world.run({ mapping: 'CUSTOMER' });
		world.minutes(30);
	}
	const trigger = stage.loop();
	await stage.pass(2 * MINUTE);
	expect((await views())[0]).toMatchObject({
		mapping: 'CUSTOMER',
		state: 'awake',
		message: expect.stringMatching(/^It is started on .* UTC at the latest\.$/) as string,
	});
	await stage.pass(5 * HOUR);
	expect((await views())[0]).toMatchObject({ state: 'asleep', message: expect.stringContaining('because nothing changed') as string });
	expect((await report()).overdue).toEqual([]);
	await stage.pass(3 * MINUTE, [[MINUTE, () => editAccount(world, 1)]]);
	const [view] = await views();
	expect(view).toMatchObject({ state: 'awake', wokenByChanges: 1, starts: 2, lastRun: { effect: 1 } });
	expect(view!.slowestDeliverySeconds).toBeLessThanOrEqual(62);
	expect((await report()).html).toContain('Woken by changes 1 time; the slowest change waited');
	world.sandbox.faults.add({ system: 'crm', times: 100_000, fault: { kind: 'answer', status: 503 } } as never);
	await stage.pass(5 * MINUTE);
	expect((await views())[0]).toMatchObject({
		state: 'waiting',
		message: expect.stringMatching(/^CRM cannot be looked at since /) as string,
	});
	expect(reasonsOf(trigger)).toEqual(['schedule', 'changed']);
});

test('a trigger that is at work no more says so, its mappings are overdue, and old entries take it along', async () => {
	const { world } = stage;
	for (let run = 0; run < 4; run++) {
		await world.run({ mapping: 'CUSTOMER' });
		world.minutes(30);
	}
	const trigger = stage.loop();
	await stage.pass(2 * MINUTE);
	await trigger.close();
	world.sandbox.clock.advance(2 * HOUR);
	expect((await views())[0]).toMatchObject({ state: 'gone', message: expect.stringContaining('Is its workflow published') as string });
	expect((await report()).overdue).toEqual(['CUSTOMER']);
	world.sandbox.clock.advance(30 * DAY);
	const session = await world.open();
	await deleteOldEntries(session.store, 7, world.clock.now());
	await session.store.close();
	expect(await views()).toEqual([]);
});

import { createStage, HOUR, MINUTE, type TriggerStage } from './stage';

let stage: TriggerStage;
afterEach(() => stage.close());

test('mappings that are idle for four hours: one look a minute, one request to each system, and next to no runs', async () => {
	stage = await createStage({ customers: 4 });
	const { world } = stage;
	for (let turn = 0; turn < 2; turn++) for (const mapping of ['CURRENCY', 'CONTACT']) await world.run({ mapping });
	const trigger = stage.loop({ mappings: ['CUSTOMER', 'CONTACT', 'CURRENCY'] });
	await stage.pass(45 * MINUTE);
	const before = (await stage.stored())!.state;
	world.takeRequests();
	trigger.started.length = 0;
	await stage.pass(4 * HOUR);
	const { looks, requests, nextLookMs } = (await stage.stored())!.state;
	expect(looks - before.looks).toBe(240);
	expect(requests.businessCentral - before.requests.businessCentral).toBe(240);
	// CRM is asked once an hour for the row of the company.
	expect(requests.crm - before.requests.crm).toBeLessThanOrEqual(240 + 10);
	expect(nextLookMs).toBeGreaterThan(world.clock.now());
	// Asleep for twelve hours.
	expect(trigger.started).toEqual([]);
	expect(world.takeRequests().length).toBeLessThanOrEqual(2 * 240 + 10 + 6 * 40);
});

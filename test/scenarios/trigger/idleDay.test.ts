import { createStage, DAY, MINUTE, type TriggerStage } from './stage';

let stage: TriggerStage;
afterEach(() => stage.close());

test('mappings that are idle for a day: one look a minute, one request to each system, and next to no runs', async () => {
	stage = await createStage({ customers: 4 });
	const { world } = stage;
	for (let turn = 0; turn < 2; turn++) for (const mapping of ['CURRENCY', 'CONTACT']) await world.run({ mapping });
	const trigger = stage.loop({ mappings: ['CUSTOMER', 'CONTACT', 'CURRENCY'] });
	await stage.pass(45 * MINUTE);
	const before = (await stage.stored())!.state;
	world.takeRequests();
	trigger.started.length = 0;
	await stage.pass(DAY);
	const { looks, requests, nextLookMs } = (await stage.stored())!.state;
	expect(looks - before.looks).toBe(1_440);
	expect(requests.businessCentral - before.requests.businessCentral).toBe(1_440);
	// CRM is asked once an hour for the row of the company.
	expect(requests.crm - before.requests.crm).toBeLessThanOrEqual(1_440 + 25);
	expect(nextLookMs).toBeGreaterThan(world.clock.now());
	// Asleep for twelve hours, and a comparison of versions once a day.
	expect(trigger.started.length).toBeLessThanOrEqual(6);
	expect(world.takeRequests().length).toBeLessThanOrEqual(2 * 1_440 + 25 + 6 * 40);
}, 120_000);

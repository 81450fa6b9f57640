import { editCustomer, HOUR, MINUTE, reasonsOf } from './stage';
import { createWebhookStage, type WebhookStage } from './webhookStage';

let stage: WebhookStage;
beforeEach(async () => {
	stage = await createWebhookStage({ customers: 6 });
	stage.everyMs = 5_000;
});
afterEach(() => stage.close());

test('what users edit who may not schedule tasks nobody is told of: the look finds it', async () => {
	const { world } = stage;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	world.sandbox.businessCentral.webhooks.cannotSchedule.add('ANNA');
	editCustomer(world, 1, { phoneNumber: '+44 1' });
	await stage.pass(90_000);
	expect(trigger.started).toEqual([]);
	await stage.pass(5 * MINUTE);
	expect(trigger.started.map(({ items }) => [items[0]!.reason, items[0]!.toldBy])).toEqual([['changed', 'look']]);
	expect(world.sandbox.crm.rows('account').some((row) => row['telephone1'] === '+44 1')).toBe(true);
});

test('where all subscriptions of the environment are used up it says so and looks every minute; one that comes free is taken', async () => {
	const { world } = stage;
	const { webhooks } = world.sandbox.businessCentral;
	webhooks.mostSubscriptions = 0;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	expect(stage.registered().subscriptions).toEqual([]);
	expect((await stage.stored())!.state.notices).toEqual([
		expect.stringMatching(/^WEBHOOKS_OFF: .*maximum number of 0 subscriptions.*delete those that nobody needs.*looked every minute/),
	]);
	editCustomer(world, 1, { phoneNumber: '+44 1' });
	await stage.pass(62_000);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	webhooks.mostSubscriptions = 200;
	await stage.pass(HOUR);
	expect(stage.registered().subscriptions).toHaveLength(1);
	expect((await stage.stored())!.state.notices).toEqual([]);
});

import { renderReport, triggerViews } from '../../../engine';
import { DAY, editAccount, editCustomer, HOUR, MINUTE, reasonsOf, SECOND } from './stage';
import { ADDRESS, createWebhookStage, TRIGGER, type WebhookStage } from './webhookStage';

let stage: WebhookStage;
beforeEach(async () => (stage = await createWebhookStage({ customers: 30 })));
afterEach(() => stage.close());

/** Milliseconds from an edit to the end of the run that carried it over. */
async function latencyOf(edit: () => void, isOver: () => boolean): Promise<number> {
	const { world } = stage;
	const begin = world.clock.now();
	edit();
	for (let second = 0; second < 400 && !isOver(); second++) await stage.pass(SECOND);
	return world.clock.now() - begin;
}

test('an edit on either side is on the other one within 45 s, the 30 s of Business Central and its job queue included', async () => {
	const { world } = stage;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	expect(stage.registered()).toMatchObject({
		subscriptions: [expect.stringContaining('/customers')],
		endpoints: [`n8n-d365-sync ${TRIGGER}`],
	});
	expect(stage.registered().steps).toHaveLength(3);
	for (let index = 0; index < 4; index++) {
		const phone = `+44 ${index}`;
		const account = () => world.sandbox.crm.rows('account').some((row) => row['telephone1'] === phone);
		expect(await latencyOf(() => editCustomer(world, index, { phoneNumber: phone }), account)).toBeLessThanOrEqual(45 * SECOND);
		await stage.pass(40 * SECOND);
		const customer = () =>
			world.sandbox.businessCentral
				.company(world.base.companyName)
				.rows('customers')
				.some((row) => row['phoneNumber'] === `${phone}9`);
		expect(await latencyOf(() => editAccount(world, index + 10, { telephone1: `${phone}9` }), customer)).toBeLessThanOrEqual(20 * SECOND);
		await stage.pass(40 * SECOND);
	}
	expect(trigger.started.every(({ items }) => items[0]!.toldBy === 'webhook')).toBe(true);
	expect(reasonsOf(trigger)).toHaveLength(8);
	expect(stage.answered.every((status) => status === 200)).toBe(true);
});

test('an idle pair of systems costs at most 0.4 requests a minute', async () => {
	stage.everyMs = 5_000;
	stage.hooked({ intervalMs: 30 * DAY, sleepMs: 0 });
	await stage.pass(10 * MINUTE);
	stage.world.takeRequests();
	await stage.pass(HOUR);
	const requests = stage.world.takeRequests();
	expect(requests.length / 60).toBeLessThanOrEqual(0.4);
	expect(requests.filter(({ path }) => path.endsWith('/subscriptions'))).toHaveLength(1);
});

test('what runs write is told, and starts nothing: 30 records that were edited on one side are one run', async () => {
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	for (let index = 0; index < 30; index++) editCustomer(stage.world, index, { phoneNumber: `+49 ${index}` });
	await stage.pass(15 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	expect(stage.answered.length).toBeGreaterThan(30);
});

test('unpublishing leaves nothing behind, also what nobody remembers', async () => {
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	await trigger.close();
	const session = await stage.world.open();
	for (const row of await session.store.subscriptions(TRIGGER)) await session.store.deleteSubscription(row);
	await session.store.close();
	await stage.unpublish();
	expect(stage.registered()).toEqual({ subscriptions: [], endpoints: [], steps: [] });
	expect(await stage.subscriptions()).toEqual([]);
});

test('subscriptions that a restart cost are made anew within minutes; those that are there are adopted, not doubled', async () => {
	stage.everyMs = 5_000;
	const first = stage.hooked();
	await stage.pass(4 * MINUTE);
	await first.close();
	stage.n8n = 'starting';
	editCustomer(stage.world, 3);
	await stage.pass(MINUTE);
	await stage.pass(SECOND);
	expect(stage.registered().subscriptions).toEqual([]);
	stage.n8n = 'up';
	stage.hooked();
	await stage.pass(30 * SECOND);
	expect(stage.registered().subscriptions).toHaveLength(1);
	// The store was lost: what is registered is taken over with new secrets.
	const session = await stage.world.open();
	for (const row of await session.store.subscriptions(TRIGGER)) await session.store.deleteSubscription(row);
	await session.store.close();
	await stage.pass(70 * MINUTE);
	expect(stage.registered()).toMatchObject({ subscriptions: [expect.any(String)], endpoints: [expect.any(String)] });
	stage.answered.length = 0;
	editAccount(stage.world, 1, { telephone1: '1' });
	editCustomer(stage.world, 2, { phoneNumber: '2' });
	await stage.pass(2 * MINUTE);
	expect(new Set(stage.answered)).toEqual(new Set([200]));
});

test('another address is told to both services', async () => {
	const first = stage.hooked();
	await stage.pass(4 * MINUTE);
	await first.close();
	stage.url = 'https://elsewhere.example/webhook/0c9a/changes';
	stage.hooked();
	await stage.pass(MINUTE);
	expect((await stage.subscriptions()).map(({ url }) => url)).toEqual(Array(3).fill(stage.url));
	expect(stage.world.sandbox.crm.rows('serviceendpoint').map((row) => row['url'])).toEqual([stage.url]);
	expect(stage.registered().subscriptions).toHaveLength(1);
	expect(ADDRESS).not.toBe(stage.url);
});

test('an edit while its mapping runs is not forgotten: it is started again as soon as the run is over', async () => {
	const { world } = stage;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	const session = await world.open({ owner: 'somebody' });
	const lease = await session.store.acquireLease('CUSTOMER', 'somebody', HOUR);
	world.takeRequests();
	editCustomer(world, 1, { phoneNumber: '+44 1' });
	await stage.pass(2 * MINUTE);
	expect(trigger.started).toEqual([]);
	expect(world.takeRequests().length).toBeLessThanOrEqual(4);
	await session.store.releaseLease(lease!);
	await session.store.close();
	await stage.pass(15 * SECOND);
	expect(reasonsOf(trigger)).toEqual(['changed']);
});

test('the state and the report show what is registered, when it expires, and when it last told', async () => {
	const { world } = stage;
	stage.everyMs = 5_000;
	stage.hooked();
	await stage.pass(4 * MINUTE);
	editCustomer(world, 1, { phoneNumber: '+44 1' });
	// The next look is six minutes away: the trigger is not taken for gone.
	await stage.pass(11 * MINUTE);
	const session = await world.open();
	const now = new Date(world.clock.now()).toISOString();
	const [view] = await triggerViews(session.store, world.clock.now());
	expect(view).toMatchObject({ state: 'awake', notices: [] });
	expect(view!.webhooks).toEqual([
		expect.objectContaining({
			system: 'Business Central',
			mappings: ['CUSTOMER'],
			registered: true,
			error: null,
			lastTold: expect.any(String),
		}),
		expect.objectContaining({ system: 'CRM', resource: 'account', registered: true, expires: null, error: null }),
	]);
	const { html } = await renderReport({
		store: session.store,
		from: now,
		to: now,
		now,
		timeZone: 'UTC',
		title: 'Report',
		mappings: new Map(),
	});
	expect(html).toContain('Last told');
	expect(html).toContain(`${view!.webhooks[0]!.expires!.slice(0, 16).replace('T', ' ')} UTC`);
	await session.store.close();
});

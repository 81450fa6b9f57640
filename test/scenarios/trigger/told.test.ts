import { editAccount, editCustomer, MINUTE, reasonsOf, SECOND } from './stage';
import { ADDRESS, type Call, createWebhookStage, TRIGGER, type WebhookStage } from './webhookStage';

let stage: WebhookStage;
beforeEach(async () => (stage = await createWebhookStage({ customers: 20 })));
afterEach(() => stage.close());

const post = (value: object, headers: Record<string, string> = {}): Call => ({ url: ADDRESS, headers, body: JSON.stringify(value) });

test('lost notifications: the look finds the change, and after three of them it is looked every minute until one arrives again', async () => {
	stage.everyMs = 5_000;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	stage.onTheWay = () => [];
	for (let index = 0; index < 3; index++) {
		editCustomer(stage.world, index);
		await stage.pass(8 * MINUTE);
		expect(reasonsOf(trigger)).toHaveLength(index + 1);
	}
	expect(trigger.started.every(({ items }) => items[0]!.toldBy === 'look')).toBe(true);
	await stage.pass(2 * MINUTE);
	expect((await stage.stored())!.state.notices).toEqual([expect.stringMatching(/^WEBHOOKS_MISSED: .*Business Central/)]);
	stage.world.takeRequests();
	await stage.pass(10 * MINUTE);
	expect(stage.world.takeRequests().length).toBeGreaterThanOrEqual(20);
	stage.onTheWay = (call) => [call];
	editCustomer(stage.world, 5);
	await stage.pass(3 * MINUTE);
	stage.world.takeRequests();
	await stage.pass(10 * MINUTE);
	expect(stage.world.takeRequests().length).toBeLessThan(8);
});

test('doubled and reordered notifications: one run each', async () => {
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	const held: Call[] = [];
	stage.onTheWay = (call) => (held.push(call), [call, call]);
	editCustomer(stage.world, 1);
	editAccount(stage.world, 2, { telephone1: '2' });
	await stage.pass(5 * MINUTE);
	const runs = reasonsOf(trigger).length;
	expect(runs).toBeLessThanOrEqual(2);
	for (const call of held.reverse()) await stage.receive(call);
	await stage.pass(5 * MINUTE);
	expect(reasonsOf(trigger)).toHaveLength(runs);
});

test('forged requests are refused, note nothing and start nothing; a handshake is answered only while one is expected', async () => {
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	const state = String(
		[...stage.world.sandbox.businessCentral.platform.table('API Webhook Subscription').rows()][0]!.fields['Client State'],
	);
	const [mark, secret] = [state.slice(0, state.lastIndexOf(' ')), state.slice(state.lastIndexOf(' ') + 1)];
	expect(mark).toBe(`n8n-d365-sync ${TRIGGER}`);
	expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
	expect(JSON.stringify(await stage.subscriptions())).not.toContain(secret);
	const forged: Call[] = [
		post({ value: [{ clientState: '', resource: 'customers' }] }),
		post({ value: [{ clientState: `${mark} ${'A'.repeat(secret.length)}` }] }),
		post({ value: [{ clientState: secret }] }),
		post({ value: 'x' }),
		post([]),
		post({ PrimaryEntityName: 'account' }, { 'x-d365-sync-secret': secret }),
		post({ PrimaryEntityName: 'account' }, { 'x-d365-sync-secret': '' }),
		post({ PrimaryEntityName: 'account' }),
		{ url: `${ADDRESS}?validationToken=abc`, headers: {}, body: '' },
		{ url: `${ADDRESS}?validationToken=${'a'.repeat(600)}`, headers: {}, body: '' },
	];
	for (const call of forged) expect(await stage.receive(call)).toEqual({ status: 401, body: '', signals: [] });
	await stage.pass(MINUTE);
	expect(trigger.started).toEqual([]);
	// The right one among wrong ones is believed: refusing all would cost the subscription.
	expect(await stage.receive(post({ value: [{ clientState: 'x' }, { clientState: state, resource: 'anything/../else' }] }))).toMatchObject({
		status: 200,
		signals: [{ mapping: 'CUSTOMER', side: 'businessCentral' }],
	});
	await stage.pass(MINUTE);
	expect(trigger.started).toEqual([]);
});

test('a flood of notifications is one run, and six looks a minute at the most', async () => {
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	let call: Call | null = null;
	stage.onTheWay = (each) => [(call = each)];
	editCustomer(stage.world, 1);
	await stage.pass(2 * MINUTE);
	stage.world.takeRequests();
	const flood = Array.from({ length: 120 }, (_, second) => [second * SECOND, () => stage.busy(stage.receive(call!))] as const);
	editAccount(stage.world, 3, { telephone1: '3' });
	await stage.pass(2 * MINUTE, flood);
	const looks = stage.world
		.takeRequests()
		.filter(({ parts }) => parts.some(({ method, path }) => (method === 'GET' && path.includes('%24top')) || path.includes('$top')));
	expect(looks.length).toBeLessThanOrEqual(2 * 2 * 7);
	expect(reasonsOf(trigger)).toHaveLength(2);
});

test('200 records that a run writes are told one by one, and start nothing; a collection is believed as any other', async () => {
	await stage.close();
	stage = await createWebhookStage({ customers: 200 });
	stage.everyMs = 5_000;
	const trigger = stage.hooked();
	await stage.pass(4 * MINUTE);
	stage.onTheWay = (call) => [{ ...call, body: call.body.replaceAll('"changeType":"updated"', '"changeType":"collection"') }];
	const company = stage.world.sandbox.businessCentral.company(stage.world.base.companyName);
	for (const { id } of company.rows('customers'))
		company.update('customers', String(id), { phoneNumber: `+49 ${String(id)}`.slice(0, 30) });
	await stage.pass(3 * MINUTE);
	expect(stage.runs.map(({ job }) => job.modified)).toContain(200);
	await stage.pass(10 * MINUTE);
	expect(reasonsOf(trigger)).toEqual(['changed']);
	expect(stage.answered.length).toBeGreaterThan(200);
});

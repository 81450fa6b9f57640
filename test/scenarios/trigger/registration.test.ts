import { NoAnswer, type Transport } from '../../../engine/systems/odata/transport';
import { Random } from '../../../sandbox/core/random';
import { DAY, HOUR, MINUTE } from './stage';
import { ADDRESS, createWebhookStage, TRIGGER, type WebhookStage } from './webhookStage';

let stage: WebhookStage;
beforeEach(async () => (stage = await createWebhookStage()));
afterEach(() => stage.close());

type Fault = 'lost before' | 'lost after' | '500' | '404' | '403';

/** Spoils requests about webhooks: the verdict on the n-th of them. */
function spoiling(verdict: (count: number) => Fault | null): (transport: Transport) => Transport {
	let count = 0;
	return (transport) => async (request) => {
		const isAbout = /subscriptions|serviceendpoints|sdkmessage/.test(request.url);
		const fault = isAbout ? verdict(++count) : null;
		if (fault === 'lost before') throw new NoAnswer('Refused.', false);
		const code = fault === null ? NaN : Number(fault);
		if (!Number.isNaN(code)) return { status: code, headers: {}, body: '{"error":{"code":"Injected","message":"Injected."}}' };
		const answer = await transport(request);
		if (fault === 'lost after') throw new NoAnswer('Reset.', true);
		return answer;
	};
}

/** Lets the keeping of webhooks go on for so long, and looks each time at what is registered. */
async function keepFor(
	ms: number,
	{
		everyMs = 5 * MINUTE,
		spoil,
		mappings = ['CUSTOMER', 'ITEM-PRODUCT'],
	}: { everyMs?: number; spoil?: (transport: Transport) => Transport; mappings?: string[] },
) {
	const { world } = stage;
	stage.transport = spoil;
	const accelerator = stage.accelerator({ mappings });
	const session = await world.open(spoil ? { transport: spoil } : {});
	const seen: number[] = [];
	for (let passed = 0; passed <= ms; passed += everyMs) {
		await accelerator.keep(session, world.clock.now());
		seen.push(alive());
		world.sandbox.clock.advance(everyMs);
	}
	await session.store.close();
	return { seen, accelerator };
}

/** Subscriptions that have not run out. */
const alive = (): number => {
	const { platform } = stage.world.sandbox.businessCentral;
	const rows = [...platform.table('API Webhook Subscription').rows()];
	return rows.filter(({ fields }) => Date.parse(String(fields['Expiration Date Time'])) > stage.world.clock.now()).length;
};

test('30 days: renewed at half their life, never all at once, never missing, never double', async () => {
	const { seen, accelerator } = await keepFor(30 * DAY, { everyMs: 45 * MINUTE });
	expect(new Set(seen)).toEqual(new Set([2]));
	const renewals = stage.world.takeRequests().filter(({ method, path }) => method === 'PATCH' && path.includes('subscriptions'));
	expect(renewals.length).toBeGreaterThanOrEqual(2 * 18);
	expect(renewals.length).toBeLessThanOrEqual(2 * 21);
	expect(accelerator.lookEveryMs(stage.world.clock.now())).not.toBeNull();
});

test.each<Fault>(['lost before', 'lost after', '500', '404', '403'])(
	'any one request about webhooks may fail (%s): within an hour and a half all is as it should be',
	async (fault) => {
		for (let victim = 1; victim <= 16; victim++) {
			const spoil = spoiling((count) => (count === victim ? fault : null));
			const { accelerator } = await keepFor(100 * MINUTE, { spoil });
			expect([victim, stage.registered()]).toEqual([victim, expect.objectContaining({ endpoints: [`n8n-d365-sync ${TRIGGER}`] })]);
			expect([victim, alive(), stage.registered().steps.length]).toEqual([victim, 2, 6]);
			expect([victim, accelerator.lookEveryMs(stage.world.clock.now())]).toEqual([victim, expect.any(Number)]);
			await stage.unpublish();
			expect(stage.registered()).toEqual({ subscriptions: [], endpoints: [], steps: [] });
		}
	},
);

test('30 days of requests of which every fifth fails: none is ever missing for long, none is left over', async () => {
	const seed = Math.floor(Math.random() * 1e9);
	console.log(`seed ${seed}`);
	const random = new Random(seed);
	const kinds: Fault[] = ['lost before', 'lost after', '500'];
	const spoil = spoiling(() => (random.next() < 0.2 ? kinds[Math.floor(random.next() * 3)]! : null));
	const { seen } = await keepFor(30 * DAY, { everyMs: 45 * MINUTE, spoil });
	expect(seen.filter((count) => count < 2).length).toBeLessThan(seen.length / 50);
	await keepFor(2 * HOUR, {});
	expect([alive(), stage.registered().steps.length, stage.registered().endpoints.length]).toEqual([2, 6, 1]);
});

test('who may not register is told so, looks every minute, and does not ask again and again', async () => {
	const { world } = stage;
	world.sandbox.businessCentral.permissions.deny('SYNC', 'API Webhook Subscription', 'Insert');
	const { accelerator } = await keepFor(2 * HOUR, {});
	expect(accelerator.lookEveryMs(world.clock.now())).toBeNull();
	expect(accelerator.notices()).toEqual([
		expect.stringMatching(/^WEBHOOKS_OFF: Webhooks of Business Central are not registered: .*API Webhook Subscription/),
	]);
	expect(world.takeRequests().filter(({ method, path }) => method === 'POST' && path.includes('subscriptions')).length).toBeLessThanOrEqual(
		3,
	);
	expect((await stage.subscriptions()).find(({ side }) => side === 'businessCentral')!.lastError).toMatch(/^BC_PERMISSION_MISSING/);
	world.sandbox.businessCentral.permissions.allowAll('SYNC');
	expect((await keepFor(10 * MINUTE, {})).accelerator.lookEveryMs(world.clock.now())).not.toBeNull();
});

test('an address that services cannot call is told, and nothing is tried', async () => {
	stage.url = 'http://localhost:5678/webhook/0c9a/changes';
	const { accelerator } = await keepFor(10 * MINUTE, {});
	expect(accelerator.notices()).toEqual([expect.stringMatching(/^WEBHOOK_NOT_PUBLIC: http:\/\/localhost:5678 .*WEBHOOK_URL/)]);
	expect(stage.world.takeRequests().filter(({ path }) => /subscriptions|serviceendpoints/.test(path))).toEqual([]);
	stage.url = ADDRESS;
	expect((await keepFor(10 * MINUTE, {})).accelerator.notices()).toEqual([]);
});

test('what a mapping that was taken away watched is removed; a column that came to be mapped is told', async () => {
	await keepFor(10 * MINUTE, {});
	expect(stage.registered().steps).toHaveLength(6);
	await keepFor(10 * MINUTE, { mappings: ['CUSTOMER'] });
	expect(stage.registered()).toMatchObject({ subscriptions: [expect.stringContaining('/customers')] });
	expect(stage.registered().steps).toHaveLength(3);
	const { crm } = stage.world.sandbox;
	const update = () => crm.rows('sdkmessageprocessingstep').find((row) => String(row['name']).includes('Update'))!;
	expect(String(update()['filteringattributes'])).toContain('telephone1');
	crm.update('sdkmessageprocessingstep', String(update()['sdkmessageprocessingstepid']), { filteringattributes: 'fax' });
	await keepFor(10 * MINUTE, { mappings: ['CUSTOMER'] });
	expect(String(update()['filteringattributes'])).toContain('telephone1');
});

test('in Dataverse an administrator may register: nothing is asked there, and until something is told it is looked every minute', async () => {
	const { world } = stage;
	const accelerator = stage.accelerator({}, { crm: 'administrator' });
	const session = await world.open();
	await accelerator.keep(session, world.clock.now());
	expect(accelerator.lookEveryMs(world.clock.now())).toBeNull();
	expect(accelerator.notices()).toEqual([expect.stringMatching(/^WEBHOOKS_NOT_REGISTERED/)]);
	expect(world.takeRequests().filter(({ path }) => path.includes('serviceendpoints'))).toEqual([]);
	await session.store.close();
});

import { receiveWebhook, type Registrar, WebhookAccelerator, type WebhookSettings, removeWebhooks } from '../../../engine';
import type { TriggerSubscription } from '../../../engine/model/trigger';
import type { SyncSession } from '../../../engine/ports/session';
import type { TriggerMailbox } from '../../../engine/ports/triggerMailbox';
import { TRIGGER_DEFAULTS, type TriggerSettings, WEBHOOK_LOOK_MS } from '../../../engine/trigger/triggerSettings';
import type { Transport } from '../../../engine/systems/odata/transport';
import type { World } from '../../kit/world';
import { createStage, type LoopOptions, type RunningLoop, type TriggerStage } from './stage';

export const TRIGGER = 'n8n-1/12/node-1';
export const ADDRESS = 'https://n8n.example/webhook/0c9a/changes';

/** A stage on which both sandboxes call the address of the trigger, as they would over the network. */
export interface WebhookStage extends TriggerStage {
	/** What the services were answered, by status, since it was last emptied. */
	answered: number[];
	/** How n8n answers: `up`, `starting` (404, for a second after each start), or a proxy for it (`proxied`: 503). Lost: no answer. */
	n8n: 'up' | 'starting' | 'proxied' | 'lost';
	/** What reaches n8n, each in place of what was sent; default: what was sent. */
	onTheWay: (call: Call) => Call[];
	/** Where the node is said to be called. */
	url: string | null;
	/** The way of who registers in Dataverse. */
	transport?: (transport: Transport) => Transport;
	/** How often triggers read their signals: each second, unless a test lasts long and asks for no latency; it may change on the way. */
	everyMs: number;
	/** What the webhooks' half of all triggers logged. */
	logged: string[];
	accelerator(options?: LoopOptions, webhooks?: Partial<WebhookSettings>): WebhookAccelerator;
	hooked(options?: LoopOptions, webhooks?: Partial<WebhookSettings>): RunningLoop;
	receive(call: Call): Promise<{ status: number; body: string }>;
	subscriptions(): Promise<TriggerSubscription[]>;
	/** Takes the workflow back: what n8n does with the webhooks then. */
	unpublish(): Promise<void>;
	/** What the services have registered: BC resources, Dataverse endpoints and steps. */
	registered(): { subscriptions: string[]; endpoints: string[]; steps: string[] };
}

export interface Call {
	url: string;
	headers: Record<string, string>;
	body: string;
}

export async function createWebhookStage(options: { customers?: number; jitterSeed?: number; world?: World } = {}): Promise<WebhookStage> {
	const stage = await createStage(options);
	const { world } = stage;
	const { businessCentral, crm } = world.sandbox;
	let draw = options.jitterSeed ?? 1;
	// Job queues take 0 to 10 s to begin; the same row of delays for the same seed.
	businessCentral.webhooks.jobQueueDelayMs = () => (draw = (draw * 48_271) % 2_147_483_647) % 10_001;
	crm.webhooks.delayMs = 4_000;

	const sessions: SyncSession[] = [];
	const mailbox = async (): Promise<TriggerMailbox> => {
		const session = sessions[0] ?? (sessions[0] = await world.open());
		return mailboxOn(session.store);
	};
	const registrar = async (): Promise<Registrar> => {
		const session = await world.open({ owner: 'registrar', ...(self.transport ? { transport: self.transport } : {}) });
		sessions.push(session);
		return { serviceEndpoints: session.crm.serviceEndpoints!, close: () => undefined };
	};
	const alone = <T>(work: () => Promise<T>): Promise<T> => work();

	const self: WebhookStage = {
		...stage,
		answered: [],
		n8n: 'up',
		onTheWay: (call) => [call],
		url: ADDRESS,
		accelerator: (loopOptions = {}, webhooks = {}) => {
			const settings: TriggerSettings = {
				...TRIGGER_DEFAULTS,
				...{ trigger: TRIGGER, lease: '12/node-1', name: 'node', startWhen: 'webhooks', mappings: ['CUSTOMER'], startNow: false },
				...loopOptions,
			};
			const accelerator = new WebhookAccelerator(
				{ log: (_level, message) => void self.logged.push(message), url: () => self.url, openRegistrar: registrar, alone },
				settings,
				{ businessCentral: true, crm: 'register', lookEveryMs: WEBHOOK_LOOK_MS, ...webhooks },
			);
			return Object.defineProperty(accelerator, 'everyMs', { get: () => self.everyMs });
		},
		logged: [],
		everyMs: 1_000,
		hooked: (loopOptions = {}, webhooks = {}) =>
			stage.loop({ ...loopOptions, startWhen: 'webhooks', accelerator: self.accelerator(loopOptions, webhooks) }),
		receive: async ({ url, headers, body }) => {
			if (self.n8n === 'lost') throw new Error('No answer.');
			if (self.n8n !== 'up') return { status: self.n8n === 'starting' ? 404 : 503, body: '' };
			const query = Object.fromEntries(new URL(url).searchParams);
			const box = await mailbox();
			const answer = await receiveWebhook(box, { headers, query, body: body === '' ? {} : JSON.parse(body) }, world.clock.now());
			self.answered.push(answer.status);
			return answer;
		},
		subscriptions: async () => {
			const session = await world.open();
			const found = await session.store.subscriptions(TRIGGER);
			await session.store.close();
			return found;
		},
		unpublish: async () => {
			const session = await world.open({ owner: 'unpublish' });
			await removeWebhooks(session, TRIGGER, { url: self.url, sides: ['businessCentral', 'crm'], openRegistrar: registrar }).finally(() =>
				session.store.close(),
			);
		},
		registered: () => ({
			subscriptions: [...businessCentral.platform.table('API Webhook Subscription').rows()].map(({ fields }) =>
				String(fields['Resource Url']),
			),
			endpoints: crm.rows('serviceendpoint').map((row) => String(row['name'])),
			steps: crm.rows('sdkmessageprocessingstep').map((row) => String(row['name'])),
		}),
		close: async () => {
			for (const session of sessions) await session.store.close();
			await stage.close();
		},
	};

	const deliver = async (call: Call): Promise<{ status: number; body: string }> => {
		const isHandshake = call.url.includes('validationToken');
		let last = { status: 200, body: '' };
		for (const each of isHandshake ? [call] : self.onTheWay(call)) last = await self.receive(each);
		return last;
	};
	businessCentral.webhooks.deliver = (url, { headers, body }) => held(deliver({ url, headers, body }));
	crm.webhooks.deliver = (url, { headers, body }) => held(deliver({ url, headers, body })).then(({ status }) => status);
	const held = <T>(work: Promise<T>): Promise<T> => {
		stage.busy(work);
		return work;
	};
	return self;
}

/** The mailbox on a store that is open already. */
const mailboxOn = (store: SyncSession['store']): TriggerMailbox => ({
	subscriptions: () => store.subscriptions(TRIGGER),
	note: async (signals, toldBy, now) => {
		await store.noteSignals(TRIGGER, signals);
		for (const subscription of toldBy) await store.saveSubscription({ ...subscription, lastToldMs: now });
	},
	close: () => Promise.resolve(),
});

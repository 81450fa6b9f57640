import { SyncError } from '../../model/errors';
import { type BySide, type Side, SYSTEM_NAMES } from '../../model/side';
import type { TriggerMapping, TriggerSubscription } from '../../model/trigger';
import type { Log, SyncSession } from '../../ports/session';
import type { Accelerator } from '../host';
import { watchedMappings } from '../periods';
import type { TriggerSettings } from '../triggerSettings';
import { keepSubscriptions } from './businessCentral';
import { ENDPOINT, isEndpointToBeKept, keepEndpoint, saveTables } from './dataverse';
import { type Health, healthOf } from './health';
import { MissedNews } from './missedNews';
import { noticesOf, type WebhookNotice } from './notices';
import { addressProblem } from './publicAddress';
import type { Registrar } from './remove';
import { blankSubscription, type SubscriptionTools } from './tools';
import { wantedOn, type WantedResource } from './wanted';

/** Which services are to call, and how that is brought about. */
export interface WebhookSettings {
	businessCentral: boolean;
	/** `register`: by a credential of its own; `administrator`: somebody registers once what the node shows. */
	crm: 'register' | 'administrator' | null;
	/** How often is looked beside webhooks that are doing well; milliseconds. */
	lookEveryMs: number;
}

export const sidesOfWebhooks = ({ businessCentral, crm }: Pick<WebhookSettings, 'businessCentral' | 'crm'>): Side[] => [
	...(businessCentral ? (['businessCentral'] as const) : []),
	...(crm ? (['crm'] as const) : []),
];

export interface WebhookHost {
	log: Log;
	/**
	 * Where the services are to call. Null: the workflow was unpublished, and nothing is registered any more. Undefined: n8n did not say so in this process;
	 * then it is where it was registered last.
	 */
	url(): string | null | undefined;
	/** Opens the credential that may register in Dataverse. */
	openRegistrar: (() => Promise<Registrar>) | null;
	/** Nothing else of the trigger registers or removes meanwhile. */
	alone<T>(work: () => Promise<T>): Promise<T>;
}

interface Effort {
	/** When what is registered is asked for again; epoch milliseconds. */
	compareMs: number;
	failures: number;
	comparisons: number;
	error: SyncError | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What an administrator took away is found out by then; Dataverse itself drops nothing. */
const CRM_HOURS = 6;
/** While n8n starts its addresses answer 404, and Business Central drops whom it told then: it is looked again a little later. */
const SECOND_COMPARISON_MS = 2 * MINUTE_MS;
const LONGEST_RETRY_MS = 30 * MINUTE_MS;

/** The webhooks of one trigger, as its loop keeps them. */
export class WebhookAccelerator implements Accelerator {
	readonly everyMs = 1_000;
	private readonly efforts: BySide<Effort> = { businessCentral: fresh(), crm: fresh() };
	private readonly missed = new MissedNews();
	private wanted: BySide<readonly WantedResource[]> = { businessCentral: [], crm: [] };
	private rows: readonly TriggerSubscription[] = [];
	private address: string | null = null;
	private logged: ReadonlySet<string> = new Set();

	constructor(
		private readonly host: WebhookHost,
		private readonly settings: TriggerSettings,
		private readonly webhooks: WebhookSettings,
	) {}

	/** See `Accelerator.keep`. Without an address that services can call nothing is tried. */
	async keep(session: SyncSession, now: number): Promise<void> {
		await this.host.alone(async () => {
			const said = this.host.url();
			const url = said === undefined ? ((await session.store.subscriptions(this.settings.trigger))[0]?.url ?? null) : said;
			this.address = url;
			if (url !== null && addressProblem(url) === null) {
				const { watched } = await watchedMappings(session, this.settings);
				for (const side of this.sides()) {
					const wanted = await wantedOn(session, side, watched);
					this.wanted = { ...this.wanted, [side]: wanted };
					await this.keepSide(side, { session, trigger: this.settings.trigger, url, log: this.host.log, now, compare: false }, wanted);
				}
			}
			this.rows = await session.store.subscriptions(this.settings.trigger);
			this.logNotices();
		});
	}

	looked(side: Side, known: ReadonlyMap<string, TriggerMapping>): void {
		this.missed.looked(side, known);
	}

	lookEveryMs(now: number): number | null {
		return this.sides().every((side) => this.healthOf(side, now) === 'healthy') ? this.webhooks.lookEveryMs : null;
	}

	notices(): readonly string[] {
		return this.known().map(({ code, text }) => `${code}: ${text}`);
	}

	private known(): WebhookNotice[] {
		const { address } = this;
		const sides = this.sides().map((side) => ({ side, error: this.efforts[side].error, missed: this.missed.isMissed(side) }));
		return noticesOf({ address, sides, rows: this.rows, byAdministrator: this.webhooks.crm === 'administrator' });
	}

	/** Each once, when it begins. */
	private logNotices(): void {
		const known = this.known();
		for (const { code, text } of known) if (!this.logged.has(code)) this.host.log('warn', text, { code });
		this.logged = new Set(known.map(({ code }) => code));
	}

	private sides(): Side[] {
		return sidesOfWebhooks(this.webhooks);
	}

	private healthOf(side: Side, now: number): Health {
		const byAdministrator = side === 'crm' && this.webhooks.crm === 'administrator';
		const rows = this.rows.filter((row) => row.side === side);
		return healthOf(rows, this.wanted[side], { now, byAdministrator, missed: this.missed.isMissed(side) });
	}

	private async keepSide(side: Side, tools: SubscriptionTools, wanted: readonly WantedResource[]): Promise<void> {
		const effort = this.efforts[side];
		const { now } = tools;
		const compare = now >= effort.compareMs || effort.compareMs - now > CRM_HOURS * HOUR_MS;
		try {
			const error =
				side === 'businessCentral'
					? await keepSubscriptions({ ...tools, compare }, wanted)
					: await this.keepCrm({ ...tools, compare }, wanted);
			if (compare || error) this.noteEffort(side, error, now);
		} catch (error) {
			// What is wrong with the store ends the look, too.
			if (!(error instanceof SyncError) || error.system === 'store') throw error;
			if (side === 'crm') await noteOnEndpoint(tools, error);
			this.noteEffort(side, error, now);
		}
	}

	private async keepCrm(tools: SubscriptionTools, wanted: readonly WantedResource[]): Promise<SyncError | null> {
		const rows = (await tools.session.store.subscriptions(tools.trigger)).filter(({ side }) => side === 'crm');
		const { openRegistrar } = this.host;
		if (this.webhooks.crm === 'administrator' || !openRegistrar) {
			await saveTables(tools, rows, wanted);
			return null;
		}
		const isNothing = wanted.length === 0 && rows.length === 0;
		if (isNothing || !isEndpointToBeKept(tools, rows, wanted)) return null;
		const registrar = await openRegistrar();
		try {
			await keepEndpoint(tools, registrar.serviceEndpoints, wanted);
		} finally {
			registrar.close();
		}
		return null;
	}

	/** After a success it is compared a little later once more, then hourly; after a failure sooner, and less and less often. */
	private noteEffort(side: Side, error: SyncError | null, now: number): void {
		const effort = this.efforts[side];
		if (error) {
			effort.failures += 1;
			const waitMs = error.httpStatus === 403 ? HOUR_MS : Math.min(LONGEST_RETRY_MS, MINUTE_MS * 2 ** Math.min(10, effort.failures - 1));
			effort.compareMs = now + waitMs;
		} else {
			if (effort.error) this.host.log('info', `Webhooks of ${SYSTEM_NAMES[side]} are registered again.`);
			effort.failures = 0;
			effort.comparisons += 1;
			const everyMs = side === 'crm' ? CRM_HOURS * HOUR_MS : HOUR_MS;
			effort.compareMs = now + (effort.comparisons === 1 ? SECOND_COMPARISON_MS : everyMs);
		}
		effort.error = error;
	}
}

/** People find what is wrong where the webhooks are shown. */
async function noteOnEndpoint(tools: SubscriptionTools, { code, message }: SyncError): Promise<void> {
	const { store } = tools.session;
	const rows = await store.subscriptions(tools.trigger);
	const row = rows.find(({ side, resource }) => side === 'crm' && resource === ENDPOINT);
	const blank = blankSubscription(tools, { side: 'crm', resource: ENDPOINT, mapping: '*' });
	await store.saveSubscription({ ...(row ?? blank), lastError: `${code}: ${message}` });
}

const fresh = (): Effort => ({ compareMs: 0, failures: 0, comparisons: 0, error: null });

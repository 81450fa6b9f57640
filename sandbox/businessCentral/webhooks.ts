import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { ChangeType, CompanyData } from './data/companyData';
import type { Row } from './data/row';
import { stampText } from './data/stamp';
import { badRequest, BcError } from './errors';
import type { ApiRoutes } from './model/apiRoutes';
import { shows, type View } from './model/view';

/** Sends a webhook request; resolves with the answer, rejects when there is none. */
export type Deliver = (
	url: string,
	request: { method: string; headers: Record<string, string>; body: string },
) => Promise<{ status: number; body: string }>;

const subscriptionsTable = 'API Webhook Subscription';
/** ApiSubscriptionNotificationUrlTimeout: how long the notification URL has to answer the handshake. */
const handshakeMs = 5000;
const lifeMs = 3 * 24 * 3600_000;
const mostChanges = 1000;
/** Minutes until a notice is tried again; after the last the subscription is deleted. */
const retryMinutes = [1, 1, 10, 100, 1000];
const unsupported = new Set([
	'companies',
	'subscriptions',
	'contactsInformation',
	'salesQuoteLines',
	'salesOrderLines',
	'salesInvoiceLines',
	'documentAttachments',
	'attachments',
	'pictures',
	'pdfDocument',
	'dimensionSetLines',
	'agedAccountsReceivables',
	'taxGroups',
	'taxAreas',
	'salesCreditMemoLines',
	'jobQueueEntries',
	// Queries are no pages.
	'customerSales',
	'vendorPurchases',
]);

/** What can be watched: pages with one key field over a stored table; of an extension as of Microsoft (dynamics-subscriptions, custom APIs). */
export const canBeWatched = (view: View): boolean => (view.custom === true ? view.key.length === 1 : !unsupported.has(view.name));

interface Waiting {
	changes: Map<string, { type: ChangeType; at: number }>;
	first: number;
	/** A job that will send it is in the queue. */
	scheduled: boolean;
}

/**
 * Subscriptions: handshake, notices merged over 30 s, retries, deletion on refusal, expiry after 3 days (learn.microsoft.com "Working with
 * webhooks").
 */
export class Webhooks {
	/** How requests leave the sandbox; tests put their own receiver here. */
	deliver: Deliver = async (url, request) => {
		const { method, headers, body } = request;
		const response = await fetch(url, { method, headers, ...(method === 'GET' ? {} : { body }), signal: AbortSignal.timeout(30_000) });
		return { status: response.status, body: await response.text() };
	};
	/** Milliseconds for which changes are gathered; an extension can lower it (OnGetDelayTime). */
	mergeMs = 30_000;
	/** Milliseconds the job queue takes to start a notification job, after `mergeMs` (triggers: 1 to 10 s). */
	jobQueueDelayMs: () => number = () => 0;
	/** Users who may not schedule tasks: their changes are told only along with a change of somebody else to the same table. */
	readonly cannotSchedule = new Set<string>();
	/** Notification jobs waiting or running at once; beyond it none is started, and what is noted waits for the next change. */
	mostJobs = 20;
	/** Subscriptions of the environment, over all integrations. */
	mostSubscriptions = 200;
	/** Verb of the handshake; the documentation names none. */
	handshakeMethod: 'POST' | 'GET' = 'POST';
	/** The service calls https addresses only; on a machine of one's own http will do. */
	httpsOnly = false;
	private readonly waiting = new Map<string, Waiting>();
	private jobs = 0;

	constructor(
		private readonly clock: Clock,
		private readonly platform: CompanyData,
		private readonly routes: ApiRoutes,
	) {}

	/** Values of a new or renewed subscription, after the handshake. */
	async confirmed(
		body: Readonly<Record<string, unknown>>,
		before: Row | undefined,
		companies: readonly CompanyData[],
	): Promise<Record<string, string>> {
		this.dropExpired();
		const table = this.platform.table(subscriptionsTable);
		const notificationUrl = String(body['notificationUrl'] ?? before?.fields['Notification Url'] ?? '');
		const resource = String(body['resource'] ?? before?.fields['Resource Url'] ?? '');
		if (!/^https?:\/\//.test(notificationUrl)) throw badRequest('The notificationUrl must be an absolute address.');
		if (this.httpsOnly && !notificationUrl.startsWith('https:')) throw badRequest('The notificationUrl must start with https.');
		if (String(body['clientState'] ?? '').length > 2048) throw badRequest('The clientState must not be longer than 2048 characters.');
		const target = this.target(resource, companies);
		if (!target) throw badRequest(`The resource '${resource}' is not supported for subscriptions.`);
		if (!before && table.size >= this.mostSubscriptions)
			throw badRequest(`The maximum number of ${this.mostSubscriptions} subscriptions is reached.`);
		await this.handshake(notificationUrl);
		return {
			'Notification Url': notificationUrl,
			'Resource Url': resource,
			'Client State': String(body['clientState'] ?? before?.fields['Client State'] ?? ''),
			'Expiration Date Time': stampText(this.clock.stamp('businessCentral') + lifeMs),
			'Last Modified Date Time': stampText(this.clock.stamp('businessCentral')),
		};
	}

	changed(company: CompanyData, table: string, type: ChangeType, row: Row, user: string): void {
		for (const subscription of this.platform.table(subscriptionsTable).rows()) {
			const target = this.target(String(subscription.fields['Resource Url'] ?? ''), [company]);
			if (!target || target.view.table !== table || !shows(target.view, row)) continue;
			this.note(subscription, row.id, type, this.cannotSchedule.has(user));
		}
	}

	private note(subscription: Row, id: string, type: ChangeType, silent: boolean): void {
		const now = this.clock.stamp('businessCentral');
		const waiting = this.waiting.get(subscription.id) ?? {
			changes: new Map<string, { type: ChangeType; at: number }>(),
			first: now,
			scheduled: false,
		};
		this.waiting.set(subscription.id, waiting);
		if (!waiting.scheduled && !silent && this.jobs < this.mostJobs) {
			waiting.scheduled = true;
			this.jobs++;
			this.clock.after(this.mergeMs + this.jobQueueDelayMs(), () => {
				this.jobs--;
				void this.flush(subscription.id);
			});
		}
		const known = waiting.changes.get(id);
		waiting.changes.set(id, { type: known?.type === 'created' && type === 'updated' ? 'created' : type, at: now });
	}

	private async flush(id: string): Promise<void> {
		this.dropExpired();
		const waiting = this.waiting.get(id);
		this.waiting.delete(id);
		const subscription = this.platform.table(subscriptionsTable).get(id);
		if (!waiting || !subscription) return;
		const resource = String(subscription.fields['Resource Url']);
		const common = {
			subscriptionId: id,
			clientState: subscription.fields['Client State'] ?? '',
			expirationDateTime: subscription.fields['Expiration Date Time'],
		};
		const value =
			waiting.changes.size > mostChanges
				? [
						{
							...common,
							resource: `${resource}?$filter=lastModifiedDateTime gt ${stampText(waiting.first - 50)}`,
							changeType: 'collection',
							lastModifiedDateTime: stampText(this.clock.stamp('businessCentral')),
						},
					]
				: [...waiting.changes].map(([row, { type, at }]) => {
						return { ...common, resource: `${resource}(${row})`, changeType: type, lastModifiedDateTime: stampText(at) };
					});
		await this.send(id, String(subscription.fields['Notification Url']), JSON.stringify({ value }), 0);
	}

	private async send(id: string, url: string, body: string, attempt: number): Promise<void> {
		if (!this.platform.table(subscriptionsTable).get(id)) return;
		const headers = { 'content-type': 'application/json', 'x-ms-correlation-id': randomUUID() };
		const status = await this.deliver(url, { method: 'POST', headers, body }).then(
			(response) => response.status,
			() => null,
		);
		if (status !== null && status >= 200 && status < 300) return;
		const again = status === null || status === 408 || status === 429 || status >= 500;
		const minutes = retryMinutes[attempt];
		if (again && minutes !== undefined) this.clock.after(minutes * 60_000, () => void this.send(id, url, body, attempt + 1));
		else this.drop(id);
	}

	private async handshake(url: string): Promise<void> {
		const token = randomUUID();
		const target = new URL(url);
		target.searchParams.set('validationToken', token);
		const sent = this.clock.now();
		const response = await this.deliver(target.toString(), {
			method: this.handshakeMethod,
			headers: this.handshakeMethod === 'POST' ? { 'content-type': 'text/plain' } : {},
			body: '',
		}).catch(() => null);
		if (this.clock.now() - sent > handshakeMs)
			throw new BcError(400, 'BadRequest', `The notification URL '${url}' did not answer within 5 seconds.`);
		if (!response || response.status !== 200 || response.body.trim() !== token) {
			throw new BcError(400, 'BadRequest', `The notification URL '${url}' did not answer with the validation token.`);
		}
	}

	private target(resource: string, companies: readonly CompanyData[]): { view: View; company: CompanyData } | null {
		const [, route = '', id = '', set = ''] = /(?:^|\/)api\/(.+?)\/companies\(([0-9a-f-]{36})\)\/(\w+)$/i.exec(resource) ?? [];
		const view = this.routes.find(route)?.get(set);
		const company = companies.find((one) => one.id === id.toLowerCase());
		return view && company && canBeWatched(view) ? { view, company } : null;
	}

	private dropExpired(): void {
		const now = this.clock.stamp('businessCentral');
		for (const row of [...this.platform.table(subscriptionsTable).rows()]) {
			if (Date.parse(String(row.fields['Expiration Date Time'])) <= now) this.drop(row.id);
		}
	}

	/** Restored and copied environments start without subscriptions. */
	clear(): void {
		this.waiting.clear();
		for (const row of [...this.platform.table(subscriptionsTable).rows()]) this.drop(row.id);
	}

	private drop(id: string): void {
		this.waiting.delete(id);
		this.platform.table(subscriptionsTable).set(id, undefined);
	}
}

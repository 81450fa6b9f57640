import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { Database } from './database';
import type { Environment } from './environment';
import type { WriteEvent } from './events';
import { executionContext } from './executionContext';
import type { RowWriter } from './rules/rule';
import type { Row } from './values';
import { parseXml } from './fetch/xml';

/** Sends a webhook request; resolves with the status, rejects when there is no answer. */
export type DeliverWebhook = (url: string, request: { headers: Record<string, string>; body: string }) => Promise<number>;

const timeoutMs = 60_000;
const retried = new Set([502, 503, 504]);
const mostBytes = 256 * 1024;
const loopback = /^(localhost|127(?:\.\d+){3}|\[::1\])$/i;

interface Call {
	step: Row;
	endpoint: Row;
	event: WriteEvent;
}

interface Job extends Call {
	id: string;
	attempt: number;
}

const synchronous = 0;

/**
 * Steps of webhooks. Asynchronous ones: a POST for each write after its commit, a system job for each, one repetition after 502–504. Synchronous ones: a
 * POST inside the transaction, which fails with it.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks
 */
export class Webhooks {
	/** Milliseconds until the asynchronous service takes up a job. */
	delayMs = 2000;
	/** Milliseconds until the one repetition. */
	retryMs = 30_000;
	/** The service only calls ports 80 and 443. True: any port of this machine, for receivers in tests. */
	anyPort = false;
	/** False: nothing is delivered, as in a copied environment in administration mode; jobs wait. */
	running = true;
	/** How requests leave the sandbox; tests put their own receiver here. The default reaches this machine only. */
	deliver: DeliverWebhook = async (url, request) => {
		if (!loopback.test(new URL(url).hostname)) throw new Error('The sandbox only reaches receivers on this machine.');
		const response = await fetch(url, { method: 'POST', ...request, signal: AbortSignal.timeout(timeoutMs) });
		return response.status;
	};

	/** Calls the open request has to make before its transaction ends; null: no request is open. */
	private queued: Call[] | null = null;

	constructor(
		private readonly clock: Clock,
		private readonly db: Database,
		private readonly writer: RowWriter,
		private readonly environment: Environment,
	) {}

	/** Makes a job for every asynchronous step that waits for this write. */
	happened(event: WriteEvent): void {
		if (event.session.bypass?.async) return;
		for (const call of this.callsFor(event, 1)) {
			const job: Job = { ...call, id: this.jobFor(call.step, event), attempt: 0 };
			this.clock.after(this.delayMs, () => void this.take(job));
		}
	}

	/** Whether writes have to wait for somebody. */
	get hasSynchronousSteps(): boolean {
		if (!this.db.model.tables.has('sdkmessageprocessingstep')) return false;
		for (const step of this.db.store('sdkmessageprocessingstep').rows.values())
			if (step.mode === synchronous && step.statecode === 0) return true;
		return false;
	}

	/**
	 * A write whose transaction is still open. Synchronous steps are called before it ends, when a request made it; what tests write in process does not
	 * wait, its steps are called without effect.
	 */
	written(event: WriteEvent): void {
		if (!this.hasSynchronousSteps || event.session.bypass?.sync) return;
		for (const call of this.callsFor(event, synchronous)) {
			if (this.queued) this.queued.push(call);
			else this.db.afterCommit(() => void this.send(call));
		}
	}

	/** From now on calls are gathered for `callQueued`. */
	open(): void {
		this.queued = [];
	}

	/** Makes the calls gathered so far, one after another; the first that fails gives the reason. */
	async callQueued(): Promise<string | null> {
		for (const call of this.queued?.splice(0) ?? []) {
			const { status, reason } = await this.send(call);
			if (status === null || status < 200 || status >= 300) return reason;
		}
		return null;
	}

	close(): void {
		this.queued = null;
	}

	private *callsFor(event: WriteEvent, mode: number): Generator<Call> {
		if (!this.db.model.tables.has('sdkmessageprocessingstep')) return;
		const { bypass } = event.session;
		for (const step of this.db.store('sdkmessageprocessingstep').rows.values()) {
			if (step.mode !== mode || step.statecode !== 0 || bypass?.steps.includes(String(step.sdkmessageprocessingstepid))) continue;
			const endpoint = this.fits(step, event) ? this.db.row('serviceendpoint', String(step.eventhandler)) : undefined;
			if (endpoint?.contract === 8) yield { step, endpoint, event };
		}
	}

	private fits(step: Row, { message, table, changes }: WriteEvent): boolean {
		if (this.db.row('sdkmessage', String(step.sdkmessageid))?.name !== message) return false;
		const filter = this.db.row('sdkmessagefilter', String(step.sdkmessagefilterid));
		if (filter && filter.primaryobjecttypecode !== table.logicalName) return false;
		const attributes = typeof step.filteringattributes === 'string' ? step.filteringattributes.split(',').map((name) => name.trim()) : [];
		return attributes.length === 0 || attributes.some((name) => name in changes);
	}

	private jobFor(step: Row, { message, table }: WriteEvent): string {
		return this.besides('asyncoperation', {
			asyncoperationid: randomUUID(),
			name: String(step.name),
			operationtype: 1,
			messagename: message,
			primaryentitytype: table.logicalName,
			owningextensionid: String(step.sdkmessageprocessingstepid),
			statecode: 0,
			statuscode: 0,
			retrycount: 0,
		});
	}

	private besides(table: string, values: Record<string, string | number>): string {
		return this.db.beside(() => this.writer.seed(table, values, { user: this.environment.systemUserId, caller: null }));
	}

	private async take(job: Job): Promise<void> {
		if (!this.running) return void this.clock.after(this.delayMs, () => void this.take(job));
		this.settle(job, { statecode: 2, statuscode: 20, retrycount: job.attempt });
		const { status, reason } = await this.send(job);
		if (status !== null && status >= 200 && status < 300) {
			if (job.step.asyncautodelete === true) this.db.beside(() => this.db.delete('asyncoperation', job.id));
			else this.settle(job, { statecode: 3, statuscode: 30, completedon: this.writer.now() });
			return;
		}
		if (status !== null && retried.has(status) && job.attempt === 0) {
			this.settle(job, { statecode: 1, statuscode: 10 });
			return void this.clock.after(this.retryMs, () => void this.take({ ...job, attempt: 1 }));
		}
		this.settle(job, {
			statecode: 3,
			statuscode: 31,
			completedon: this.writer.now(),
			message: reason,
			friendlymessage: reason,
			errorcode: -2147220189,
		});
	}

	private settle({ id }: Job, changes: Record<string, string | number>): void {
		this.db.beside(() => this.writer.touch('asyncoperation', id, changes, { user: this.environment.systemUserId, caller: null }));
	}

	private async send({ endpoint, event, step }: Call): Promise<{ status: number | null; reason: string }> {
		let address: { url: string; headers: Record<string, string> };
		try {
			address = this.address(endpoint);
		} catch (error) {
			return { status: null, reason: (error as Error).message };
		}
		const correlation = randomUUID();
		const whole = JSON.stringify(executionContext(this.db, this.environment, event, step, correlation));
		const large = Buffer.byteLength(whole) > mostBytes;
		const headers = {
			'content-type': 'application/json; charset=utf-8',
			'x-ms-dynamics-organization': 'sandbox.crm.dynamics.com',
			'x-ms-dynamics-entity-name': event.table.logicalName,
			'x-ms-dynamics-request-name': event.message,
			'x-ms-correlation-request-id': correlation,
			...(large && { 'x-ms-dynamics-msg-size-exceeded': 'true' }),
			...address.headers,
		};
		const body = large ? JSON.stringify(executionContext(this.db, this.environment, event, step, correlation, true)) : whole;
		return await this.deliver(address.url, { headers, body }).then(
			(status) => ({ status, reason: `The webhook call failed because the http request did not return a success status code: ${status}.` }),
			(error: unknown) => ({ status: null, reason: error instanceof Error ? error.message : String(error) }),
		);
	}

	/** Where the endpoint is and what proves who calls. Throws for settings that cannot be read, which only shows at delivery. */
	private address(endpoint: Row): { url: string; headers: Record<string, string> } {
		const url = new URL(String(endpoint.url));
		const standard = url.port === '' || url.port === '80' || url.port === '443';
		if (!standard && !(this.anyPort && loopback.test(url.hostname)))
			throw new Error(`The webhook call failed: port ${url.port} is not allowed, only 80 and 443.`);
		if (endpoint.authtype === 4) {
			url.searchParams.set('code', String(endpoint.authvalue ?? ''));
			return { url: url.toString(), headers: {} };
		}
		const settings = settingsOf(String(endpoint.authvalue ?? ''));
		if (endpoint.authtype === 5)
			return { url: url.toString(), headers: Object.fromEntries(settings.map(([name, value]) => [name.toLowerCase(), value])) };
		for (const [name, value] of settings) url.searchParams.set(name, value);
		return { url: url.toString(), headers: {} };
	}
}

function settingsOf(text: string): Array<[string, string]> {
	try {
		const root = parseXml(text);
		if (
			root.name === 'settings' &&
			root.children.every(({ name, attributes }) => name === 'setting' && attributes.name && attributes.value !== undefined)
		) {
			return root.children.map(({ attributes }) => [attributes.name!, attributes.value!]);
		}
	} catch {
		// Told below.
	}
	throw new Error('0x80050203: The authentication settings of the service endpoint cannot be read.');
}

import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import type { Log } from '../../ports/session';
import type { RequestCounts } from '../../ports/recordSystem';
import { eitherSignal, stopped, throwIfStopped } from './abort';
import { authenticate } from './authenticate';
import type { Authenticator } from './authenticator';
import { deadline } from './deadline';
import { readPage, type Row } from './envelope';
import { type ErrorContext, foreignLinkError, noAnswerError, pagingLoopError, serviceError, unreadableError } from './errors';
import type { Limiter } from './limiter';
import { type Next, pipeline, type ServiceRequest, type ServiceResponse } from './pipeline';
import { requestLog } from './requestLog';
import { retry } from './retry';
import { ServiceClock } from './serviceClock';
import { throttle } from './throttle';
import { NoAnswer, type Transport } from './transport';
import type { Side } from '../../model/side';

export interface ConnectionOptions {
	system: Side;
	/** As people call it; stands in messages. */
	systemName: string;
	/** Any address of the service; pages are only read from its origin. */
	root: string;
	/** Headers of every request. */
	headers: Record<string, string>;
	transport: Transport;
	authenticator: Authenticator;
	limiter: Limiter;
	clock: Clock;
	signal?: AbortSignal;
	/** See `SyncSession.ending`. */
	ending?: AbortSignal;
	/** Told of every wait. */
	pulse?: Pulse;
	log: Log;
	random: () => number;
	onAnswer?: (response: ServiceResponse, limiter: Limiter) => void;
	/** Tenant of a server that has several: it is named with every request. */
	tenant?: string | null;
	/** Milliseconds for a read; see the limits of the service. */
	readTimeoutMs: number;
}

export interface ReadOptions {
	table?: string;
	headers?: Record<string, string>;
}

/** Everything a system needs to talk to its service: signed, throttled, repeated where safe, counted, logged, and with errors in plain words. */
export class Connection {
	readonly counts: RequestCounts = { requests: 0, writes: 0 };
	readonly origin: string;
	private readonly next: Next;
	private readonly serviceClock: ServiceClock;
	/** Ends every wait, and reads under way. */
	private readonly wake: AbortSignal | undefined;

	constructor(private readonly options: ConnectionOptions) {
		const { clock, signal, ending, pulse, log, random, limiter, systemName } = options;
		this.origin = new URL(options.root).origin;
		this.wake = eitherSignal(signal, ending);
		this.serviceClock = new ServiceClock(clock);
		this.next = pipeline(
			[
				retry({ clock, signal, ending, pulse, random }),
				throttle({ limiter, clock, signal: this.wake, pulse, onAnswer: options.onAnswer }),
				authenticate(options.authenticator, options.system, systemName),
				deadline(clock, ending),
				requestLog(systemName, this.counts, log, clock),
				this.serviceClock.policy,
			],
			options.transport,
		);
	}

	/** See `RecordSystem.serviceNow`. */
	serviceNow(): number | null {
		return this.serviceClock.now();
	}

	/**
	 * Any answer resolves. Throws NoAnswer when there is none (also when it was kept back because the process is to end), RunStopped on abort, SyncError
	 * when signing in fails.
	 */
	async exchange(request: Omit<ServiceRequest, 'signal'>): Promise<ServiceResponse> {
		const { signal } = this.options;
		throwIfStopped(signal);
		const abort = request.reading ? this.wake : signal;
		try {
			return await this.next({
				...request,
				url: this.addressed(request.url),
				headers: { ...this.options.headers, ...request.headers },
				...(abort ? { signal: abort } : {}),
			});
		} catch (error) {
			if (signal?.aborted) throw stopped(signal);
			throw error;
		}
	}

	/** What is remembered of an address is remembered by this: each tenant of a server is a service of its own. */
	addressed(url: string): string {
		const { tenant } = this.options;
		// The next page of a list may carry it already.
		if (!tenant || /[?&]tenant=/i.test(url)) return url;
		return `${url}${url.includes('?') ? '&' : '?'}tenant=${encodeURIComponent(tenant)}`;
	}

	/** Context of an error; `reading` turns errors of one record into errors of the set-up. */
	context(reading: boolean, table?: string, recordId?: string): ErrorContext {
		const { system, systemName, clock } = this.options;
		return { system, systemName, host: new URL(this.origin).host, reading, table, recordId, now: clock.now() };
	}

	/** Parsed JSON of a GET. Throws SyncError for anything but a success. */
	async getJson(url: string, { table, headers }: ReadOptions = {}): Promise<unknown> {
		const response = await this.get(url, 'json', { table, headers });
		if (response.json === undefined) throw unreadableError(response, this.context(true, table));
		return response.json;
	}

	/** Text of a GET, for counts and XML metadata. */
	async getText(url: string, options: ReadOptions = {}): Promise<string> {
		return (await this.get(url, 'text', options)).body;
	}

	/** Bytes of a GET, in base64. */
	async getBytes(url: string, options: ReadOptions = {}): Promise<string> {
		return (await this.get(url, 'bytes', { ...options, headers: { Accept: '*/*', ...options.headers } })).body;
	}

	/** A whole XML document. */
	async getXml(url: string): Promise<string> {
		return (await this.get(url, 'xml', { headers: { Accept: 'application/xml' } })).body;
	}

	/** The rows of a collection, page by page, following links of the service to its own origin only. */
	async *pages(url: string, options: ReadOptions = {}): AsyncGenerator<Row[]> {
		const seen = new Set<string>();
		let before = '';
		let repeated = 0;
		let idle = 0;
		for (let link: string | null = url; link !== null;) {
			seen.add(link);
			const page = await this.page(link, options);
			const now = pageMark(page.rows);
			idle = page.rows.length === 0 ? idle + 1 : 0;
			link = page.nextLink;
			// The same rows under ever new addresses are an endless sequence as well.
			repeated = now !== '' && now === before ? repeated + 1 : 0;
			if (link !== null && (seen.has(link) || idle > MOST_EMPTY_PAGES || repeated >= 2))
				throw pagingLoopError(this.context(true, options.table));
			before = now;
			yield page.rows;
		}
	}

	async all(url: string, options: ReadOptions = {}): Promise<Row[]> {
		const rows: Row[] = [];
		for await (const page of this.pages(url, options)) rows.push(...page);
		return rows;
	}

	/** One page of a collection. The link to the next one is checked. */
	async page(url: string, options: ReadOptions = {}): Promise<{ rows: Row[]; nextLink: string | null }> {
		this.assertOwn(url, options.table);
		const json = await this.getJson(url, options);
		const page = readPage(json);
		if (page === null) throw unreadableError({ status: 200, headers: {}, body: null }, this.context(true, options.table));
		if (page.nextLink !== null) this.assertOwn(page.nextLink, options.table);
		return page;
	}

	/** Throws when the address is not of this service: credentials would travel there. */
	assertOwn(url: string, table?: string): void {
		let origin = '';
		try {
			origin = new URL(url).origin;
		} catch {
			// Not an absolute address, so not one of this service.
		}
		if (origin !== this.origin) throw foreignLinkError(url, this.context(true, table));
	}

	/** The SyncError for an exchange that threw. */
	failure(error: unknown, reading: boolean, table?: string): unknown {
		return error instanceof NoAnswer ? noAnswerError(error, this.context(reading, table)) : error;
	}

	private async get(url: string, expects: 'json' | 'text' | 'xml' | 'bytes', { table, headers }: ReadOptions): Promise<ServiceResponse> {
		let response: ServiceResponse;
		try {
			response = await this.exchange({
				method: 'GET',
				url,
				headers: headers ?? {},
				expects: expects === 'bytes' ? 'text' : expects,
				...(expects === 'bytes' ? { binary: true as const } : {}),
				repeatable: true,
				reading: true,
				timeoutMs: this.options.readTimeoutMs,
			});
		} catch (error) {
			throw this.failure(error, true, table);
		}
		// A stream that holds nothing is answered without a body.
		if (response.status !== 200 && !(expects === 'bytes' && response.status === 204))
			throw serviceError(response, this.context(true, table));
		return response;
	}
}

/** A service may send pages that its filter has emptied; nobody sends so many in a row. */
const MOST_EMPTY_PAGES = 1_000;

/** Equal for pages that hold the same rows: first row, last row and their number; empty for a page without rows. */
const pageMark = (rows: readonly Row[]): string => (rows.length === 0 ? '' : JSON.stringify([rows.length, rows[0], rows.at(-1)]));

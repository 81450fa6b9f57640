import axios, { AxiosError, type AxiosInstance } from 'axios';
import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { NoAnswer, type HttpRequest, type HttpResponse, type Transport } from './transport';

export interface AxiosTransportOptions {
	/** Connections kept per origin. */
	maxSockets: number;
	/** Proxy settings, usually `process.env` (HTTP_PROXY, HTTPS_PROXY, NO_PROXY); without it the connection is direct. */
	proxyEnv?: NodeJS.ProcessEnv;
	/** Name resolution, e.g. n8n's egress filter, which refuses addresses that are not allowed. */
	lookup?: LookupFunction;
	userAgent: string;
	/** Largest answer that is read, in bytes after decompression; default 64 MB, many times what a page of the engine has. Guards against decompression bombs. */
	maxResponseBytes?: number;
	/** Milliseconds for requests that name no time of their own; default 2 minutes. */
	timeoutMs?: number;
}

export type ClosableTransport = Transport & { close(): void };

const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 120_000;

/**
 * Real HTTP: an axios instance of its own, one keep-alive agent per origin. Redirects are never followed, so credentials never travel to
 * another address. The certificate of the service is always verified.
 */
export function createAxiosTransport(options: AxiosTransportOptions): ClosableTransport {
	const agents = new Map<string, HttpAgent | HttpsAgent>();
	const agentOf = (url: URL): HttpAgent | HttpsAgent => {
		const known = agents.get(url.origin);
		if (known) return known;
		const settings: AgentOptions & { proxyEnv?: NodeJS.ProcessEnv } = { keepAlive: true, maxSockets: options.maxSockets };
		if (options.proxyEnv) settings.proxyEnv = options.proxyEnv;
		if (options.lookup) settings.lookup = namedRefusals(options.lookup);
		const agent = url.protocol === 'https:' ? new HttpsAgent(settings) : new HttpAgent(settings);
		agents.set(url.origin, agent);
		return agent;
	};
	const maxBytes = options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES;
	const client = axios.create({
		maxRedirects: 0,
		// An agent made with `proxyEnv` goes through the proxy by itself; `proxy: false` would make axios replace it by a direct one.
		...(options.proxyEnv ? {} : { proxy: false as const }),
		responseType: 'text',
		transformResponse: [],
		decompress: true,
		maxContentLength: maxBytes,
		maxBodyLength: Infinity,
		validateStatus: () => true,
	});
	const send = (request: HttpRequest) => exchange(client, agentOf(new URL(request.url)), request, options);
	return Object.assign(send, {
		close: () => {
			for (const agent of agents.values()) agent.destroy();
			agents.clear();
		},
	});
}

async function exchange(
	client: AxiosInstance,
	agent: HttpAgent | HttpsAgent,
	request: HttpRequest,
	options: AxiosTransportOptions,
): Promise<HttpResponse> {
	const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
	// axios' own timeout watches the socket for silence only after it is connected; the signal limits the whole exchange.
	const deadline = AbortSignal.timeout(timeoutMs);
	const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
	try {
		const answer = await client.request<string | Buffer>({
			method: request.method,
			url: request.url,
			headers: { 'User-Agent': options.userAgent, 'Accept-Encoding': 'gzip, deflate', ...request.headers },
			data: request.body,
			...(request.binary ? { responseType: 'arraybuffer' as const } : {}),
			httpAgent: agent,
			httpsAgent: agent,
			timeout: timeoutMs,
			signal,
		});
		const headers: Record<string, string> = {};
		for (const [name, value] of Object.entries(answer.headers)) {
			if (value !== undefined && value !== null) headers[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
		}
		return { status: answer.status, headers, body: bodyOf(answer) };
	} catch (error) {
		if (request.signal?.aborted) throw request.signal.reason;
		throw noAnswer(error, new URL(request.url).host, deadline.aborted ? timeoutMs : null);
	}
}

/** Bytes stay bytes where the service answered with what was asked for; what it has against it is text. */
function bodyOf({ status, data }: { status: number; data: string | Buffer }): string {
	if (typeof data === 'string') return data;
	if (!Buffer.isBuffer(data)) return '';
	return data.toString(status >= 200 && status < 300 ? 'base64' : 'utf8');
}

/** A lookup may refuse an address for reasons of its own; such an error says by its code that nothing was sent. */
const namedRefusals =
	(lookup: LookupFunction): LookupFunction =>
	(host, options, done) =>
		lookup(host, options, (error, address, family) => {
			if (error && !error.code) Object.assign(error, { code: 'LOOKUP_REFUSED' });
			done(error, address, family);
		});

/** Failures that happen before a byte of the request leaves: name resolution, connecting, and the TLS handshake. */
const NEVER_SENT =
	/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ERR_INVALID_URL|ERR_PROXY_TUNNEL|LOOKUP_REFUSED)$/;
const TLS_REFUSED = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;

/** The error names the host and the system's code; never the address with its query, nor headers (axios errors carry both). */
function noAnswer(error: unknown, host: string, timedOutAfterMs: number | null): NoAnswer {
	if (timedOutAfterMs !== null) return new NoAnswer(`No answer from ${host} within ${Math.round(timedOutAfterMs / 1000)} s.`, true);
	const code =
		error instanceof AxiosError || (error instanceof Error && 'code' in error) ? String((error as { code?: unknown }).code ?? '') : '';
	if (NEVER_SENT.test(code)) return new NoAnswer(`${host} cannot be reached (${code}).`, false);
	if (TLS_REFUSED.test(code)) return new NoAnswer(`No secure connection to ${host} could be made (${code}).`, false);
	if (error instanceof Error && /maxContentLength/.test(error.message))
		return new NoAnswer(`The answer of ${host} is larger than allowed.`, true, { tooLarge: true });
	return new NoAnswer(`The connection to ${host} was lost${code ? ` (${code})` : ''}.`, true);
}

import { createSandbox, inProcess, type Sandbox, type SandboxResponse } from '../../../sandbox';
import type { BusinessCentralCompany } from '../../../sandbox/businessCentral';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of answers are looked into freely by the tests */
export type Json = any;

export interface Reply {
	status: number;
	headers: Record<string, string>;
	body: Json;
	text: string;
}

export const NOON = Date.parse('2026-06-01T12:00:00.000Z');

/** A sandbox on virtual time with one company, and a signed-in client of API v2.0. */
export class Client {
	readonly sandbox: Sandbox;
	readonly company: BusinessCentralCompany;
	readonly root = `${inProcess.businessCentral}/v2.0/sandbox/api/v2.0`;
	readonly odata = `${inProcess.businessCentral}/v2.0/sandbox/ODataV4`;
	token: string;

	constructor(now: number | null = NOON) {
		this.sandbox = createSandbox({ companies: [{ name: 'CRONUS', lcyCode: 'GBP' }], ...(now === null ? {} : { now }) });
		this.company = this.sandbox.businessCentral.company('CRONUS');
		this.token = this.sandbox.login.token('businessCentral');
	}

	/** `path` is relative to the company, to the root when it starts with `/`, or absolute. */
	async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		const url = /^https?:/.test(path)
			? path
			: path.startsWith('/')
				? this.root + path
				: `${this.root}/companies(${this.company.id})/${path}`;
		const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
		const all = { authorization: `Bearer ${this.token}`, accept: 'application/json', ...headers };
		return reply(await this.sandbox.handle({ method, url, headers: all, body: text }));
	}

	get(path: string, headers?: Record<string, string>): Promise<Reply> {
		return this.send('GET', path, undefined, headers);
	}

	post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply> {
		return this.send('POST', path, body, headers);
	}

	patch(path: string, body: unknown, etag: string | null): Promise<Reply> {
		return this.send('PATCH', path, body, etag === null ? {} : { 'if-match': etag });
	}

	filter(entitySet: string, filter: string, more = ''): Promise<Reply> {
		return this.get(`${entitySet}?$filter=${encodeURIComponent(filter)}${more}`);
	}

	/** A batch whose urls are relative to the company. */
	batch(
		requests: Array<{ method: string; url: string; body?: unknown; headers?: Record<string, string> }>,
		headers: Record<string, string> = {},
	): Promise<Reply> {
		const parts = requests.map(({ url, ...part }, index) => ({
			id: String(index + 1),
			url: `companies(${this.company.id})/${url}`,
			...part,
		}));
		return this.post('/$batch', { requests: parts }, { 'content-type': 'application/json', ...headers });
	}
}

export function reply({ status, headers, body: text }: SandboxResponse): Reply {
	let body: Json = text;
	try {
		body = JSON.parse(text);
	} catch {
		// Stays text.
	}
	return { status, headers, body, text };
}

export const code = ({ status, body }: Reply): string => `${status} ${body?.error?.code ?? ''}`.trim();

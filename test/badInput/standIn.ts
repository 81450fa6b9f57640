import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { createAxiosTransport } from '../../engine/systems/odata/axiosTransport';
import type { Transport } from '../../engine/systems/odata/transport';
import type { Sandbox, SandboxResponse } from '../../sandbox';

/** What stands in for the true answer. A body that is a generator is sent piece by piece. */
export interface Answer {
	status?: number;
	headers?: Record<string, string>;
	body?: string | Buffer | Iterable<Buffer>;
	/** Bytes of the body after which the connection is cut. */
	cutAfter?: number;
}

/** Which requests get another answer than the true one. */
export interface Rule {
	system: 'businessCentral' | 'crm';
	/** Tested against `METHOD /path?query`, decoded. */
	request: RegExp;
	/** How often; default: always. */
	times?: number;
	/** `truth`: what the sandbox answers; it is asked first, so a write has been carried out. `nth`: from 1. */
	answer(truth: SandboxResponse, nth: number, url: string): Answer;
}

/** A real HTTP server between the engine and the sandbox: it hands on, or answers as badly as a rule says. */
export interface StandIn {
	transport: Transport;
	rules: Rule[];
	/** Rules that struck, by number of times. */
	struck: number;
	/** Requests that came to another host than the two systems. */
	strangers: string[];
	/** Address of that other host. */
	elsewhere: string;
	close(): Promise<void>;
}

export async function startStandIn(sandbox: Sandbox): Promise<StandIn> {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const body = Buffer.concat(chunks).toString('utf8');
			const url = request.url ?? '';
			const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
			void respond(response, { method: request.method ?? 'GET', url, headers, body });
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	// As a proxy of the environment would be used, so that the addresses stay those of the two systems.
	const transport = createAxiosTransport({ maxSockets: 8, userAgent: 'test', proxyEnv: { HTTP_PROXY: origin } });
	const counts = new Map<Rule, number>();
	const self: StandIn = {
		transport,
		rules: [],
		struck: 0,
		strangers: [],
		elsewhere: 'http://elsewhere.example',
		close: async () => {
			transport.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};

	async function respond(
		response: ServerResponse,
		request: { method: string; url: string; headers: Record<string, string>; body: string },
	) {
		const { host, pathname, search } = new URL(request.url, origin);
		const system = host === 'bc.sandbox' ? 'businessCentral' : host === 'crm.sandbox' ? 'crm' : null;
		if (system === null) {
			self.strangers.push(`${request.method} ${request.url} ${request.headers['authorization'] ?? ''}`);
			return send(response, { status: 200, body: '{"value":[]}' });
		}
		const truth = await sandbox.handle(request);
		const line = `${request.method} ${decodeURIComponent(pathname + search.replaceAll('+', ' '))}`;
		const rule = self.rules.find(
			(each) => each.system === system && each.request.test(line) && (counts.get(each) ?? 0) < (each.times ?? Infinity),
		);
		if (!rule) return send(response, truth);
		const nth = (counts.get(rule) ?? 0) + 1;
		counts.set(rule, nth);
		self.struck++;
		return send(response, rule.answer(truth, nth, request.url));
	}
	return self;
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '', cutAfter }: Answer): void {
	response.writeHead(status, headers);
	if (cutAfter !== undefined) {
		response.write(Buffer.from(body as string).subarray(0, cutAfter));
		setTimeout(() => response.destroy(), 5);
	} else if (typeof body === 'string' || Buffer.isBuffer(body)) response.end(body);
	else {
		const stream = Readable.from(body);
		// The reader may hang up long before the end.
		response.on('close', () => stream.destroy());
		stream.pipe(response);
	}
}

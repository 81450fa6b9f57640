import type { Clock } from '../../../engine/ports/clock';
import { Connection, type ConnectionOptions } from '../../../engine/systems/odata/connection';
import { Limiter } from '../../../engine/systems/odata/limiter';
import { NoAnswer, type HttpRequest, type HttpResponse, type Transport } from '../../../engine/systems/odata/transport';

export type Step = Partial<HttpResponse> | NoAnswer | ((request: HttpRequest) => Partial<HttpResponse>);

/** A service that gives the answers of a script, one after another, and remembers what it was asked. */
export function scripted(steps: Step[]): Transport & { requests: HttpRequest[] } {
	const requests: HttpRequest[] = [];
	const left = [...steps];
	const transport: Transport = async (request) => {
		requests.push(request);
		const step = left.shift();
		if (!step) throw new Error(`The script has no answer for ${request.method} ${request.url}`);
		if (step instanceof NoAnswer) throw step;
		return { status: 200, headers: {}, body: '{"value":[]}', ...(typeof step === 'function' ? step(request) : step) };
	};
	return Object.assign(transport, { requests });
}

/** A token that can expire: `current` is what the service accepts. */
export function tokens(): { header(): Promise<string>; refresh(): Promise<void>; refreshes: number } {
	const self = {
		refreshes: 0,
		header: () => Promise.resolve(`Bearer token-${self.refreshes}`),
		refresh: () => {
			self.refreshes++;
			return Promise.resolve();
		},
	};
	return self;
}

export function connectionTo(transport: Transport, clock: Clock, more: Partial<ConnectionOptions> = {}): Connection {
	return new Connection({
		system: 'businessCentral',
		systemName: 'Business Central',
		root: 'https://bc.example/api/v2.0',
		headers: {},
		transport,
		authenticator: tokens(),
		limiter: new Limiter({ clock, concurrent: 5, requestsPerWindow: 6000, windowMs: 300_000 }),
		clock,
		log: () => undefined,
		random: () => 0,
		readTimeoutMs: 60_000,
		...more,
	});
}

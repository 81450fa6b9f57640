import { NoAnswer, type Transport } from '../../engine/systems/odata/transport';
import { ConnectionDropped } from '../../sandbox/core/http';
import type { FaultRule } from '../../sandbox/core/types';
import type { World } from '../kit/world';
import type { Random } from './random';

/** No request to Business Central takes longer than ten minutes ("Working with API limits"), and no run hangs longer here. */
export const LONGEST_MINUTES = 9;

/** What services and networks do to requests. */
export function drawFault(random: Random): FaultRule {
	const system = random.pick(['businessCentral', 'crm'] as const);
	const fault = random.pick<FaultRule['fault']>([
		{ kind: 'dropBefore' },
		{ kind: 'dropAfter' },
		{ kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
		{ kind: 'answer', status: 429 },
		{ kind: 'answer', status: 503 },
		{ kind: 'answer', status: 401 },
		{ kind: 'answer', status: 500 },
		{ kind: 'html', status: 502 },
		{ kind: 'truncate', characters: random.between(1, 2000) },
		{ kind: 'halfBatch', parts: random.between(0, 4) },
		{ kind: 'delay', ms: random.pick([5_000, 60_000, 150_000]) },
		{ kind: 'stale' },
	]);
	return { system, ...drawAim(random, fault.kind), fault, times: random.pick([1, 1, 3, 12]) };
}

/** Which requests: any, or those that write, which go out in batches; an answer may also be that of one record in a batch. */
function drawAim(random: Random, kind: FaultRule['fault']['kind']): Pick<FaultRule, 'method' | 'url' | 'nth'> {
	const nth = random.between(1, 6);
	if (kind === 'stale') return { method: 'PATCH', nth };
	if (random.chance(0.5)) return { nth };
	if ((kind === 'answer' || kind === 'html') && random.chance(0.5)) return { method: 'PATCH', nth: random.between(1, 4) };
	return { method: 'POST', url: /\$batch/, nth: random.between(1, 2) };
}

export const describeFault = ({ system, method, url, nth, times, fault }: FaultRule): string =>
	`${system} ${url ? 'batch' : (method ?? 'request')} ${nth}${times === 1 ? '' : ` ff., ${times} times`}: ${JSON.stringify(fault)}`;

/**
 * When a request that timed out is carried out nevertheless: after so many milliseconds, or before so many further requests, if that is
 * earlier.
 */
export interface Arrival {
	ms: number;
	requests: number;
}

/** Requests that timed out here and are still under way there. */
export class LateRequests {
	private readonly open = new Set<Promise<unknown>>();
	private underWay: Array<{ requests: number; arrive: () => void }> = [];

	constructor(private readonly world: World) {}

	/** The n-th request that may write times out; the service carries it out later. */
	wrap(nth: number, { ms, requests }: Arrival): { transport: (transport: Transport) => Transport; struck(): boolean } {
		let count = 0;
		let struck = false;
		return {
			struck: () => struck,
			transport: (transport) => async (request) => {
				if (request.method === 'GET' || ++count !== nth) return await transport(request);
				struck = true;
				const { method, url, body = '' } = request;
				const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
				const late = { requests, arrive: (): void => this.carryOut({ method, url, headers, body }) };
				const arriveOnce = (): void => {
					if (!this.underWay.includes(late)) return;
					this.underWay = this.underWay.filter((each) => each !== late);
					late.arrive();
				};
				this.underWay.push(late);
				this.world.sandbox.clock.after(ms, arriveOnce);
				this.world.sandbox.clock.advance(Math.min(30_000, ms / 2));
				throw new NoAnswer('The request timed out.', true);
			},
		};
	}

	/** Counts the requests of a run, and lets those that are late arrive in between. */
	watch(transport: Transport): Transport {
		return async (request) => {
			for (const late of this.underWay) {
				if (--late.requests > 0) continue;
				this.underWay = this.underWay.filter((each) => each !== late);
				late.arrive();
			}
			await this.arrive();
			return await transport(request);
		};
	}

	get any(): boolean {
		return this.underWay.length > 0;
	}

	/** All that are still under way arrive now. */
	async hurry(): Promise<void> {
		for (const late of this.underWay.splice(0)) late.arrive();
		await this.arrive();
	}

	/** Lets those whose time has come be carried out. */
	async arrive(): Promise<void> {
		while (this.open.size > 0) await Promise.all(this.open);
	}

	private carryOut(request: Parameters<World['sandbox']['handle']>[0]): void {
		const arriving = this.world.sandbox.handle(request).catch((error: unknown) => {
			if (!(error instanceof ConnectionDropped)) throw error;
		});
		this.open.add(arriving);
		void arriving.finally(() => this.open.delete(arriving));
	}
}

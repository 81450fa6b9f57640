import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import type { Log } from '../../ports/session';
import type { Authenticator } from '../odata/authenticator';
import type { Transport } from '../odata/transport';

export interface DataverseLimits {
	/** Requests at a time. Default: what the service recommends in `x-ms-dop-hint`, 4 until it has said so. */
	concurrent?: number;
	/** Changes in the first `$batch`; later ones are sized by the measured time. Default 100. */
	batchSize?: number;
	/** Requests in any five minutes (documented budget per user and web server: 6,000). */
	per5Minutes?: number;
}

export interface DataverseOptions {
	/** `https://name.crm4.dynamics.com`. */
	environmentUrl: string;
	transport: Transport;
	authenticator: Authenticator;
	clock: Clock;
	signal?: AbortSignal;
	/** See `SyncSession.ending`. */
	ending?: AbortSignal;
	/** Told of every wait. */
	pulse?: Pulse;
	log: Log;
	limits?: DataverseLimits;
	/** Model-driven app in which links open; without it the user's default app. */
	appId?: string | null;
	/** Sessions of one process that give the same text share one budget; use address and user. Without it the session has a budget of its own. */
	budgetKey?: string;
	/** 0 (inclusive) to 1 (exclusive); spreads the waits between repeats. Default `Math.random`. */
	random?: () => number;
}

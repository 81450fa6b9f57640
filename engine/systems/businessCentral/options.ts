import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import type { Log } from '../../ports/session';
import type { SurfaceMemory } from '../../ports/surfaceMemory';
import type { Authenticator } from '../odata/authenticator';
import type { Transport } from '../odata/transport';

export interface BusinessCentralLimits {
	/** Requests at a time (documented budget per user: 5). */
	concurrent?: number;
	/** Requests in any five minutes (documented budget per user: 6,000). */
	per5Minutes?: number;
	/** Operations in one `$batch`; the service takes 100 at most. */
	batchSize?: number;
}

/** Where people open Business Central in a browser. */
export interface BusinessCentralWebClient {
	/** e.g. `https://businesscentral.dynamics.com`, or the web server instance on premises. */
	baseUrl: string;
	companyName: string;
	/** Entra tenant id or domain (online), or the tenant of a multi-tenant server. */
	tenant?: string | null;
	/** Environment, e.g. `Production`; none on premises. */
	environment?: string | null;
}

export interface BusinessCentralOptions {
	/** `https://…/api/v2.0`, no trailing slash. */
	apiRoot: string;
	/** `https://…/ODataV4`, no trailing slash; companions are read and written there. */
	odataRoot: string;
	/** Tenant of a multitenant server on premises; otherwise none. */
	tenant?: string | null;
	/** System id of the company. */
	companyId: string;
	transport: Transport;
	authenticator: Authenticator;
	clock: Clock;
	signal?: AbortSignal;
	/** See `SyncSession.ending`. */
	ending?: AbortSignal;
	/** Told of every wait. */
	pulse?: Pulse;
	log: Log;
	limits?: BusinessCentralLimits;
	webClient?: BusinessCentralWebClient | null;
	/** Where processes share what the environment offers; asked for when it is needed. Null, and without it: each process looks by itself. */
	surfaceMemory?: () => SurfaceMemory | null;
	/** Sessions of one process that give the same text share one budget; use address and user. Without it the session has a budget of its own. */
	budgetKey?: string;
	/** 0 (inclusive) to 1 (exclusive); spreads the waits between repeats. Default `Math.random`. */
	random?: () => number;
}

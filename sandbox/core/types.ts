import type { SandboxRequest, SandboxResponse } from './http';

export type System = 'businessCentral' | 'crm' | 'login';

/** The sandbox's own time. Services stamp with `now() + skew(system)`. */
export interface SandboxClock {
	now(): number;
	/** Sets (virtual) time; from then on time only moves by `advance`. Without it real time is used. */
	set(epochMs: number): void;
	advance(ms: number): void;
	/** Milliseconds a system's clock runs ahead (or, negative, behind). */
	skew: Record<'businessCentral' | 'crm', number>;
}

export interface FaultRule {
	/** Which requests: all conditions given must hold. */
	system?: System;
	method?: string;
	/** Tested against path and query, decoded. */
	url?: RegExp;
	/** The n-th matching request (from 1), or each one. `times` = how often the rule strikes (default 1). */
	nth?: number;
	times?: number;
	fault:
		| { kind: 'dropBefore' }
		| { kind: 'dropAfter' }
		/** `headers` e.g. { 'retry-after': '2' }; `body` defaults to what the service would say for that status. */
		| { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
		/** An HTML page with this status, as gateways send. */
		| { kind: 'html'; status: number }
		/** The true answer, cut after this many characters. */
		| { kind: 'truncate'; characters: number }
		/** No answer for that long (ms). */
		| { kind: 'delay'; ms: number }
		/** Only the first n parts of a $batch are carried out, then the connection is cut. */
		| { kind: 'halfBatch'; parts: number }
		/** Somebody else changes the row just before an update reaches it. */
		| { kind: 'stale' };
}

export interface LoggedRequest {
	number: number;
	system: System;
	method: string;
	/** Path and query, decoded. */
	path: string;
	status: number | 'dropped';
	/** User the request was authenticated as. */
	user: string | null;
	/** Requests inside a $batch, in order. */
	parts: Array<{ method: string; path: string; status: number | null }>;
	/** Rows created, changed or deleted by it. */
	writes: number;
	requestBody: string;
	responseBody: string;
	durationMs: number;
}

export interface Latency {
	/** Milliseconds for the way there and back. */
	roundTripMs: number;
	/** Milliseconds for each operation; operations of one batch run one after another. */
	perOperationMs: number;
	/** Milliseconds for each row an operation reads or writes, on top. Default 0. */
	perRowMs?: number;
	/** Milliseconds for an operation of a kind, on top: a write costs a service more than a read, posting most. Default 0. */
	perKindMs?: Partial<Record<OperationKind, number>>;
}

/** What an operation does: GET, POST of a row, PATCH or PUT, DELETE, or the call of an action or function. */
export type OperationKind = 'read' | 'create' | 'update' | 'delete' | 'action';

/**
 * Both services and the token endpoint on one clock. In process: `handle`. For real clients: `listen`.
 * In-process origins: http://bc.sandbox, http://crm.sandbox, http://login.sandbox.
 */
export interface SandboxControl {
	readonly clock: SandboxClock;
	readonly faults: { add(rule: FaultRule): void; clear(): void };
	readonly log: { readonly requests: LoggedRequest[]; clear(): void };
	latency: Latency;
	/** Answers one request; throws ConnectionDropped. */
	handle(request: SandboxRequest): Promise<SandboxResponse>;
	/** Starts servers on 127.0.0.1 on free (or the given) ports. */
	listen(ports?: { businessCentral?: number; crm?: number; login?: number }): Promise<SandboxAddresses>;
	close(): Promise<void>;
}

export interface SandboxAddresses {
	/** e.g. http://127.0.0.1:7048 — API at {origin}/v2.0/sandbox/api/v2.0, OData at {origin}/v2.0/sandbox/ODataV4 */
	businessCentral: string;
	/** e.g. http://127.0.0.1:5555 — Web API at {origin}/api/data/v9.2/ */
	crm: string;
	/** e.g. http://127.0.0.1:5556 — {origin}/{tenant}/oauth2/v2.0/token and /authorize */
	login: string;
}

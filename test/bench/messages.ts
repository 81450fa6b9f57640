import type { SandboxAddresses } from '../../sandbox/core/types';

/** What the measured process needs to open a session. */
export interface Setting {
	addresses: SandboxAddresses;
	companyId: string;
	companyName: string;
	/** Where the state file is made. */
	stateFile: string;
	application: { clientId: string; clientSecret: string; tenantId: string };
}

/** A record changed in one system, and its partner in the other, whose ids the client that goes record by record is told for free. */
export interface Partner {
	sourceId: string;
	targetId: string;
}

export interface OneByOneOrder {
	/** ISO; changes since then. */
	since: string;
	toCrm: Partner[];
	fromCrm: Partner[];
}

export type Order =
	| { kind: 'open'; setting: Setting }
	/** `collecting`: Node.js collects garbage all the while, so that what is measured is what the work needs and no room that was merely not given back. */
	| { kind: 'fullSync'; collecting?: true }
	/** The same as a preview. */
	| { kind: 'preview' }
	| { kind: 'incremental' }
	| { kind: 'oneByOne'; order: OneByOneOrder }
	| { kind: 'close' };

export interface Measured {
	durationMs: number;
	/** What the process took of the processor, its helping threads included. */
	cpuMs: number;
	/** Resident memory of the process in bytes: before, and the most that was seen. */
	idleRss: number;
	peakRss: number;
	/** Longest time the event loop was not looked after (ms). */
	eventLoopMaxMs: number;
	inserted: number;
	modified: number;
	unchanged: number;
	failed: number;
	/** Every job finished. */
	finished: boolean;
}

export type Answer = { ok: true; measured: Measured | null } | { ok: false; error: string };

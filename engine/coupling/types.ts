import type { JobResult } from '../jobs/jobResult';

/** A coupling as lists and pickers show it. */
export interface CouplingView {
	mapping: string;
	/** `exists` is null when nobody looked. */
	businessCentral: { id: string; number: string; name: string; url: string | null; exists: boolean | null } | null;
	crm: { id: string; name: string; url: string | null; exists: boolean | null } | null;
	state: 'coupled' | 'pending' | 'failed' | 'skipped' | 'waiting' | 'uncoupled';
	/** ISO, UTC. */
	lastSyncedAt: string | null;
	lastError?: { code: string; message: string; hint: string };
	outcome?: 'coupled' | 'alreadyCoupled' | 'moved';
	/** What the first synchronization did, when one was asked for. */
	job?: JobResult;
	/** The record that lost its partner because that moved. */
	released?: CouplingView['businessCentral'] | CouplingView['crm'];
	warnings?: readonly string[];
}

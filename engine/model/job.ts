import type { PassDirection } from './direction';

export interface Counters {
	inserted: number;
	modified: number;
	deleted: number;
	unchanged: number;
	skipped: number;
	failed: number;
	coupled: number;
	uncoupled: number;
}

export type JobType = 'synchronization' | 'fullSynchronization' | 'coupling' | 'uncoupling';

export type JobStatus = 'running' | 'finished' | 'stopped' | 'alreadyRunning' | 'failed';

export interface Job extends Counters {
	id: string;
	mapping: string;
	direction: PassDirection | null;
	type: JobType;
	status: JobStatus;
	preview: boolean;
	/** ISO, UTC. */
	startedAt: string;
	finishedAt: string | null;
	message: string;
	requests: { businessCentral: number; crm: number };
	writes: { businessCentral: number; crm: number };
}

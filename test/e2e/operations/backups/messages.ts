import type { Setting } from '../../../bench/messages';

/** What the process that stands for n8n is told. */
export type Order =
	/** Opens the store; from then on the clock of the process is `aheadMs` ahead of this machine's. */
	| { kind: 'open'; setting: Setting; aheadMs: number }
	/** Time has passed. */
	| { kind: 'later'; aheadMs: number }
	/** Scheduled runs, one after another, and somebody who looks at lists, until the process is killed or told to stop. */
	| { kind: 'schedule' }
	/** Ends the scheduled runs. */
	| { kind: 'stop' }
	/** One round of scheduled runs. */
	| { kind: 'round' }
	/** The first synchronization. */
	| { kind: 'fullSync' }
	/** What the documentation tells to do after a restore, before scheduled runs: records that hold the same values are coupled. */
	| { kind: 'afterRestore' }
	/** What waits for people: code and id of each record that fails. */
	| { kind: 'failures' }
	/** *Back Up State* into a file. */
	| { kind: 'backup'; target: string };

export interface Outcome {
	/** Records created or changed in either system. */
	written: number;
	/** Codes of the failures that runs told of; with ids where failures were asked for. */
	told: string[];
	/** Codes of jobs that did not finish. */
	ended: string[];
}

export type Answer = { ok: true; outcome: Outcome } | { ok: false; error: string };

import { RunStopped, systemClock } from '../../engine';

/** What tells that the process is to end: Node's `process`, or a stand-in. */
export interface EndingHost {
	pid: number;
	env: NodeJS.ProcessEnv;
	listeners(event: NodeJS.Signals): unknown[];
	prependListener(event: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
	removeListener(event: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
	kill(pid: number, signal: NodeJS.Signals): unknown;
}

export interface ProcessEnd {
	/** Aborted with `RunStopped('shutdown')` once the process was asked to end. */
	signal: AbortSignal;
	/** To be called when the work is over; calling it again does nothing. */
	release(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Marks listeners of this package, also those of a second copy of it in the same process. */
const OURS = Symbol.for('n8n-nodes-dynamics365-sync.processEnd');
/** A process that is still there so long after it was asked to end was asked something else, or somebody thought better of it. */
const LONGEST_GRACE_MS = 10 * 60_000;

/**
 * Tells work under way that the process was asked to end (SIGTERM, SIGINT). n8n does not cancel executions then: it waits until they have ended, and
 * ends the process by force after `N8N_GRACEFUL_SHUTDOWN_TIMEOUT` seconds
 * (https://docs.n8n.io/hosting/configuration/environment-variables/).
 *
 * There is one listener per signal, however much work there is, and none while there is no work. A listener keeps Node from ending the process;
 * where nobody but us listens, the signal is therefore sent once more without it, and the process ends as it would have.
 */
export class ProcessEndWatch {
	private readonly working = new Set<AbortController>();
	private askedAt: number | null = null;

	constructor(
		private readonly host: EndingHost,
		private readonly now: () => number = systemClock.now,
	) {}

	begin(): ProcessEnd {
		const work = new AbortController();
		if (this.isEnding()) {
			work.abort(new RunStopped('shutdown'));
			return { signal: work.signal, release: () => undefined };
		}
		if (this.working.size === 0) for (const signal of SIGNALS) this.host.prependListener(signal, this.onSignal);
		this.working.add(work);
		return {
			signal: work.signal,
			release: () => {
				if (this.working.delete(work) && this.working.size === 0) this.stopListening();
			},
		};
	}

	/** Work that begins while n8n waits for the rest, for instance the next node of a workflow, is not to begin. */
	private isEnding(): boolean {
		if (this.askedAt === null) return false;
		const grace = Number(this.host.env['N8N_GRACEFUL_SHUTDOWN_TIMEOUT'] ?? this.host.env['QUEUE_WORKER_TIMEOUT'] ?? 0) * 1_000;
		if (this.now() - this.askedAt <= Math.max(LONGEST_GRACE_MS, Number.isFinite(grace) ? grace : 0)) return true;
		this.askedAt = null;
		return false;
	}

	/** Runs first, so that listeners for one signal only, such as n8n's, are still to be seen. */
	private readonly onSignal = Object.assign(
		(signal: NodeJS.Signals): void => {
			const others = this.host.listeners(signal).some((listener) => !(OURS in (listener as object)));
			this.askedAt = this.now();
			// A second signal finds no listener of ours, so that it does what it does without us.
			this.stopListening();
			const working = [...this.working];
			this.working.clear();
			for (const work of working) work.abort(new RunStopped('shutdown'));
			if (!others) this.host.kill(this.host.pid, signal);
		},
		{ [OURS]: true },
	);

	private stopListening(): void {
		for (const signal of SIGNALS) this.host.removeListener(signal, this.onSignal);
	}
}

const watch = new ProcessEndWatch(process);

/** For work of this process; see `ProcessEndWatch`. */
export const watchProcessEnd = (): ProcessEnd => watch.begin();

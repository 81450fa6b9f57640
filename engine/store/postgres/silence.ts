/**
 * The server did not answer within the time limit. Nobody knows what became of the statement, so the connection it was sent over is destroyed and
 * never used again.
 */
export class NoAnswerInTime extends Error {
	readonly code = 'NO_ANSWER_IN_TIME';

	/** @param waitedMs how long it was waited for (ms) */
	constructor(what: string, waitedMs: number) {
		super(`The server did not ${what} within ${waitedMs} ms.`);
	}
}

/** All connections of this process were busy, with a server that answers, for as long as one waits for one of them. */
export class PoolBusy extends Error {
	readonly code = 'POOL_BUSY';

	constructor(connections: number, waitedMs: number) {
		super(`None of the ${connections} connections was free within ${waitedMs} ms.`);
	}
}

/** For so long after a wait in vain nobody is as patient again (ms). */
const IMPATIENT_FOR_MS = 30_000;
/** For so long after two waits in vain, with no answer between them, nobody waits for a new connection (ms). */
const GIVEN_UP_FOR_MS = 5_000;

/**
 * What is known of a server's silence, for all connections of a pool: a run that has waited its time is not to wait it again with each of the few
 * things it still has to store at its end.
 */
export class Silence {
	private patienceEndedAt = -Infinity;
	private lastInVain = -Infinity;
	private inVain = 0;

	/** Connections that have not been heard of since then may be as dead as the one that was waited for. */
	get since(): number {
		return this.lastInVain;
	}

	/** The limit (ms) for the next wait: `full`, or less while the server is suspected. */
	limit(full: number, impatient: number): number {
		return now() - this.patienceEndedAt < IMPATIENT_FOR_MS ? Math.min(full, impatient) : full;
	}

	/** Throws instead of waiting for a server that was waited for in vain just now, and more than once. */
	refuseToWait(): void {
		const ago = now() - this.lastInVain;
		if (this.inVain >= 2 && ago < GIVEN_UP_FOR_MS) throw new NoAnswerInTime('answer a moment ago, and was not asked again', Math.ceil(ago));
	}

	/** A wait of `waitedMs` ended without an answer; `full`: as long as one waits for a server of which nothing bad is known. */
	waitedInVain(full: boolean): void {
		this.lastInVain = now();
		this.inVain++;
		if (full) this.patienceEndedAt = this.lastInVain;
	}

	answered(): void {
		this.inVain = 0;
	}
}

/** Milliseconds of a clock that nobody sets. */
export const now = (): number => performance.now();

import { isStopping } from '../ports/stopping';
import type { SyncSession } from '../ports/session';
import { type HeldLease, holdLease, isTaken, type Taken } from './lease';

/** How often somebody who waits looks whether it is their turn. */
const LOOK_MS = 2_000;

/**
 * Takes the right to run a mapping, and waits for it where another run has it, up to so many milliseconds. `Taken` when it is not given back in time, or
 * the execution is to end meanwhile.
 */
export async function waitForTurn(session: SyncSession, mapping: string, waitMs: number): Promise<HeldLease | Taken> {
	const { clock, signal } = session;
	// Counted by what was waited, so that a clock that is set neither ends the wait nor makes it last.
	for (let left = waitMs; ; left -= LOOK_MS) {
		const held = await holdLease(session, mapping);
		if (!isTaken(held) || left <= 0 || isStopping(session)) return held;
		await clock.sleep(Math.min(LOOK_MS, left), signal).catch(() => undefined);
	}
}

import { isStopping, throwIfStopping } from '../ports/stopping';
import type { SyncSession } from '../ports/session';
import { type HeldLease, holdLease, isTaken, type Taken } from './lease';
import { mappingBusy } from './taken';

/** How often somebody who waits looks whether it is their turn. */
const LOOK_MS = 2_000;

/**
 * Takes the right to run a mapping, and waits for it where another run has it, for as long as the session says (`waitForTurnMs`). `Taken` when it is not
 * given back in time, or the execution is to end meanwhile.
 */
export async function waitForTurn(session: SyncSession, mapping: string): Promise<HeldLease | Taken> {
	const { clock, signal } = session;
	// Counted by what was waited, so that a clock that is set neither ends the wait nor makes it last.
	for (let left = session.waitForTurnMs ?? 0; ; left -= LOOK_MS) {
		const held = await holdLease(session, mapping);
		if (!isTaken(held) || left <= 0 || isStopping(session)) return held;
		await clock.sleep(Math.min(LOOK_MS, left), signal).catch(() => undefined);
	}
}

/**
 * As `waitForTurn`, for what is done now or not at all.
 * @throws SyncError `MAPPING_BUSY` (transient) when the mapping is not free in time; RunStopped when the execution is to end meanwhile
 */
export async function takeTurn(
	session: SyncSession,
	mapping: string,
	busy: (mapping: string, taken: Taken) => Error = mappingBusy,
): Promise<HeldLease> {
	const held = await waitForTurn(session, mapping);
	if (!isTaken(held)) return held;
	throwIfStopping(session);
	throw busy(mapping, held);
}

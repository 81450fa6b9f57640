import { defaultNames } from '../defaults/catalog';
import type { SyncSession } from '../ports/session';
import { throwIfStopping } from '../ports/stopping';
import type { HeldLease } from '../jobs/lease';
import { busy, TRY_AGAIN } from '../jobs/taken';
import { takeTurn } from '../jobs/turn';

/** Stands for work on the state as a whole; no mapping is called so. */
const STATE = '@state';

/**
 * Holds the leases of all mappings while the work lasts, so that no run changes the state meanwhile.
 * @param work is given a check for its page borders: it throws when a lease was lost, or the execution was cancelled
 * @throws SyncError `MAPPING_BUSY` (transient) when a run is under way
 */
export async function holdingAll<T>(session: SyncSession, work: (checkpoint: () => Promise<void>) => Promise<T>): Promise<T> {
	const names = new Set([STATE, ...defaultNames(), ...(await session.store.transfer().mappings())]);
	names.delete('@company');
	const held: HeldLease[] = [];
	try {
		for (const name of [...names].sort()) {
			held.push(await takeTurn(session, name, (_, taken) => busy(taken, busyWith(name))));
		}
		return await work(async () => {
			throwIfStopping(session);
			for (const each of held) await each.keep();
		});
	} finally {
		for (const each of held) await each.release();
	}
}

const busyWith = (name: string): { message: string; hint: string } => ({
	message:
		name === STATE
			? 'The state is being exported or imported by another run right now.'
			: `${name} is being synchronized by another run right now.`,
	hint: `Switch schedules off. ${TRY_AGAIN}`,
});

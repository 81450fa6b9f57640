import { SyncError } from '../model/errors';
import { SYSTEM_NAMES } from '../model/side';
import type { Sibling } from '../model/sibling';
import type { SyncSession } from '../ports/session';

/** Stands for the connection's environments where the store keeps what a person said; no mapping is called so. */
export const ENVIRONMENT = '@environment';

/**
 * Before anything is written: a connection without couplings whose company was synchronized by this very store in another environment is a copy, or
 * the environment was renamed or moved. Its records have the ids of the other one's, and values of the time of the copy. Costs no request.
 * @throws SyncError `ENVIRONMENT_COPIED` (setup), with the ways on
 */
export async function requireOwnEnvironment({ store }: SyncSession): Promise<void> {
	if (await store.knowsCouples()) return;
	const [sibling] = await store.siblings();
	if (!sibling || (await store.origin(ENVIRONMENT))?.kind === 'new') return;
	throw copied(sibling);
}

/** A person says that the environment is new, and what the store knows of another one has nothing to do with it. */
export async function acceptEnvironment({ store, clock }: SyncSession): Promise<void> {
	await store.commit({ origins: [{ mapping: ENVIRONMENT, kind: 'new', at: new Date(clock.now()).toISOString() }] });
}

function copied({ side, address, couplings, lastUsed }: Sibling): SyncError {
	const count = `${couplings.toLocaleString('en')} ${couplings === 1 ? 'coupling' : 'couplings'}`;
	const when = `${lastUsed.slice(0, 16).replace('T', ' ')} UTC`;
	return new SyncError({
		code: 'ENVIRONMENT_COPIED',
		errorClass: 'setup',
		system: side,
		message: `This environment of ${SYSTEM_NAMES[side]} has never been synchronized here, but the same company was, in another one: ${address} (${count}, last used ${when}). It is a copy of that one, or that one was moved or renamed. Nothing was written.`,
		hint: 'If the environment was moved, renamed or replaced: Full Sync → Settle Copied Environment with "Take Over the Couplings"; a copy that is older than its original is then noticed before anything travels. If it is a copy that has a life of its own: give it a system of its own on the other side, or choose "It Is a New Environment".',
	});
}

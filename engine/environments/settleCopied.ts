import type { SyncSession } from '../ports/session';
import { acceptEnvironment } from './requireOwnEnvironment';

/** What a person says of an environment whose company was synchronized in another one. */
export type CopiedWay = 'takeOver' | 'isNew';

export interface SettledCopy {
	couplings: number;
	message: string;
}

/**
 * Takes the place of the sibling that was used last, or leaves it alone for good. Neither system is written to.
 * @throws SyncError `ENVIRONMENTS_CONTRADICT` (setup), `CONNECTION_BUSY` (transient); nothing is changed then
 */
export async function settleCopied(session: SyncSession, way: CopiedWay): Promise<SettledCopy> {
	const { store } = session;
	const [sibling] = await store.siblings();
	if (!sibling)
		return { couplings: await store.countCouplings(), message: 'No other environment of this company is known here; nothing to do.' };
	if (way === 'isNew') {
		await acceptEnvironment(session);
		return { couplings: await store.countCouplings(), message: `What is known of ${sibling.address} is left alone.` };
	}
	const replaced = await store.takeOverSibling(sibling.id);
	const couplings = await store.countCouplings();
	const message = `${couplings} couplings are those of this connection now; ${sibling.address} is known no more.`;
	return {
		couplings,
		message: replaced.length === 0 ? message : `${message} What was said there counts, where the two differed: ${replaced.join('; ')}.`,
	};
}

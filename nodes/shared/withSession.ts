import type { IExecuteFunctions } from 'n8n-workflow';
import { earlierStoreOf, newStore, type SyncSession, type SyncStore } from './engine';
import { executionOpener, openSession, openStoreOnly, type ConnectionSettings } from './openSession';

/** Opens a session, does the work, and closes it whatever happens. */
export async function withSession<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (session: SyncSession) => Promise<T>,
): Promise<T> {
	const { session, close } = await openSession(context, settings, executionOpener(context));
	try {
		await tellNewStore(context, session);
		return await work(session);
	} finally {
		await close();
	}
}

/** Somebody who works in the editor sees above the output that the store is not the one that was used before. */
async function tellNewStore(context: IExecuteFunctions, session: SyncSession): Promise<void> {
	if (context.getMode() !== 'manual') return;
	const earlier = await earlierStoreOf(session);
	if (earlier) context.addExecutionHints({ type: 'warning', location: 'outputPane', message: newStore(session, earlier) });
}

/** As `withSession`, for work that needs only what is stored. */
export async function withStore<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (store: SyncStore) => Promise<T>,
): Promise<T> {
	const store = await openStoreOnly(context, settings);
	try {
		return await work(store);
	} finally {
		await store.close();
	}
}

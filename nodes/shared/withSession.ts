import type { IExecuteFunctions } from 'n8n-workflow';
import type { SyncSession, SyncStore } from './engine';
import { executionOpener, openSession, openStoreOnly, type ConnectionSettings } from './openSession';
import { watchProcessEnd } from './processEnd';

/** Opens a session, does the work, and closes it whatever happens. The work learns when the process is to end. */
export async function withSession<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (session: SyncSession) => Promise<T>,
): Promise<T> {
	const end = watchProcessEnd();
	try {
		const { session, close } = await openSession(context, settings, { ...executionOpener(context), ending: end.signal });
		try {
			return await work(session);
		} finally {
			await close();
		}
	} finally {
		end.release();
	}
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

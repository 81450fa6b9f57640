import type { IExecuteFunctions } from 'n8n-workflow';
import { earlierStoreOf, newStore, type SyncSession, type SyncStore } from '../../engine';
import { type ConnectionSettings, executionOpener, openSession, openStoreOnly } from './openSession';
import { fetchCompanies } from './companies';
import { businessCentralAddress } from './connection';
import { watchProcessEnd } from './processEnd';

/** Opens a session, does the work, and closes it whatever happens. The work learns when the process is to end. */
export async function withSession<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (session: SyncSession) => Promise<T>,
): Promise<T> {
	const end = watchProcessEnd();
	try {
		const { session, close, explain } = await openSession(context, settings, { ...executionOpener(context), ending: end.signal });
		try {
			await tellNewStore(context, session);
			return await work(session);
		} catch (error) {
			throw await explain(error);
		} finally {
			await close();
		}
	} finally {
		end.release();
	}
}

/** Somebody who works in the editor sees above the output that the store is not the one that was used before. */
async function tellNewStore(context: IExecuteFunctions, session: SyncSession): Promise<void> {
	if (context.getMode() !== 'manual') return;
	const earlier = await earlierStoreOf(session);
	if (earlier) context.addExecutionHints({ type: 'warning', location: 'outputPane', message: newStore(session, earlier) });
}

/**
 * The log of a company that was deleted, or that the user of the credential may not see, is read like any other; somebody who works in the editor is told so.
 * Business Central is asked for nothing else, and not at all in scheduled executions.
 */
export async function tellGoneCompany(context: IExecuteFunctions, { authentication, company }: ConnectionSettings): Promise<void> {
	if (context.getMode() !== 'manual' || company.mode === 'name') return;
	const address = await businessCentralAddress(context, authentication);
	const companies = await fetchCompanies(context, address).catch(() => null);
	if (!companies || companies.some(({ id }) => id === company.value.toLowerCase())) return;
	const message = `Business Central has no company with the id ${company.value} any more (or the user of the credential may not see it). What is shown is what the state store has kept of it.`;
	context.addExecutionHints({ type: 'warning', location: 'outputPane', message });
}

/** As `withSession`, for work that needs only what is stored. */
export async function withStore<T>(
	context: IExecuteFunctions,
	settings: ConnectionSettings,
	work: (store: SyncStore) => Promise<T>,
): Promise<T> {
	const store = await openStoreOnly(context, settings);
	try {
		await tellGoneCompany(context, settings);
		return await work(store);
	} finally {
		await store.close();
	}
}

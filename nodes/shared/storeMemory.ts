import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { NodeContext } from './connection';
import {
	type EarlierStore,
	findEarlierStore,
	knownStoresFrom,
	lastUsedStore,
	noteStore,
	stateFiles,
	type StoreMemory,
	storeToRemember,
	type SyncStore,
	systemClock,
} from '../../engine';

/** Key in the static data of the workflow, which all its nodes share with code of the user's own. */
const OWN_NAME = 'n8n-nodes-dynamics365-sync';
/** Changed static data costs n8n a write to its database. */
const STATIC_DATA_MS = 24 * 60 * 60_000;

/** What a session is given, and what is done when it ends. */
export interface NodeStoreMemory extends StoreMemory {
	/** Notes which store is in use: beside the embedded file, and in the workflow (n8n keeps that of production executions). */
	remember(): Promise<void>;
}

/**
 * The store cannot tell that it is not the one that was used before: what remembers it lies elsewhere. Memory that cannot be read or written (a folder
 * that is read-only) is no reason for an execution to fail.
 */
export function storeMemory(context: NodeContext, store: SyncStore): NodeStoreMemory {
	let [last, earlier]: Array<Promise<EarlierStore | null> | undefined> = [];
	const workflow = staticData(context);
	const witnesses = () => ({ workflow: knownStoresFrom(workflow?.[OWN_NAME]), files: stateFiles() });
	return {
		lastUsed: () => (last ??= lastUsedStore(store, witnesses())),
		earlier: () => (earlier ??= findEarlierStore(store, witnesses())),
		remember: async () => {
			if (!workflow) return;
			const now = systemClock.now();
			const quietly = (error: unknown): void => context.logger.debug(`The store in use could not be noted: ${String(error)}`);
			await noteInWorkflow(workflow, store, now).catch(quietly);
			const [file] = stateFiles();
			if (file !== undefined) await noteStore(store, file, now).catch(quietly);
		},
	};
}

/** Executions only; the editor has no workflow to write to. */
function staticData(context: NodeContext): IDataObject | undefined {
	return 'getWorkflowStaticData' in context && 'getInputData' in context
		? (context as IExecuteFunctions).getWorkflowStaticData('global')
		: undefined;
}

async function noteInWorkflow(workflow: IDataObject, store: SyncStore, now: number): Promise<void> {
	const known = knownStoresFrom(workflow[OWN_NAME]);
	const news = await storeToRemember(store, known[store.connectionId], now, STATIC_DATA_MS);
	if (news) workflow[OWN_NAME] = { ...known, [store.connectionId]: { ...news } };
}

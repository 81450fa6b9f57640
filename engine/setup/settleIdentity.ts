import { RunStopped, SyncError } from '../model/errors';
import { findMapping, loadMappings, rulesOf } from '../defaults/catalog';
import { type HeldLease, holdLease, isTaken } from '../jobs/lease';
import { mappingBusy } from '../jobs/taken';
import type { Setup } from '../model/companySettings';
import type { CompanyMapping } from '../model/mappingStages';
import type { TableMapping } from '../model/tableMapping';
import { identifiedBy, identityOf, keyTableOf, pageOf, type RecordIdentity } from '../model/recordIdentity';
import type { SyncSession } from '../ports/session';
import { usedFields } from './usedFields';

/** Ids that are asked for at a time: one batch of Business Central. */
const AT_ONCE = 2_000;

/**
 * Lets mappings know their records by what the environment offers now. `mapping`, which is about to be worked on, gets to know them by their SystemIds
 * where the extension shows its table. Where the extension is gone and published pages are there, all mappings that went by SystemIds go by keys again,
 * because rules read the tables of other mappings, too. All that is kept of a mapping moves in one transaction; nothing is read but ids and keys, and
 * nothing written to a system. While another mapping is being run, which may be looking up the old ids, the move is left to a later run. To be called
 * under the lease of the mapping, before anything else. Answers whether records have other ids now: then mappings are to be loaded again.
 *
 * Where a service or the store hinders the move, or the execution is to end, the work itself will meet the same, and tell it as it tells everything: then
 * nothing has moved.
 * @throws SyncError `MAPPING_BUSY` (transient) where the move cannot wait, because the mapping's records are not shown by their SystemIds any more
 */
export async function settleIdentity(
	session: SyncSession,
	mappings: readonly TableMapping[],
	mapping: TableMapping,
	held: HeldLease,
): Promise<boolean> {
	if (session.preview) return false;
	try {
		const back = await toKeys(session, mappings, mapping, held);
		return back || (await toSystemIds(session, mapping, held));
	} catch (error) {
		if (error instanceof SyncError ? error.code !== 'MAPPING_BUSY' : error instanceof RunStopped) return false;
		throw error;
	}
}

async function toKeys(
	session: SyncSession,
	mappings: readonly TableMapping[],
	mapping: TableMapping,
	{ lease }: HeldLease,
): Promise<boolean> {
	const moved = mappings.filter((each) => identityOf(each) === 'systemId');
	let any = false;
	for (const { name } of await withOffer(session, moved, 'key')) {
		// Keys are those of the records, whichever page of the table the mapping is told to read by now.
		const running = await session.store.moveIdentity({ mapping: name, table: null, to: 'key' }, lease);
		if (running === null) any = true;
		else if (name === mapping.name) throw mappingBusy(running, { takenBy: await session.store.leaseInUse(running) });
	}
	return any;
}

async function toSystemIds(session: SyncSession, mapping: TableMapping, held: HeldLease): Promise<boolean> {
	const { bc, name } = mapping;
	if (!bc.page || (await withOffer(session, [mapping], 'systemId')).length === 0) return false;
	const running = await session.store.runningMappings();
	if ([...running].some((other) => other !== name)) return false;
	await askForIds(session, mapping, held);
	return (await session.store.moveIdentity({ mapping: name, table: keyTableOf(bc), to: 'systemId' }, held.lease)) === null;
}

async function withOffer(session: SyncSession, mappings: readonly TableMapping[], wanted: RecordIdentity): Promise<TableMapping[]> {
	const found: TableMapping[] = [];
	for (const mapping of mappings) if ((await offeredIdentity(session, mapping)) === wanted) found.push(mapping);
	return found;
}

/** Null where nobody can tell: the check of the set-up says why. */
async function offeredIdentity(session: SyncSession, mapping: TableMapping): Promise<RecordIdentity | null> {
	const table = identifiedBy(mapping.bc, 'key');
	const fields = usedFields(mapping, rulesOf(mapping.name), 'businessCentral').map(({ field }) => field);
	try {
		await session.businessCentral.absentColumns(table, [...new Set(fields)]);
	} catch (error) {
		// Runs of the mapping stop, but those of others look up its records, which the change feed shows by their keys.
		if (error instanceof SyncError) return error.code === 'BC_CHANGE_FEED_READ_ONLY' ? 'key' : null;
		throw error;
	}
	const [own] = session.businessCentral.surfaces?.(table, []) ?? [];
	return own === undefined ? null : own.kind === 'extension' ? 'systemId' : 'key';
}

/** Notes the SystemIds of all records that anything kept of the mapping names by their keys. */
async function askForIds({ businessCentral, store }: SyncSession, { name, bc }: TableMapping, { keep }: HeldLease): Promise<void> {
	const table = identifiedBy(bc, 'systemId');
	for (let after = ''; ;) {
		await keep();
		const keys = await store.heldIds(name, after, AT_ONCE);
		if (keys.length > 0) {
			const ids = await businessCentral.idsOfKeys!(table, keys);
			const gone = keys.filter((key) => !ids.has(key));
			await store.noteKeys(
				keyTableOf(table),
				[...ids].map(([key, id]) => ({ key, id })),
				gone,
			);
		}
		if (keys.length < AT_ONCE) return;
		after = keys.at(-1)!;
	}
}

/**
 * All mappings, with one of them settled first, for what goes by its records outside of a run. Where a run has it, that one has settled it.
 * @throws as `settleIdentity`; SyncError `MAPPING_UNKNOWN`
 */
export async function loadSettled(session: SyncSession, name: string, known?: Setup): Promise<CompanyMapping[]> {
	const mappings = await loadMappings(session, known);
	const mapping = findMapping(mappings, name);
	if (!pageOf(mapping.bc) || session.preview) return mappings;
	const held = await holdLease(session, name);
	if (isTaken(held)) return mappings;
	try {
		return (await settleIdentity(session, mappings, mapping, held)) ? await loadMappings(session, known) : mappings;
	} finally {
		await held.release();
	}
}

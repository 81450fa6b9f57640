import { SyncError } from '../model/errors';
import { closedAmong, ownerColumns } from '../coupling/pair';
import { loadMappings } from '../defaults/catalog';
import { heldElsewhere, inWords } from '../sync/closed/heldElsewhere';
import type { SyncSession } from '../ports/session';
import type { TableMapping } from '../model/tableMapping';
import type { Coupling } from '../model/coupling';
import { name } from './availability';
import { idOn, type RecordState, survivorOf } from './state';

/** Why records must not be deleted although their partner was: merged, of another company, or needed by another mapping. By the key of the request. */
export async function notToBeDeleted(
	session: SyncSession,
	mapping: TableMapping,
	ready: ReadonlyMap<string, RecordState>,
): Promise<Map<string, SyncError>> {
	const refused = new Map<string, SyncError>();
	const mappings = await loadMappings(session);
	for (const side of ['businessCentral', 'crm'] as const) {
		const group = [...ready].filter(([, state]) => survivorOf(state) === side);
		const ids = group.map(([, state]) => idOn(state, side));
		if (ids.length === 0) continue;
		const held = await heldElsewhere(session, mappings, mapping, side, ids);
		const closed = side === 'crm' ? await closedOf(session, mapping, ids) : new Map<string, SyncError>();
		for (const [key, state] of group) {
			const id = idOn(state, side);
			const coupling = held.get(id);
			const error = closed.get(id) ?? (coupling ? neededElsewhere(state, coupling) : undefined);
			if (error) refused.set(key, error);
		}
	}
	return refused;
}

async function closedOf(session: SyncSession, mapping: TableMapping, ids: readonly string[]): Promise<Map<string, SyncError>> {
	const rows = await session.crm.readByIds(mapping.crm, ids, await ownerColumns(session, mapping));
	return await closedAmong(session, mapping, [...rows.values()]);
}

const neededElsewhere = (state: RecordState, other: Coupling): SyncError =>
	new SyncError({
		code: 'COUPLED_ELSEWHERE',
		errorClass: 'data',
		system: 'engine',
		table: state.mapping.name,
		recordId: state.coupling?.bcId,
		message: `The record of ${name(state)} that is left was not deleted, because it is coupled in another table mapping as well: ${inWords(other)}.`,
		hint: `Uncouple it from ${state.mapping.name} instead, or uncouple it from ${other.mapping} first if both records are to go.`,
	});

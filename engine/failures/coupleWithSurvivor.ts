import { sessionFor } from '../overlay/previewOf';
import { SyncError } from '../model/errors';
import { coupleRecords } from '../coupling/couple';
import type { InitialSync } from '../coupling/initialSync';
import { isMerged, mergeColumnsOf, survivorsOf } from '../mapping/mergedRows';
import { rowMerged } from '../sync/closed/closedErrors';
import type { JobResult } from '../jobs/jobResult';
import type { SystemRecord } from '../model/record';
import type { SyncSession } from '../ports/session';
import { name } from './availability';
import { result, select } from './selected';
import { readStates, type RecordState } from './state';
import type { ActedRecord, ActionResult, FailureSelectionRequest } from './types';
import { failedRecordView } from './view';

export interface CoupleWithSurvivorRequest extends FailureSelectionRequest {
	/** Whose values count where the two differ, as when records are coupled by hand. */
	initial: InitialSync | 'default';
}

/**
 * Records whose CRM row was merged into another row are coupled with that one, where it is free. Where it is coupled with another record, two records
 * of Business Central share one row: that is refused with both names, and a person decides which of them stays coupled. The merged row is left as
 * it is.
 */
export async function coupleWithSurvivor(given: SyncSession, request: CoupleWithSurvivorRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { mapping, ready, settled } = await select(session, request, 'uncouple');
	const rows = await mergedRows(session, [...ready.values()]);
	const survivors = await survivorsOf(session, mapping.crm, [...rows.values()]);
	const jobs: JobResult[] = [];
	for (const [id, state] of ready) {
		const done = await one(state).catch((error: unknown) => {
			// Who waited for the mapping in vain tries again; records that have their new partner by then are left as they are.
			const busy = error instanceof SyncError && error.code === 'MAPPING_BUSY' && session.waitForTurnMs !== undefined;
			if (error instanceof SyncError && !busy) return error;
			throw error;
		});
		settled.set(
			id,
			done instanceof SyncError ? { id, outcome: 'refused', view: failedRecordView(session, state), error: done } : { id, ...done },
		);
	}
	return result(request, settled, jobs);

	async function one(state: RecordState): Promise<Omit<ActedRecord, 'id'>> {
		const coupling = state.coupling!;
		const row = rows.get(coupling.crmId);
		if (!row) throw notMerged(state);
		const survivor = survivors.get(row.id) ?? null;
		const holder = survivor && (await session.store.couplingsOf(mapping.name, 'crm', [survivor.id])).get(survivor.id);
		if (!survivor || holder) throw rowMerged(row, survivor, holder ?? null);
		const { initial } = request;
		const coupled = await coupleRecords(session, { mapping: mapping.name, bcId: coupling.bcId, crmId: survivor.id, initial });
		if (coupled.job) jobs.push(coupled.job);
		const now = (await readStates(session, mapping, 'businessCentral', [coupling.bcId])).get(coupling.bcId);
		const view = failedRecordView(
			session,
			now ?? { ...state, failures: [], crm: survivor, coupling: { ...coupling, crmId: survivor.id, crmName: survivor.name } },
		);
		return { outcome: 'coupled', view };
	}
}

async function mergedRows(session: SyncSession, states: readonly RecordState[]): Promise<Map<string, SystemRecord>> {
	const [first] = states;
	const columns = first ? await mergeColumnsOf(session, first.mapping.crm) : [];
	if (!first || columns.length === 0) return new Map();
	const rows = await session.crm.readByIds(
		first.mapping.crm,
		states.map(({ coupling }) => coupling!.crmId),
		columns,
	);
	return new Map([...rows].filter(([, row]) => isMerged(row)));
}

const notMerged = (state: RecordState): SyncError =>
	new SyncError({
		code: 'ACTION_NOT_AVAILABLE',
		errorClass: 'data',
		system: 'engine',
		table: state.mapping.name,
		recordId: state.coupling?.bcId,
		message: `The CRM record of ${name(state)} was not merged into another one.`,
		hint: 'Nothing to do. To give the record another partner, use Couple.',
	});

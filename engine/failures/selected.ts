import { SyncError } from '../model/errors';
import { findMapping, loadMappings } from '../defaults/catalog';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { refusalOf } from './availability';
import { forgetGone, idOn, isGone, readStates, type RecordState } from './state';
import type { ActedRecord, ActionResult, FailureAction, FailureSelectionRequest } from './types';
import { failedRecordView } from './view';
import { type Side, SYSTEM_NAMES } from '../model/side';
import type { JobResult } from '../jobs/jobResult';

/** Records an action may be carried out on, with what became of the others already written down. */
export interface Selected {
	mapping: TableMapping;
	/** By the id the request named. */
	ready: Map<string, RecordState>;
	settled: Map<string, ActedRecord>;
}

/**
 * Looks at the records named and sorts out those for which the action makes no sense, each with its reason. Couples of which both records are
 * gone lose their coupling here.
 */
export async function select(session: SyncSession, request: FailureSelectionRequest, action: FailureAction): Promise<Selected> {
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const states = await readStates(session, mapping, request.side, request.ids);
	const ready = new Map<string, RecordState>();
	const settled = new Map<string, ActedRecord>();
	const gone: RecordState[] = [];
	for (const id of new Set(request.ids.map((each) => each.toLowerCase()))) {
		const state = states.get(id);
		if (!state) {
			settled.set(id, { id, outcome: 'refused', view: null, error: unknown(mapping, request.side, id) });
			continue;
		}
		const view = failedRecordView(session, state);
		const error = refusalOf(action, state);
		if (isGone(state)) {
			gone.push(state);
			settled.set(id, { id, outcome: 'gone', view });
		} else if (error) settled.set(id, { id, outcome: 'refused', view, error });
		else ready.set(id, state);
	}
	await forgetGone(session, gone);
	return { mapping, ready, settled };
}

/** The result in the order of the request. */
export function result(request: FailureSelectionRequest, settled: ReadonlyMap<string, ActedRecord>, jobs: JobResult[]): ActionResult {
	const ids = [...new Set(request.ids.map((id) => id.toLowerCase()))];
	return { records: ids.flatMap((id) => settled.get(id) ?? []), jobs };
}

/** What a run made of the records that were handed to it: those it names as failed did fail, the others are done. */
export function outcomesOfRun(
	session: SyncSession,
	ready: ReadonlyMap<string, RecordState>,
	side: Side,
	job: JobResult,
	done: ActedRecord['outcome'],
): ActedRecord[] {
	const notDone = stopped(job);
	const failed = new Map(job.failed.map((each) => [each[side]?.id, each]));
	return [...ready].map(([id, state]): ActedRecord => {
		const view = failedRecordView(session, state);
		if (notDone) return { id, outcome: 'refused', view, error: notDone };
		const failure = failed.get(idOn(state, side));
		if (!failure) return { id, outcome: done, view };
		const { errorCode: code, errorClass, message, hint } = failure;
		return { id, outcome: 'failed', view, error: new SyncError({ code, errorClass, message, hint, system: 'engine' }) };
	});
}

/** Records named by hand were not reached: because another run has the mapping, or the run ended before their turn. */
function stopped({ job, busy, failed }: JobResult): SyncError | null {
	if (job.status === 'finished') return null;
	if (busy) return busy;
	// The guard, or what nothing can be delivered with: that says itself what to do.
	const cause = failed.find(({ businessCentral, crm }) => businessCentral === null && crm === null);
	if (cause) {
		const { errorCode, errorClass, message, hint } = cause;
		return new SyncError({ code: errorCode, errorClass, message, hint, system: 'engine' });
	}
	return new SyncError({
		code: 'RUN_STOPPED',
		errorClass: 'transient',
		system: 'engine',
		message: job.message,
		hint: 'See the message of the job; then try again.',
	});
}

const unknown = (mapping: TableMapping, side: Side, id: string): SyncError =>
	new SyncError({
		code: 'RECORD_MISSING',
		errorClass: 'data',
		system: side,
		table: tableOn(mapping, side).name,
		recordId: id,
		message: `There is no record ${id} in ${SYSTEM_NAMES[side]}, and nothing is known of it.`,
		hint: 'Choose the record from the list; it may have been deleted long ago.',
	});

/** Views of records that were dealt with, as they stand afterwards; `side` is the one whose record was there before and still is. */
export async function lookAgain(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	ready: ReadonlyMap<string, RecordState>,
	settled: Map<string, ActedRecord>,
): Promise<void> {
	const now = await readStates(
		session,
		mapping,
		side,
		[...ready.values()].map((state) => idOn(state, side)),
	);
	for (const [id, before] of ready) {
		const state = now.get(idOn(before, side));
		const record = settled.get(id);
		if (state && record) settled.set(id, { ...record, view: failedRecordView(session, state) });
	}
}

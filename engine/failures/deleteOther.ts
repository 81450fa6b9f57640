import { isRunEnding, SyncError } from '../model/errors';
import { recordsForgotten } from '../coupling/initialSync';
import type { RunningJob } from '../jobs/jobPlan';
import { runJob } from '../jobs/runJob';
import { sessionFor } from '../overlay/previewOf';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { name } from './availability';
import { notToBeDeleted } from './mayBeDeleted';
import { outcomesOfRun, result, select } from './selected';
import { idOn, type RecordState, survivorOf } from './state';
import type { ActedRecord, ActionResult, FailureSelectionRequest } from './types';
import { failedRecordView } from './view';
import { type Side, SIDES } from '../model/side';
import type { WriteOutcome } from '../ports/write';
import type { FailedRecord, JobResult } from '../jobs/jobResult';
import { directionFrom } from '../model/direction';
import { fieldOn } from '../model/fieldMapping';
import { loadMappings } from '../defaults/catalog';
import { deleteRecords } from '../sync/cascades/deleteRecords';
import { ownFields, takenAlong } from '../sync/cascades/takenAlong';
import { editsOf } from '../sync/decide/edits';

const PAGE = 100;

/**
 * Where one record of a couple was deleted, deletes the other one too, and the coupling with it. A record that was changed
 * after it was looked at is left alone; without the permission to delete nothing is lost, neither record nor coupling.
 */
export async function deleteOther(given: SyncSession, request: FailureSelectionRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { mapping, ready, settled } = await select(session, request, 'deleteOther');
	for (const [id, error] of await notToBeDeleted(session, mapping, ready)) {
		settled.set(id, { id, outcome: 'refused', view: failedRecordView(session, ready.get(id)!), error });
		ready.delete(id);
	}
	if (ready.size === 0) return result(request, settled, []);
	const options = { type: 'uncoupling' as const, returnChanges: ready.size, returnFailures: ready.size };
	const job = await runJob(session, { mapping, ...options }, async (running) => {
		for (const side of ['businessCentral', 'crm'] as const) {
			const group = [...ready].filter(([, state]) => survivorOf(state) === side);
			for (let start = 0; start < group.length; start += PAGE) {
				await running.checkpoint();
				for (const record of await deletePage(session, mapping, side, group.slice(start, start + PAGE), running)) {
					settled.set(record.id, record);
				}
			}
		}
		const { deleted, failed, preview } = running.recorder.job;
		return `${preview ? 'Would delete' : 'Deleted'} ${deleted}.${failed > 0 ? ` ${failed} could not be deleted.` : ''}`;
	});
	// Who waited for the mapping of what goes along, in vain, tries again: what was deleted is gone, and the rest stands as it was.
	const busy = job.failed.find(({ errorCode }) => errorCode === 'MAPPING_BUSY');
	if (busy && session.waitForTurnMs !== undefined) throw asError(busy);
	// What was not reached, because the job could not run or was stopped, stands as it was.
	const open = new Map([...ready].filter(([id]) => !settled.has(id)));
	for (const record of outcomesOfRun(session, open, request.side, job, 'failed')) settled.set(record.id, why(record, job));
	return result(request, settled, [job]);
}

async function deletePage(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	page: ReadonlyArray<[string, RecordState]>,
	job: RunningJob,
): Promise<ActedRecord[]> {
	const table = tableOn(mapping, side);
	const system = session[side];
	const fields = ownFields(mapping, side);
	const read = await system.readByIds(
		table,
		page.map(([, state]) => idOn(state, side)),
		fields.map((field) => fieldOn(field, side)!),
	);
	// Named in the log before they go, with what was edited: a crash after the deletion must not hide what was deleted.
	for (const [, state] of page) {
		const record = read.get(idOn(state, side)) ?? state[side]!;
		job.recorder.deleting(directionFrom(side), pairOf(state), editsOf(fields, side, record, state.coupling!));
	}
	await job.commit({});
	const doomed = page.map(([, state]) => state[side]!);
	const along = await takenAlong(session, await loadMappings(session), side, { table, records: doomed });
	const outcomes = await deleteRecords({ session, mapping, recorder: job.recorder, lease: null }, side, doomed, along);
	const lost = page.filter((_, index) => outcomes[index]!.status === 'unknown').map(([, state]) => idOn(state, side));
	const left = lost.length > 0 ? await system.existing(table, lost) : new Set<string>();
	const done: RecordState[] = [];
	let stopped: SyncError | undefined;
	const records = page.flatMap(([id, state], index): ActedRecord[] => {
		const outcome = outcomes[index]!;
		const view = failedRecordView(session, state);
		const gone = outcome.status === 'unknown' && !left.has(idOn(state, side));
		if (outcome.status === 'written' || outcome.status === 'missing' || gone) {
			done.push(state);
			return [{ id, outcome: 'deleted', view: { ...view, [side]: { ...view[side], exists: false, url: null } } }];
		}
		const error = reason(outcome, state, side);
		if (error.errorClass === 'setup' || isRunEnding(error)) {
			stopped = error;
			return [];
		}
		job.recorder.fail(
			{ direction: directionFrom(side), sourceId: idOn(state, side), sourceVersion: state[side]!.version },
			pairOf(state),
			error,
		);
		return [{ id, outcome: 'refused', view, error }];
	});
	for (const state of done) {
		job.recorder.count('deleted');
		job.recorder.change({ action: 'delete', written: side, fields: [] }, pairOf(state));
	}
	// After the deletion: a crash in between leaves a coupling without records, which disappears as soon as it is looked at.
	await job.commit({
		uncouple: done.map(({ coupling }) => coupling!),
		...recordsForgotten(done.map(({ coupling }) => coupling!)),
	});
	if (stopped) throw stopped;
	return records;
}

const pairOf = (state: RecordState) => {
	const { businessCentral, crm, coupling } = state;
	return { businessCentral, crm, coupling, gone: SIDES.filter((side) => !state[side] && !state.hidden.includes(side)) };
};

function reason(outcome: WriteOutcome, state: RecordState, side: Side): SyncError {
	if (outcome.status === 'failed') return outcome.error;
	return new SyncError({
		code: outcome.status === 'stale' ? 'CHANGED_MEANWHILE' : 'ANSWER_LOST',
		errorClass: outcome.status === 'stale' ? 'data' : 'transient',
		system: side,
		recordId: idOn(state, side),
		message:
			outcome.status === 'stale'
				? `${name(state)} was changed while it was to be deleted, so it was left alone.`
				: `Whether ${name(state)} was deleted is not known: the answer was lost, and the record is still there.`,
		hint: outcome.status === 'stale' ? 'Look at the change; then delete the record again, or restore its partner.' : 'Try again.',
	});
}

/** The error that ended the job is what a record that was not reached is told. */
function why(record: ActedRecord, { job, failed }: JobResult): ActedRecord {
	const cause = failed.find(({ businessCentral, crm }) => businessCentral === null && crm === null);
	if (job.status !== 'failed' || !cause) return record;
	return { ...record, outcome: 'refused', error: asError(cause) };
}

const asError = ({ errorCode: code, errorClass, message, hint }: FailedRecord): SyncError =>
	new SyncError({ code, errorClass, message, hint, system: 'engine' });

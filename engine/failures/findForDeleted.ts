import { SyncError } from '../model/errors';
import type { RunningJob } from '../jobs/jobPlan';
import { runJob } from '../jobs/runJob';
import { sessionFor } from '../overlay/previewOf';
import { findMapping, loadMappings } from '../defaults/catalog';
import type { SyncSession } from '../ports/session';
import { forgetGone, idOn, isGone, type RecordState, statesOf, survivorOf } from './state';
import type { FailedRecordView } from './types';
import { failedRecordView } from './view';
import { otherSide, type Side, SIDES } from '../model/side';
import type { Coupling } from '../model/coupling';
import type { Failure } from '../model/failure';
import type { JobResult } from '../jobs/jobResult';
import { directionFrom } from '../model/direction';

export interface FindForDeletedRequest {
	mapping: string;
	preview?: boolean;
	/** Upper limit of couples listed; default 1,000. All are marked. */
	limit?: number;
}

export interface FoundDeleted {
	/** Couples of which one record was deleted. */
	missing: FailedRecordView[];
	/** Those beyond the limit. */
	more: number;
	/** Couplings that were removed because both records are gone. */
	gone: number;
	/** Couplings looked at. */
	checked: number;
	job: JobResult;
}

const PAGE = 1_000;
const CODE = 'PARTNER_DELETED';

/**
 * Looks whether the records of all couplings of a mapping still exist, in batches. Of a couple with one record missing the
 * other one is marked: as skipped where the mapping has no deletion strategy, so that it waits for somebody to act, otherwise as to be tried, so
 * that the next run applies the strategy. Couplings of which both records are gone are removed. A mark whose reason is gone is taken back.
 */
export async function findForDeleted(given: SyncSession, request: FindForDeletedRequest): Promise<FoundDeleted> {
	const session = sessionFor(given, request.preview);
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const limit = request.limit ?? PAGE;
	const found = { missing: [] as FailedRecordView[], more: 0, gone: 0, checked: 0 };
	const options = { type: 'coupling' as const, returnChanges: 0, returnFailures: 0 };
	const job = await runJob(session, { mapping, ...options }, async (running) => {
		let next: string | undefined;
		do {
			await running.checkpoint();
			const page = await session.store.findCouplings({ mapping: mapping.name, limit: PAGE, ...(next ? { next } : {}) });
			next = page.next;
			const pairs = page.rows.map(({ failure: _, ...coupling }) => ({ coupling: coupling as Coupling, id: coupling.bcId }));
			const states = await statesOf(session, mapping, 'businessCentral', pairs);
			found.checked += states.length;
			for (const state of await settlePage(session, states, running)) {
				if (found.missing.length < limit) found.missing.push(failedRecordView(session, state));
				else found.more++;
			}
			found.gone += states.filter(isGone).length;
		} while (next);
		const missing = found.missing.length + found.more;
		const words = [`${found.checked} couplings looked at`, `${missing} with a deleted record`];
		if (found.gone > 0)
			words.push(`${found.gone} ${running.recorder.job.preview ? 'would be' : 'were'} removed because both records are gone`);
		return `${words.join(', ')}.`;
	});
	return { ...found, job };
}

/** Marks the couples with a missing record, and answers them as they stand then. */
async function settlePage(session: SyncSession, states: readonly RecordState[], job: RunningJob): Promise<RecordState[]> {
	const gone = states.filter(isGone);
	const marked: RecordState[] = [];
	const cured: Failure[] = [];
	const marks: Failure[] = [];
	for (const state of states) {
		const survivor = survivorOf(state);
		if (survivor) {
			const mark = markOf(state, survivor, job.recorder.now());
			marks.push(mark);
			marked.push({ ...state, failures: [mark, ...state.failures.filter(({ direction }) => direction !== mark.direction)] });
			job.recorder.count('skipped');
		} else if (!isGone(state)) cured.push(...state.failures.filter(({ errorCode }) => errorCode === CODE));
	}
	for (const state of gone) {
		job.recorder.count('uncoupled');
		job.recorder.change(
			{ action: 'uncouple', written: 'crm', fields: [] },
			{ businessCentral: null, crm: null, coupling: state.coupling, gone: SIDES },
		);
	}
	await forgetGone(session, gone);
	await job.commit({ failures: marks, failuresDone: cured });
	return marked;
}

function markOf(state: RecordState, survivor: Side, now: string): Failure {
	const { mapping } = state;
	const direction = directionFrom(survivor);
	const known = state.failures.find((failure) => failure.direction === direction);
	const error = partnerDeleted(survivor);
	return {
		mapping: mapping.name,
		direction,
		sourceId: idOn(state, survivor),
		errorClass: error.errorClass,
		errorCode: error.code,
		message: error.message,
		hint: error.hint,
		attempts: known?.errorCode === CODE ? known.attempts : 1,
		skipped: mapping.deletion === 'none',
		sourceVersion: state[survivor]!.version,
		firstFailedAt: known?.firstFailedAt ?? now,
		failedAt: now,
	};
}

const partnerDeleted = (survivor: Side): SyncError =>
	new SyncError({
		code: CODE,
		errorClass: 'data',
		system: otherSide(survivor),
		message: `The coupled record was deleted in ${survivor === 'crm' ? 'Business Central' : 'CRM'}.`,
		hint: 'In Couple Records, restore it, delete the other record, or uncouple the two; or set a deletion strategy for the table mapping.',
	});

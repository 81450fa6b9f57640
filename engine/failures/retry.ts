import { findMapping, loadMappings } from '../defaults/catalog';
import { sessionFor } from '../overlay/previewOf';
import type { SyncSession } from '../ports/session';
import { result, select } from './selected';
import type { ActionResult, FailureSelectionRequest } from './types';
import { failedRecordView } from './view';

/**
 * Skipped records are tried again by the next normal run, in both directions. The same error again leaves them alone again.
 * Both records of a couple must exist; a record without a partner needs a run that creates records.
 */
export async function retryRecords(given: SyncSession, request: FailureSelectionRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { ready, settled } = await select(session, request, 'retry');
	const failures = [...ready.values()].flatMap((state) => state.failures);
	if (failures.length > 0) await session.store.commit({ failuresDue: failures });
	for (const [id, state] of ready) {
		const due = { ...state, failures: state.failures.map((failure) => ({ ...failure, skipped: false })) };
		settled.set(id, { id, outcome: 'retried', view: failedRecordView(session, due) });
	}
	return result(request, settled, []);
}

export interface RetriedMapping {
	mapping: string;
	/** Records that were skipped, by direction, and are tried again by the next run. */
	toCrm: number;
	fromCrm: number;
}

const PAGE = 1_000;

/** All skipped records of a mapping, or of all mappings. Touches the store only. */
export async function retryAll(given: SyncSession, request: { mapping?: string; preview?: boolean }): Promise<RetriedMapping[]> {
	const session = sessionFor(given, request.preview);
	const all = await loadMappings(session);
	const mappings = request.mapping === undefined ? all : [findMapping(all, request.mapping)];
	const retried: RetriedMapping[] = [];
	for (const { name } of mappings) {
		const counts = { mapping: name, toCrm: 0, fromCrm: 0 };
		for (const direction of ['toCrm', 'fromCrm'] as const) {
			let afterSourceId: string | undefined;
			for (;;) {
				const page = await session.store.failures(name, direction, {
					includeSkipped: true,
					only: 'skipped',
					limit: PAGE,
					...(afterSourceId === undefined ? {} : { afterSourceId }),
				});
				if (page.length === 0) break;
				afterSourceId = page[page.length - 1]!.sourceId;
				counts[direction] += page.length;
				await session.store.commit({ failuresDue: page });
			}
		}
		retried.push(counts);
	}
	return retried;
}

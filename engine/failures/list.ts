import { findMapping, loadMappings } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { forgetGone, isGone, type RecordState, statesOf } from './state';
import type { FailedRecordView } from './types';
import { failedRecordView } from './view';
import type { Side } from '../model/side';
import { sourceSide } from '../model/direction';
import type { Failure } from '../model/failure';

export interface FailedRecordQuery {
	/** Default: all mappings. */
	mapping?: string;
	/** `failed`: tried again by every run; default both. */
	state?: 'failed' | 'skipped';
	/** Only couples with a deleted record. */
	missing?: Side | 'either';
	/** Part of a number or name. */
	text?: string;
	limit: number;
	/** From the page before. */
	next?: string;
}

/** Failures looked at in one batch. */
const BATCH = 500;

/**
 * Records that could not be delivered, page by page and in any number — couples, and records that have no partner
 * because creating it failed. Looks in both systems for numbers, names and whether the records still exist, one batched read per system and page.
 * A couple that fails in both directions is one row. What is gone in both systems loses its coupling and is not listed.
 */
export async function listFailedRecords(
	session: SyncSession,
	query: FailedRecordQuery,
): Promise<{ rows: FailedRecordView[]; next?: string }> {
	const mappings = await loadMappings(session);
	if (query.mapping !== undefined) findMapping(mappings, query.mapping);
	const rows: FailedRecordView[] = [];
	let next = query.next;
	for (;;) {
		const batch = await session.store.listFailures({
			...(query.mapping === undefined ? {} : { mapping: query.mapping }),
			...(query.state === undefined ? {} : { skipped: query.state === 'skipped' }),
			// Never more than fit, so that no row of a page is dropped at its end.
			limit: Math.min(BATCH, query.limit - rows.length),
			...(next === undefined ? {} : { next }),
		});
		for (const [name, failures] of byMapping(batch.rows)) {
			const mapping = mappings.find((each) => each.name === name);
			if (!mapping) continue;
			const states = await liveStates(session, mapping, failures, query.state);
			rows.push(...states.map((state) => failedRecordView(session, state)).filter((row) => fits(row, query)));
		}
		next = batch.next;
		if (next === undefined) return { rows };
		if (rows.length >= query.limit) return { rows, next };
	}
}

function byMapping(failures: readonly Failure[]): Map<string, Failure[]> {
	const groups = new Map<string, Failure[]>();
	for (const failure of failures) groups.set(failure.mapping, [...(groups.get(failure.mapping) ?? []), failure]);
	return groups;
}

/** One state for each couple or lone record, without those that are gone. */
async function liveStates(
	session: SyncSession,
	mapping: TableMapping,
	failures: readonly Failure[],
	listed: FailedRecordQuery['state'],
): Promise<RecordState[]> {
	const states: RecordState[] = [];
	for (const direction of ['toCrm', 'fromCrm'] as const) {
		const side = sourceSide(direction);
		const ids = failures.filter((failure) => failure.direction === direction).map(({ sourceId }) => sourceId);
		if (ids.length === 0) continue;
		const couplings = await session.store.couplingsOf(mapping.name, side, ids);
		const pairs = ids.map((id) => ({ id, coupling: couplings.get(id) ?? null }));
		states.push(
			...(await statesOf(session, mapping, side, pairs)).filter((state) => direction === 'toCrm' || !listedBefore(state, listed)),
		);
	}
	await forgetGone(session, states.filter(isGone));
	return states.filter((state) => !isGone(state));
}

/** A couple that fails in both directions was listed with its failure towards CRM. */
const listedBefore = ({ failures }: RecordState, listed: FailedRecordQuery['state']): boolean =>
	failures.some(({ direction, skipped }) => direction === 'toCrm' && (listed === undefined || skipped === (listed === 'skipped')));

function fits({ businessCentral, crm }: FailedRecordView, { missing, text }: FailedRecordQuery): boolean {
	const gone = { businessCentral: businessCentral?.exists === false, crm: crm?.exists === false };
	if (missing !== undefined && !(missing === 'either' ? gone.businessCentral || gone.crm : gone[missing])) return false;
	const wanted = text?.trim().toLowerCase();
	if (!wanted) return true;
	return [businessCentral?.number, businessCentral?.name, crm?.name].some((part) => part?.toLowerCase().includes(wanted));
}

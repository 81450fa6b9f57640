import type { SyncError } from '../../model/errors';
import { fieldOn } from '../../model/fieldMapping';
import type { WriteOutcome } from '../../ports/write';
import type { PassContext } from '../contract/passContext';
import type { WorkItem } from '../contract/workItem';

/** Refusals that concern one record or all of them: the text does not tell, how many meet it does. */
const MAY_BE_SHARED: ReadonlySet<string> = new Set(['BC_PERMISSION_MISSING', 'CRM_ROW_OUT_OF_REACH']);
/** Fewer than that may well be chance. */
const LEAST = 3;

/**
 * A refusal for want of a permission that most writes of a page met with the same text: what is wrong is wrong for all, so the run stops, no record is
 * blamed, and none is skipped. Undefined where it concerns single records.
 */
export function sharedTrouble(outcomes: readonly WriteOutcome[]): SyncError | undefined {
	const counts = new Map<string, { error: SyncError; count: number }>();
	for (const outcome of outcomes) {
		if (outcome.status !== 'failed' || outcome.error.errorClass !== 'data' || !MAY_BE_SHARED.has(outcome.error.code)) continue;
		const known = counts.get(keyOf(outcome.error));
		counts.set(keyOf(outcome.error), { error: outcome.error, count: (known?.count ?? 0) + 1 });
	}
	const most = [...counts.values()].find(({ count }) => count >= LEAST && count * 2 > outcomes.length);
	return most && asSetup(most.error);
}

/** Whether the refusal is the one that most met. */
export const isSame = (error: SyncError, shared: SyncError | undefined): boolean =>
	shared !== undefined && MAY_BE_SHARED.has(error.code) && keyOf(error) === keyOf(shared);

/** Refusals of what a field refers to. */
const OF_REFERENCE: ReadonlySet<string> = new Set(['CRM_OWNER_NOT_ALLOWED', 'CRM_REFERENCE_GONE']);

/** Names what was referred to, such as the salesperson whose user may not own the row, as the source knows it. */
export function withReference({ fields, source, target }: PassContext, item: WorkItem, error: SyncError): SyncError {
	if (!OF_REFERENCE.has(error.code)) return error;
	const field = fields.find((each) => fieldOn(each, target.side) === error.field);
	const value = field && item.source.values[fieldOn(field, source.side)!];
	if (!field || value === undefined || value === null || value === '') return error;
	const where = error.code === 'CRM_REFERENCE_GONE' && field.mapping ? ` It is a record of the table mapping ${field.mapping}.` : '';
	return error.with({
		message: `${field.caption} ${String(value)}: ${error.message}`,
		hint: `${error.hint}${where}`,
	});
}

const asSetup = (error: SyncError): SyncError =>
	error.with({
		errorClass: 'setup',
		hint: `${error.hint} Most records of the page met the same refusal, so nothing is skipped: the next run delivers them all.`,
	});

/** Records differ by their ids and numbers, not by what is wrong. */
const keyOf = ({ code, message }: SyncError): string => `${code} ${message.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/gi, '#')}`;

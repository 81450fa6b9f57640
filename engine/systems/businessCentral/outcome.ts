import type { PartAnswer } from '../odata/batch';
import { readRow, type Row } from '../odata/envelope';
import { type ErrorContext, noAnswerError, serviceError, serviceText, unreadableError } from '../odata/errors';
import { NoAnswer } from '../odata/transport';
import type { WriteOutcome } from '../../ports/write';

/** What became of one change: the row as it is now, or an outcome that ends it. `null` = done, but the service sent no row. */
export type WriteResult = { row: Row | null } | { outcome: WriteOutcome };

/**
 * Reads the answer to an insert, update or delete. Business Central uses 409 for several things, so the code decides, not the status
 * (codes: learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/dynamics-error-codes).
 */
export function writeResult(answer: PartAnswer | NoAnswer, kind: 'insert' | 'update' | 'delete', context: ErrorContext): WriteResult {
	if (answer instanceof NoAnswer) {
		return { outcome: { status: answer.delivered ? 'unknown' : 'failed', error: noAnswerError(answer, context) } };
	}
	if (answer.status === 204) return { row: null };
	if (answer.status >= 200 && answer.status < 300) {
		const row = readRow(answer.body);
		return row ? { row } : { outcome: { status: 'unknown', error: unreadableError(answer, context) } };
	}
	const { code } = serviceText(answer.body);
	if (code === 'Request_EntityChanged' || code === 'BadRequest_InvalidToken' || answer.status === 412)
		return { outcome: { status: 'stale' } };
	if (kind === 'insert' && code === 'Internal_EntityWithSameKeyExists') return { outcome: { status: 'exists' } };
	const error = serviceError(answer, context);
	if (kind !== 'insert' && answer.status === 404 && error.code === 'BC_NOT_FOUND') return { outcome: { status: 'missing', error } };
	return { outcome: { status: 'failed', error } };
}

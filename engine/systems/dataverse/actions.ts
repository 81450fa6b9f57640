import type { TableSource } from '../../model/record';
import type { ActionOperation, WriteOutcome } from '../../ports/write';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError } from '../odata/errors';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';

/** `path`: of the service, or of the set that the action's record is in. ("Use Web API actions", bound and unbound) */
export const actionPart = (path: string, { id, name, parameters }: ActionOperation): BatchPart => ({
	method: 'POST',
	url: id === null ? `${path}/${name}` : `${path}(${id.toLowerCase()})/${name}`,
	headers: { ...PART_HEADERS },
	body: parameters,
});

/** What became of an action. It has no row of its own to be stale or missing: a refusal says whatever it says. */
export function actionOutcome(
	connection: Connection,
	table: TableSource,
	{ id }: ActionOperation,
	answer: PartAnswer | NoAnswer,
): WriteOutcome {
	const context = connection.context(false, table.name, id ?? undefined);
	if (answer instanceof NoAnswer) return { status: answer.delivered ? 'unknown' : 'failed', error: noAnswerError(answer, context) };
	if (answer.status >= 400) return { status: 'failed', error: serviceError(answer, context) };
	const record = { id: id ?? '', modifiedAt: '', version: '', number: '', name: '', values: {} };
	return { status: 'written', record, ...(answer.body === undefined ? {} : { answer: answer.body }) };
}

import { SyncError } from '../../../model/errors';
import type { Connection } from '../../odata/connection';
import { noAnswerError, serviceError } from '../../odata/errors';
import { NoAnswer } from '../../odata/transport';
import type { ChoiceColumn } from './choiceColumns';
import { notAllowed } from './refusals';

/** Publishing a table takes the service many seconds. */
const TIMEOUT_MS = 300_000;

/**
 * Publishes the tables and global choices of the columns in one request. Answers the error when that failed, so that what was changed stays open:
 * of class `setup` when the user may not publish, else `transient`.
 */
export async function publish(connection: Connection, root: string, columns: readonly ChoiceColumn[]): Promise<SyncError | null> {
	const tables = [...new Set(columns.filter(({ globalName }) => globalName === null).map(({ table }) => table))];
	const globals = [...new Set(columns.flatMap(({ globalName }) => globalName ?? []))];
	const ParameterXml =
		'<importexportxml>' +
		`<entities>${tables.map((name) => `<entity>${name}</entity>`).join('')}</entities>` +
		`<optionsets>${globals.map((name) => `<optionset>${name}</optionset>`).join('')}</optionsets>` +
		'</importexportxml>';
	const context = connection.context(false, tables[0]);
	try {
		const answer = await connection.exchange({
			method: 'POST',
			url: `${root}/PublishXml`,
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ ParameterXml }),
			expects: 'json',
			repeatable: true,
			timeoutMs: TIMEOUT_MS,
		});
		if (answer.status >= 200 && answer.status < 300) return null;
		const error = serviceError(answer, context);
		if (answer.status === 403) return notAllowed(error);
		return error.errorClass === 'setup' ? error : notPublished(error);
	} catch (error) {
		if (error instanceof NoAnswer && error.ending) return noAnswerError(error, context);
		if (error instanceof NoAnswer) return notPublished(noAnswerError(error, context));
		throw error;
	}
}

const notPublished = (cause: SyncError): SyncError =>
	new SyncError({
		code: 'CRM_CHOICE_UNPUBLISHED',
		errorClass: 'transient',
		system: 'crm',
		...(cause.httpStatus === undefined ? {} : { httpStatus: cause.httpStatus }),
		message: `The choices were changed, but Dataverse did not publish them: ${cause.message}`,
		hint: 'Nothing needs to be done: the next run publishes them. Dataverse refuses to publish while a solution is being installed or published.',
		cause,
	});

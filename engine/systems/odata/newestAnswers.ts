import { SyncError } from '../../model/errors';
import type { BatchPart, PartAnswer } from './batch';
import type { BatchRunner } from './batchRunner';
import { fixedSize } from './batchSize';
import type { Connection } from './connection';
import { readPage, type Row } from './envelope';
import { noAnswerError, serviceError, unreadableError } from './errors';
import { NoAnswer } from './transport';

/** Parts of one batch: more tables than anybody maps, and no more than either service takes (100 in Business Central, 1,000 in Dataverse). */
const PARTS = 100;

/** The rows of each part, or the error that the service answered it with; all in one request. */
export async function newestRows(
	{ connection, runner }: { connection: Connection; runner: BatchRunner },
	url: string,
	asked: ReadonlyArray<{ part: BatchPart; table: string }>,
): Promise<Array<Row[] | SyncError>> {
	const call = { url, repeatable: true, reading: true, sizer: fixedSize(PARTS), ...(asked.length === 1 ? { table: asked[0]!.table } : {}) };
	const answers = await runner.run(
		asked.map(({ part }) => part),
		call,
	);
	return answers.map((answer, index) => rowsOf(connection, answer, asked[index]!.table));
}

function rowsOf(connection: Connection, answer: PartAnswer | NoAnswer, table: string): Row[] | SyncError {
	const context = connection.context(true, table);
	if (answer instanceof NoAnswer) return noAnswerError(answer, context);
	if (answer.status !== 200) return serviceError(answer, context);
	// Whatever is on further pages lies beyond the limit, or is asked for by its stamps.
	return readPage(answer.body)?.rows ?? unreadableError(answer, context);
}

/** What is wrong with one answer of several. */
export function orFailed<T>(rows: Row[] | SyncError, read: (rows: Row[]) => T): { records: T } | { failed: SyncError } {
	if (rows instanceof SyncError) return { failed: rows };
	try {
		return { records: read(rows) };
	} catch (error) {
		if (error instanceof SyncError) return { failed: error };
		throw error;
	}
}

import type { SyncError } from '../../model/errors';
import type { BatchRunner } from '../odata/batchRunner';
import { fixedSize } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';

/** See `RecordSystem.refusedReads`. */
export async function refusedReads(
	{ connection, runner, reader, root }: { connection: Connection; runner: BatchRunner; reader: Reader; root: string },
	tables: readonly string[],
): Promise<Map<string, SyncError>> {
	const refused = new Map<string, SyncError>();
	const base = new URL(root).pathname;
	const shapes = await Promise.all(tables.map((name) => reader.shape({ name, numberField: null, nameField: '' }, [])));
	const parts = shapes.map((shape) => ({
		method: 'GET' as const,
		url: `${base}/${shape.set}${queryString({ $select: shape.primaryId, $top: '1' })}`,
		headers: PART_HEADERS,
	}));
	if (parts.length === 0) return refused;
	const sizer = fixedSize(parts.length);
	const answers = await runner.run(parts, { url: `${root}/$batch`, table: 'systemuser', repeatable: true, reading: true, sizer });
	answers.forEach((answer, index) => {
		const table = tables[index]!;
		const context = connection.context(true, table);
		if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
		if (answer.status !== 200) refused.set(table, serviceError(answer, context));
	});
	return refused;
}

import type { NewestAnswer, NewestQuestion } from '../../ports/newest';
import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import type { Connection } from '../odata/connection';
import { identified } from '../odata/identified';
import { allOf, queryString } from '../odata/literals';
import { newestRows, orFailed } from '../odata/newestAnswers';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';
import { property, type Shape, toRecord } from './rows';

interface Tools {
	connection: Connection;
	runner: BatchRunner;
	reader: Reader;
	root: string;
}

/** See `RecordSystem.readNewest`. `$top` may be up to 5,000 ("Query data using the Web API"). */
export async function readNewest(tools: Tools, questions: readonly NewestQuestion[]): Promise<NewestAnswer[]> {
	if (questions.length === 0) return [];
	const { connection, reader, root } = tools;
	const shapes = await Promise.all(questions.map(({ table, fields }) => reader.shape(table, fields)));
	const asked = questions.map((question, index) => ({ part: partOf(root, question, shapes[index]!), table: question.table.name }));
	const answers = await newestRows(tools, `${root}/$batch`, asked);
	return answers.map((rows, index) => {
		const { table, fields } = questions[index]!;
		const bare = { ...table, numberField: null };
		const read = (given: Parameters<typeof toRecord>[0][]) => given.map((row) => toRecord(row, shapes[index]!, bare, fields));
		return orFailed(rows, (given) => identified(read(given), connection, table.name));
	});
}

function partOf(root: string, { fields, filter, since, until, limit }: NewestQuestion, shape: Shape): BatchPart {
	const query = queryString({
		$select: [...new Set([shape.primaryId, 'modifiedon', ...fields.map((field) => property(shape, field))])].join(','),
		$filter: allOf(filter, `modifiedon ge ${since}`, until === null ? null : `modifiedon le ${until}`),
		$orderby: `modifiedon desc,${shape.primaryId} asc`,
		$top: String(limit),
	});
	return { method: 'GET', url: `${new URL(root).pathname}/${shape.set}${query}`, headers: PART_HEADERS };
}

import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { LEAST_READS, spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { readPage } from '../odata/envelope';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { type Addresses, apiAddress } from './address';
import { valuesOf } from './records';
import type { FieldName, FieldValue } from '../../model/record';

/**
 * Rows of an entity set for each of several filters, by their position. Some pages work their rows out for one record at a time and refuse a
 * filter that names several (`contactsInformation`): the questions still go together in batches.
 */
export async function readEach(
	{ connection, runner, addresses, batchSize }: { connection: Connection; runner: BatchRunner; addresses: Addresses; batchSize: number },
	entitySet: string,
	fields: readonly FieldName[],
	filters: readonly string[],
): Promise<Array<Array<Record<FieldName, FieldValue>>>> {
	if (filters.length === 0) return [];
	const { root, path } = apiAddress(addresses, entitySet);
	const parts = filters.map((filter): BatchPart => ({
		method: 'GET',
		url: path + queryString({ $filter: filter, $select: [...new Set(fields)].join(',') }),
		headers: {},
	}));
	const sizer = spread(batchSize, LEAST_READS);
	const answers = await runner.run(parts, { url: `${root}/$batch`, table: entitySet, repeatable: true, reading: true, sizer });
	const found: Array<Array<Record<FieldName, FieldValue>>> = [];
	for (const answer of answers) {
		const context = connection.context(true, entitySet);
		if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
		if (answer.status !== 200) throw serviceError(answer, context);
		const page = readPage(answer.body);
		if (page === null) throw unreadableError(answer, context);
		const rest = page.nextLink === null ? [] : await connection.all(page.nextLink, { table: entitySet });
		found.push([...page.rows, ...rest].map((row) => valuesOf(row, fields)));
	}
	return found;
}

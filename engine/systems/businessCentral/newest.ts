import type { SystemRecord } from '../../model/record';
import type { NewestAnswer, NewestQuestion } from '../../ports/newest';
import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { identified } from '../odata/identified';
import { allOf, queryString } from '../odata/literals';
import { newestRows, orFailed } from '../odata/newestAnswers';
import type { Addresses } from './address';
import { ownFields } from './fields';
import { pageError } from './pageErrors';
import { primarySet, type PrimarySet } from './primary';
import { identityFields, toRecord } from './records';
import type { TableSource } from '../../model/record';

const STAMP = 'lastModifiedDateTime';

interface Tools {
	connection: Connection;
	runner: BatchRunner;
	addresses: Addresses;
}

/** Pages published under OData V4 have no stamp; the page of the extension that stands for one has. */
export function hasNewest(addresses: Addresses, table: TableSource): boolean {
	const { stamped, extension, set } = primarySet(addresses, table);
	return stamped || (extension && (addresses.offered?.get(set)?.has(STAMP) ?? false));
}

/** See `RecordSystem.readNewest`. Parts of a `$batch` belong to one API, so each API that shows a table takes a request. */
export async function readNewest(tools: Tools, questions: readonly NewestQuestion[]): Promise<NewestAnswer[]> {
	const sets = questions.map(({ table }) => primarySet(tools.addresses, table));
	const answers = new Array<NewestAnswer>(questions.length);
	for (const root of new Set(sets.map((set) => set.root))) {
		const indexes = questions.flatMap((_, index) => (sets[index]!.root === root ? [index] : []));
		const asked = indexes.map((index) => ({ part: partOf(questions[index]!, sets[index]!), table: sets[index]!.set }));
		const found = await newestRows(tools, `${root}/$batch`, asked);
		for (const [position, index] of indexes.entries())
			answers[index] = explained(
				orFailed(found[position]!, (rows) => recordsOf(tools.connection, rows, questions[index]!, sets[index]!)),
				questions[index]!.table,
				sets[index]!,
			);
	}
	return answers;
}

function partOf({ table, fields, filter, since, until, limit }: NewestQuestion, set: PrimarySet): BatchPart {
	const names = [...identityFields(table), ...ownFields(fields)].map((name) => set.there(name));
	const query = queryString({
		$select: [...new Set([...names, STAMP])].join(','),
		$filter: allOf(set.textThere(filter), `${STAMP} ge ${since}`, until === null ? null : `${STAMP} le ${until}`),
		$orderby: `${STAMP} desc`,
		$top: String(limit),
	});
	return { method: 'GET', url: set.path + query, headers: {} };
}

function recordsOf(connection: Connection, rows: readonly Row[], { table, fields }: NewestQuestion, set: PrimarySet): SystemRecord[] {
	const bare = { ...table, numberField: null };
	const records = rows.map((row) => ({ ...toRecord(set.here(row), bare, ownFields(fields)), modifiedAt: stampOf(row[STAMP]) }));
	return identified(records, connection, set.set);
}

function stampOf(value: unknown): string {
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

const explained = (answer: NewestAnswer, table: TableSource, set: PrimarySet): NewestAnswer =>
	'failed' in answer ? { failed: pageError(answer.failed, table, set) as typeof answer.failed } : answer;

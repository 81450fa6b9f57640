import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { LEAST_READS, spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { noAnswerError, serviceError, serviceText } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';
import { speaksOf } from './speaksOf';
import type { TableSource } from '../../model/record';

const PARTS_PER_REQUEST = 500;
/** ObjectDoesNotExist ("Web service error codes"). */
const ROW_MISSING = /^0x80040217$/i;

/** Which rows are there, and which are gone. */
export class Existence {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly reader: Reader,
		private readonly root: string,
	) {}

	/**
	 * Those of the rows that exist. A query leaves out rows the user may not see, so each row it does not show is asked for by itself: a deleted
	 * one is 404, one that is merely hidden is refused with 403.
	 */
	async existing(table: TableSource, ids: readonly string[], filter: string | null): Promise<Set<string>> {
		const found = await this.reader.idsAmong(table, ids, filter);
		if (filter !== null) return found;
		const hidden = ids.filter((id) => !found.has(id));
		if (hidden.length === 0) return found;
		const { set, primaryId } = await this.reader.shape(table, []);
		const path = `${new URL(this.root).pathname}/${set}`;
		const parts = hidden.map((id): BatchPart => ({
			method: 'GET',
			url: `${path}(${id})${queryString({ $select: primaryId })}`,
			headers: PART_HEADERS,
			rowId: id,
		}));
		const call = {
			url: `${this.root}/$batch`,
			table: table.name,
			repeatable: true,
			reading: true,
			sizer: spread(PARTS_PER_REQUEST, LEAST_READS),
		};
		const answers = await this.runner.run(parts, call);
		hidden.forEach((id, index) => {
			if (!this.isGone(table, id, answers[index]!)) found.add(id);
		});
		return found;
	}

	private isGone(table: TableSource, id: string, answer: PartAnswer | NoAnswer): boolean {
		const context = this.connection.context(true, table.name);
		if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
		if (answer.status === 200 || answer.status === 403) return false;
		// Code that runs with the read may miss another row.
		if (answer.status === 404 && ROW_MISSING.test(serviceText(answer.body).code)) return speaksOf(answer, id);
		throw serviceError(answer, context);
	}
}

import type { SyncSession } from '../../ports/session';
import { labelPairs, type LabelPairs } from '../../mapping/optionLabels';
import type { SystemRecord, TableSource } from '../../model/record';

const MOST = 5_000;

/** The values of a choice as they are now. */
export interface Options {
	records: readonly SystemRecord[];
	byValue: ReadonlyMap<number, SystemRecord>;
	pairs: LabelPairs;
}

/** Reads all values of a choice: one request. */
export async function allOptions(session: SyncSession, table: TableSource): Promise<Options> {
	const records: SystemRecord[] = [];
	const query = { table, fields: [], filter: null, since: null, pageSize: MOST };
	for await (const page of session.crm.readChanges(query)) records.push(...page);
	return {
		records,
		byValue: new Map(records.map((record) => [Number(record.id), record])),
		pairs: labelPairs(records.map(({ id, name }) => ({ value: Number(id), label: name }))),
	};
}

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { FailedRecord, JobResult, RecordChange, Side, SyncStore } from '../../engine';
import { changeJson } from './changeItems';
import { item, jobResultJson, recordJson, titleOf } from './items';

/** Records that were named by input items, each id with its items. */
export interface NamedIds {
	side: Side;
	ids: ReadonlyMap<string, readonly number[]>;
	/** Couples of these records, as the store knows them. */
	couples: Couples;
}

type Couples = Awaited<ReturnType<SyncStore['couplingsOf']>>;

/**
 * One item per input item on *Done*, in the order of the input and linked to it: what was done with its record in each direction. Input items whose record
 * failed are on *Failed*. Jobs that did not come to their end follow as items of their own.
 */
export function selectedItems(results: readonly JobResult[], { side, ids, couples }: NamedIds): INodeExecutionData[] {
	const failed = new Set(results.flatMap((result) => result.failed.flatMap((record) => idOf(record, side) ?? [])));
	const changes = new Map<string, Array<{ result: JobResult; change: RecordChange }>>();
	for (const result of results) {
		for (const change of result.changes) {
			const id = idOf(change, side) ?? '';
			changes.set(id, [...(changes.get(id) ?? []), { result, change }]);
		}
	}
	const all = [...ids.keys()].every((id) => !failed.has(id) && !changes.has(id));
	const items: Array<{ itemIndex: number; json: IDataObject }> = [];
	for (const [id, itemIndexes] of ids) {
		const own = changes.get(id) ?? [];
		if (own.length === 0 && failed.has(id)) continue;
		const json = own.length > 0 ? changedJson(own) : untouchedJson(results, recordsOf({ side, id }, couples), all || ids.size === 1);
		for (const itemIndex of itemIndexes) items.push({ itemIndex, json });
	}
	const indexes = [...ids.values()].flat();
	const unfinished = results.filter(({ job }) => job.status !== 'finished').map((result) => item(jobResultJson(result), indexes));
	return [...items.sort((a, b) => a.itemIndex - b.itemIndex).map(({ itemIndex, json }) => item(json, [itemIndex])), ...unfinished];
}

const idOf = (record: Pick<FailedRecord, 'businessCentral' | 'crm'>, side: Side): string | undefined => record[side]?.id;

/** The first change; others of the same record, of the other direction or of what it refers to, within it. */
function changedJson(own: ReadonlyArray<{ result: JobResult; change: RecordChange }>): IDataObject {
	const [first, ...more] = own.map(({ result, change }) => changeJson(result, change));
	return { ...first, ...(more.length > 0 ? { alsoChanged: more } : {}) };
}

/**
 * Nothing was written for the record. Jobs count such records together, so what became of a single one is known where none of them was skipped or left
 * alone, or all were the same.
 */
function untouchedJson(results: readonly JobResult[], records: Pick<FailedRecord, 'businessCentral' | 'crm'>, alone: boolean): IDataObject {
	const left = results.filter(({ job, notCoupled }) => job.skipped > 0 || notCoupled > 0 || job.status !== 'finished');
	const told = (left.length > 0 ? left : results).map(({ job }) => job.message);
	const [{ job } = { job: undefined }] = results;
	return {
		record: titleOf(records),
		mapping: job?.mapping ?? null,
		action: left.length === 0 ? 'unchanged' : alone ? 'leftAlone' : 'unchangedOrLeftAlone',
		message: [...new Set(told)].join(' '),
		...recordJson(records),
		preview: job?.preview ?? false,
		jobIds: results.filter((result) => !result.job.preview).map((result) => result.job.id),
	};
}

/** Both records as far as the store knows them; there are no links then. */
function recordsOf({ side, id }: { side: Side; id: string }, couples: Couples): Pick<FailedRecord, 'businessCentral' | 'crm'> {
	const couple = couples.get(id);
	const named = { number: '', name: '', url: null };
	if (!couple)
		return { businessCentral: side === 'businessCentral' ? { id, ...named } : null, crm: side === 'crm' ? { id, ...named } : null };
	return {
		businessCentral: { ...named, id: couple.bcId, number: couple.bcNumber, name: couple.bcName },
		crm: { ...named, id: couple.crmId, name: couple.crmName },
	};
}

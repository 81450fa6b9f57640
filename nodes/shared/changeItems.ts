import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { JobResult, RecordChange } from '../../engine';
import { item, jobResultJson, nothingItem, plain, titleOf } from './items';
import { type Output, perRecord, RETURNED } from './outputProperty';

/** How the changes of a run leave the node. */
export interface ChangesWanted {
	output: Output | null;
	preview: boolean;
	itemIndexes: readonly number[];
	/** Input items a change came from; default all of the run. */
	itemsOf?: (change: RecordChange) => readonly number[] | undefined;
}

/**
 * The outputs of a run with one item per changed record or field in place of the jobs, where that is wanted. What the jobs say stands above the output then;
 * a job that did not come to its end stays an item, so that a workflow can tell it from one that changed nothing.
 * @param lists what `runItems` gives
 */
export function withChanges(
	context: IExecuteFunctions,
	lists: INodeExecutionData[][],
	results: readonly JobResult[],
	wanted: ChangesWanted,
): INodeExecutionData[][] {
	const { output, preview, itemIndexes } = wanted;
	if (!perRecord(output, preview) || results.length === 0) return lists;
	const told = results.map(({ job }) => `${job.mapping}${job.direction ? `, ${ARROWS[job.direction]}` : ''}: ${job.message}`);
	context.addExecutionHints({ type: 'info', location: 'outputPane', message: told.join(' · ') });
	const changes = results.flatMap((result) => result.changes.map((change) => ({ result, change })));
	const shown = changes.slice(0, RETURNED_AT_MOST).flatMap(({ result, change }) => {
		const indexes = wanted.itemsOf?.(change) ?? itemIndexes;
		return (output === 'fields' ? fieldJson(result, change) : [changeJson(result, change)]).map((json) => item(json, indexes));
	});
	const unfinished = results.filter(({ job }) => job.status !== 'finished').map((result) => item(jobResultJson(result), itemIndexes));
	const more = changes.length - Math.min(changes.length, RETURNED_AT_MOST) + results.reduce((sum, { moreChanges }) => sum + moreChanges, 0);
	const items = [...shown, ...(more > 0 ? [moreItem(more, itemIndexes)] : []), ...unfinished];
	return [items.length > 0 ? items : [nothingItem(told.join(' · '), itemIndexes)], lists[1] ?? []];
}

/** Items of changed records that leave a node in one run, however many mappings it had. */
const RETURNED_AT_MOST = 10 * RETURNED;

const ARROWS = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central' };

const moreItem = (moreChanges: number, itemIndexes: readonly number[]): INodeExecutionData =>
	item({ moreChanges, message: `${moreChanges} more records. The option "Return Changed Records Up To" shows more of them.` }, itemIndexes);

/** What all items of a change begin with. */
const headOf = ({ job }: JobResult, change: RecordChange): IDataObject => ({
	record: titleOf(change),
	mapping: job.mapping,
	direction: job.direction,
	action: change.action,
	written: change.written,
});

const tailOf = ({ job }: JobResult, { businessCentral, crm }: RecordChange): IDataObject => ({
	businessCentral: plain(businessCentral),
	crm: plain(crm),
	preview: job.preview,
	jobId: job.id,
});

export const changeJson = (result: JobResult, change: RecordChange): IDataObject => ({
	...headOf(result, change),
	fields: plain(change.fields),
	...tailOf(result, change),
});

/** A change without values, such as a deletion, is one item without a field. */
function fieldJson(result: JobResult, change: RecordChange): IDataObject[] {
	const fields: ReadonlyArray<Partial<RecordChange['fields'][number]>> = change.fields.length > 0 ? change.fields : [{}];
	return fields.map(({ field = null, caption = null, before = null, after = null }) => ({
		...headOf(result, change),
		field,
		caption,
		before: plain(before),
		after: plain(after),
		...tailOf(result, change),
	}));
}

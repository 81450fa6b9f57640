import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { FailedRecord, JobResult } from './engine';
import { addRunHints } from './hints';
import { failedItems, item, jobResultJson, nothingItem } from './items';

/**
 * Both outputs of a run: jobs, and failed records.
 * @param nothing what to say when there was no job at all
 * @param itemsOf input items a failed record came from; default: all of the run
 */
export function runItems(
	context: IExecuteFunctions,
	results: readonly JobResult[],
	itemIndexes: readonly number[],
	nothing: string,
	itemsOf: (record: FailedRecord) => readonly number[] | undefined = () => undefined,
): INodeExecutionData[][] {
	if (results.length === 0) return [[nothingItem(nothing, itemIndexes)], []];
	addRunHints(context, results);
	return [
		results.map((result) => item(jobResultJson(result), itemIndexes)),
		failedItems(results, (record) => itemsOf(record) ?? itemIndexes),
	];
}

import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { FailedRecord, FlowResult } from '../../../engine';
import { failedJson, item, nothingItem } from '../../shared/items';
import { runItems } from '../../shared/runItems';
import { plain } from './orderItems';

interface Told<Outcome> {
	/** What to say when there was nothing to do. */
	nothing: string;
	/** What one more is called, for the item that counts those beyond the limit: `customers`. */
	many: string;
	/** Which input items an outcome or a failure came from; undefined: all of them. */
	itemsOf: (of: Outcome | FailedRecord) => readonly number[] | undefined;
	/** What a record is told as that was named and is not there. */
	missing: (id: string) => Omit<FailedRecord, 'jobId' | 'attempts' | 'skipped'>;
	itemsOfMissing: (id: string) => readonly number[];
}

/**
 * Both outputs of a run of a flow: one item for each thing that was done, and one for each that failed. A run that came to nothing as a whole ends the node,
 * as everywhere.
 */
export function flowItems<Outcome extends object>(
	context: IExecuteFunctions,
	result: FlowResult<Outcome>,
	all: readonly number[],
	{ nothing, many, itemsOf, missing, itemsOfMissing }: Told<Outcome>,
): INodeExecutionData[][] {
	const [, failed = []] = runItems(context, [result.job], all, '', (record) => itemsOf(record) ?? all);
	const { job, warnings } = result.job;
	const done = result.outcomes.map((outcome) =>
		item({ ...plain(outcome), jobId: job.id, preview: job.preview, message: job.message }, itemsOf(outcome) ?? all),
	);
	if (result.moreOutcomes > 0)
		done.push(item({ more: result.moreOutcomes, jobId: job.id, message: `${result.moreOutcomes} more ${many} were dealt with.` }, all));
	for (const id of result.notFound)
		failed.push(item(failedJson({ ...missing(id), jobId: job.id, attempts: 1, skipped: false }), itemsOfMissing(id)));
	if (job.status === 'alreadyRunning' || job.status === 'stopped')
		done.push(item({ status: job.status, jobId: job.id, message: job.message }, all));
	else if (done.length + failed.length === 0) done.push(nothingItem(nothing, all));
	if (warnings.length > 0 && done[0]) done[0].json['runWarnings'] = [...warnings];
	return [done, failed];
}

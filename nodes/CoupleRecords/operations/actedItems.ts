import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { ActedRecord, ActionResult, FailedRecordView, JobResult } from '../../../engine';
import { addRunHints } from '../../shared/hints';
import { failedJson, item } from '../../shared/items';
import { couplingJson } from './couplingItem';

/** A failed or skipped record: a coupling, with why it fails and what can be done about it. */
export const failedRecordJson = (view: FailedRecordView): IDataObject => ({
	...couplingJson(view),
	tables: { ...view.tables },
	attempts: view.attempts,
	since: view.since,
	failures: view.failures.map((failure) => ({ ...failure })),
	actions: [...view.actions],
});

/**
 * Both outputs of an action on records: what was done, with the fields that were (or in a preview: would be) written; and what was refused or
 * failed, in the shape that failed records of a run have.
 * @param itemIndexesOf input items that named a record
 */
export function actedItems(
	context: IExecuteFunctions,
	mapping: string,
	{ records, jobs }: ActionResult,
	itemIndexesOf: (id: string) => readonly number[],
): INodeExecutionData[][] {
	const outputs: INodeExecutionData[][] = [[], []];
	for (const record of records) {
		const indexes = itemIndexesOf(record.id);
		if (record.error) outputs[1]?.push(item(refusedJson(mapping, record, jobs), indexes));
		else outputs[0]?.push(item(doneJson(record, jobs), indexes));
	}
	if (jobs.length > 0) addRunHints(context, jobs);
	return outputs;
}

function doneJson({ view, outcome, id }: ActedRecord, jobs: readonly JobResult[]): IDataObject {
	const changes = jobs.flatMap((job) => job.changes).filter(({ businessCentral, crm }) => isOf(view, businessCentral?.id, crm?.id));
	return {
		...(view ? failedRecordJson(view) : { id }),
		outcome,
		preview: jobs.some(({ job }) => job.preview),
		...(outcome === 'leftAlone' ? { message: jobs.map(({ job }) => job.message).join(' ') } : {}),
		...(jobs.length > 0 ? { jobIds: jobs.filter(({ job }) => !job.preview).map(({ job }) => job.id) } : {}),
		...(changes.length > 0 ? { changes: JSON.parse(JSON.stringify(changes)) as IDataObject[] } : {}),
	};
}

const isOf = (view: FailedRecordView | null, bcId: string | undefined, crmId: string | undefined): boolean =>
	(bcId !== undefined && bcId === view?.businessCentral?.id) || (crmId !== undefined && crmId === view?.crm?.id);

function refusedJson(mapping: string, { view, error, outcome }: ActedRecord, jobs: readonly JobResult[]): IDataObject {
	const { attempts = 0, state } = view ?? {};
	const json = failedJson({
		jobId: jobs[0]?.job.id ?? '',
		mapping,
		direction: null,
		errorClass: error!.errorClass,
		errorCode: error!.code,
		message: error!.message,
		hint: error!.hint,
		businessCentral: view?.businessCentral ?? null,
		crm: view?.crm ? { ...view.crm, number: '' } : null,
		attempts,
		skipped: state === 'skipped',
	});
	return { ...json, outcome };
}

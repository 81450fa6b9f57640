import type { IDataObject, INodeExecutionData, IPairedItemData } from 'n8n-workflow';
import type { FailedRecord, Job, JobResult, LogEntry } from '../../engine';
import { failureLimit } from './runProperties';

/** An output item made from the input items of the given indexes. */
export const item = (json: IDataObject, itemIndexes: readonly number[]): INodeExecutionData => ({ json, pairedItem: pairs(itemIndexes) });

const pairs = (itemIndexes: readonly number[]): IPairedItemData[] => itemIndexes.map((index) => ({ item: index }));

/** Says in words that there is nothing, so that a scheduled workflow can tell "nothing" from "did not run". */
export const nothingItem = (message: string, itemIndexes: readonly number[]): INodeExecutionData =>
	item({ found: 0, message }, itemIndexes);

/** A job as all nodes show it. The changed records and warnings appear only when there are any. */
export function jobJson(job: Job): IDataObject {
	return {
		mapping: job.mapping,
		direction: job.direction,
		status: job.status,
		message: job.message,
		preview: job.preview,
		inserted: job.inserted,
		modified: job.modified,
		deleted: job.deleted,
		unchanged: job.unchanged,
		skipped: job.skipped,
		failed: job.failed,
		coupled: job.coupled,
		uncoupled: job.uncoupled,
		type: job.type,
		startedAt: job.startedAt,
		finishedAt: job.finishedAt,
		requests: { businessCentral: job.requests.businessCentral, crm: job.requests.crm },
		jobId: job.id,
	};
}

export function jobResultJson({ job, changes, moreChanges, warnings, notCoupled, notCoupledAtLeast }: JobResult): IDataObject {
	return {
		...jobJson(job),
		...(notCoupled > 0 ? { notCoupled } : {}),
		...(notCoupledAtLeast ? { notCoupledAtLeast } : {}),
		...(changes.length > 0 ? { changes: plain(changes) } : {}),
		...(moreChanges > 0 ? { moreChanges } : {}),
		...(warnings.length > 0 ? { warnings: [...warnings] } : {}),
	};
}

/** Both records of a couple as all nodes show them. */
export const recordJson = ({ businessCentral, crm }: Pick<LogEntry, 'businessCentral' | 'crm'>): IDataObject => ({
	businessCentral: plain(businessCentral),
	crm: plain(crm && { id: crm.id, name: crm.name, url: crm.url }),
});

interface Named {
	businessCentral: { id: string; number: string; name: string } | null;
	crm: { id: string; name: string } | null;
}

/** As people know it: number and name in Business Central, else the name in CRM, else its id; null for what is about no record. */
export const titleOf = ({ businessCentral, crm }: Named): string | null =>
	[businessCentral?.number, businessCentral?.name].filter(Boolean).join(' ') || crm?.name || businessCentral?.id || crm?.id || null;

type FailedShape = Omit<FailedRecord, 'errorClass' | 'direction'> & Pick<LogEntry, 'errorClass' | 'direction'>;

/** A record that could not be delivered, as the output *Failed* and the log show it. */
export function failedJson(record: FailedShape): IDataObject {
	return {
		record: titleOf(record),
		mapping: record.mapping,
		direction: record.direction,
		message: record.message,
		hint: record.hint,
		errorCode: record.errorCode,
		errorClass: record.errorClass,
		...(record.fields && record.fields.length > 0 ? { fields: plain(record.fields) } : {}),
		...recordJson(record),
		attempts: record.attempts,
		skipped: record.skipped,
		jobId: record.jobId,
	};
}

/** A line of the log in the same shape, with what only the log knows. */
export function logJson(entry: LogEntry): IDataObject {
	return { ...failedJson({ ...entry, errorCode: entry.code }), kind: entry.kind, at: entry.at };
}

/**
 * Items of the output *Failed*: one per record, at most 1,000 for the whole node, then one that says how many more there are.
 * @param itemOf input items a failed record came from
 */
export function failedItems(results: readonly JobResult[], itemOf: (record: FailedRecord) => readonly number[]): INodeExecutionData[] {
	const failed = results.flatMap((result) => result.failed);
	const shown = failed.slice(0, failureLimit);
	const more = failed.length - shown.length + results.reduce((sum, result) => sum + result.moreFailed, 0);
	const items = shown.map((record) => item(failedJson(record), itemOf(record)));
	return more > 0 ? [...items, moreFailed(more, results)] : items;
}

function moreFailed(more: number, results: readonly JobResult[]): INodeExecutionData {
	const cut = results.filter(({ job }) => job.failed > 0);
	return item(
		{
			record: null,
			mapping: cut.length === 1 ? (cut[0]?.job.mapping ?? null) : null,
			direction: null,
			errorClass: null,
			errorCode: 'MORE_FAILED',
			message: `${more} more records failed.`,
			hint: 'Use the node Read Sync Log with the operation Get Errors to see them all.',
			businessCentral: null,
			crm: null,
			attempts: 0,
			skipped: false,
			jobId: cut.length === 1 ? (cut[0]?.job.id ?? null) : null,
			moreFailed: more,
		},
		[0],
	);
}

/** n8n wants plain JSON; undefined (a value that was not read) becomes absent. */
export const plain = <T>(value: T): IDataObject => JSON.parse(JSON.stringify(value ?? null)) as IDataObject;

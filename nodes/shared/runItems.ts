import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { eventsOf, type FailedRecord, type Job, type JobResult, SyncError } from '../../engine';
import { addRunHints } from './hints';
import { logOf } from './progress';
import { failedItems, item, jobResultJson, nothingItem } from './items';

/**
 * Both outputs of a run: jobs, and failed records.
 * @throws SyncError when no job could be carried out, or one of them failed by the connection (credentials, address, service out of reach) or the store,
 * or waited in vain for a mapping that another run has, so that the execution counts as failed and n8n's error workflow starts; the log keeps the jobs
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
	tellEnd(context, results);
	if (results.length === 0) return [[nothingItem(nothing, itemIndexes)], []];
	if (results.every(({ job }) => job.status === 'failed')) throw whyFailed(results);
	// What was asked for by hand, and could not have its turn, was not done: "Retry On Fail" tries again. What else was done stands in the log.
	const busy = results.filter(({ job, failed }) => job.status === 'failed' && failed.some(isBusy));
	if (busy.length > 0) throw whyFailed(busy);
	// Neither service nor store is a matter of one mapping: what one of them met, the others may just not have needed.
	const outage = results.filter(({ job, failed }) => job.status === 'failed' && failed.some(isOutage));
	if (outage.length > 0) throw whyFailed(outage);
	addRunHints(context, results);
	return [
		results.map((result) => item(jobResultJson(result), itemIndexes)),
		failedItems(results, (record) => itemsOf(record) ?? itemIndexes),
	];
}

const arrows = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central' };

/** One line per job, for whoever watches the run in the editor or reads n8n's log; a job that found nothing to do is none at the usual level. */
function tellEnd(context: IExecuteFunctions, results: readonly JobResult[]): void {
	const log = logOf(context);
	for (const { job } of results) {
		const what = job.direction ? `${job.mapping}, ${arrows[job.direction]}` : job.mapping;
		log(context.getMode() === 'manual' && job.status !== 'failed' ? 'info' : levelOf(job), `${what}: ${job.message}`);
	}
}

function levelOf(job: Job): 'warn' | 'info' | 'debug' {
	if (job.status === 'failed') return 'warn';
	return job.status === 'finished' && eventsOf(job) === 0 ? 'debug' : 'info';
}

const OUTAGES =
	/^(?:(?:BC|CRM)_(?:SIGN_IN_REFUSED|USER_NOT_IN_ENVIRONMENT|NOT_REACHABLE|ANSWER_LOST|UNAVAILABLE|WEB_PAGE|UNREADABLE_ANSWER|REDIRECTED|ENVIRONMENT_NOT_FOUND|COMPANY_NOT_FOUND|FOREIGN_NEXT_LINK)|STORE_.+|TOKEN_.+|CREDENTIAL_.+|SIGN_IN_.+)$/;

/** What ended a job, and would end any other that talks to the same system. */
const isOutage = ({ errorCode, businessCentral, crm }: FailedRecord): boolean =>
	businessCentral === null && crm === null && OUTAGES.test(errorCode);

const isBusy = ({ errorCode, businessCentral, crm }: FailedRecord): boolean =>
	businessCentral === null && crm === null && errorCode === 'MAPPING_BUSY';

function whyFailed(results: readonly JobResult[]): SyncError {
	const [first] = results;
	const cause = first?.failed.find(({ businessCentral, crm }) => businessCentral === null && crm === null) ?? first?.failed[0];
	return new SyncError({
		code: cause?.errorCode ?? 'RUN_FAILED',
		errorClass: cause?.errorClass ?? 'setup',
		system: 'engine',
		message: cause?.message ?? first?.job.message ?? 'The run failed.',
		hint: cause?.hint ?? 'Use the node Read Sync Log to see what happened.',
	});
}

import type { Action } from './actions';
import type { End } from './carry';
import type { Seen } from './witness';
import type { JobResult } from '../../engine/jobs/jobResult';

/** Jobs that ran without any disturbance must count exactly what became of the records of both systems, and of the couplings. */
export function checkCounters(
	action: Action,
	{ jobs, error }: End,
	seen: Seen,
	pairs: { coupled: number; uncoupled: number },
	/** Inserts that earlier runs left open: what they created is coupled without being counted as created once more. */
	open: number,
): string[] {
	if (error || jobs.some(({ job }) => job.mapping !== 'CUSTOMER')) return [];
	const sum = (pick: (result: JobResult) => number): number => jobs.reduce((total, each) => total + pick(each), 0);
	const found: string[] = [];
	const compare = (what: string, counted: number, happened: number): void => {
		if (counted !== happened) found.push(`${action.name} ${action.text}: the jobs count ${counted} ${what}, but ${happened} were`);
	};
	compare(
		'created',
		sum(({ job }) => job.inserted),
		seen.created.businessCentral + seen.created.crm,
	);
	compare(
		'deleted',
		sum(({ job }) => job.deleted),
		seen.deleted.businessCentral + seen.deleted.crm,
	);
	// A record created again replaces its coupling; a coupling of two records that are gone leaves without being counted.
	if (sum(({ job }) => job.uncoupled + job.deleted) > pairs.uncoupled + open)
		found.push(`${action.name}: counts more uncoupled than there were`);
	if (action.name !== 'couple' && sum(({ job }) => job.inserted + job.coupled) + open < pairs.coupled)
		found.push(`${action.name}: made ${pairs.coupled} couplings and counts fewer`);
	for (const { job, failed } of jobs) {
		if (job.status === 'failed') found.push(`${action.name} ${action.text}: failed without any misfortune: ${job.message}`);
		const named = failed.filter(({ businessCentral, crm }) => businessCentral !== null || crm !== null);
		compare('failed', job.failed, named.filter(({ skipped }) => !skipped).length);
		if (named.filter(({ skipped }) => skipped).length > job.skipped)
			found.push(`${action.name}: names more skipped records than it counts`);
	}
	return found;
}

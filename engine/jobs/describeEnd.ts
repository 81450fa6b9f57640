import type { Counters, Job } from '../model/job';

/** Records that were anything but looked at and found unchanged. */
export const eventsOf = ({ inserted, modified, deleted, skipped, failed, coupled, uncoupled }: Counters): number =>
	inserted + modified + deleted + skipped + failed + coupled + uncoupled;

/** One sentence about how a job ended, in the words of the counters. */
export function describeEnd(job: Job, end: 'complete' | 'limit'): string {
	const done: string[] = [];
	const add = (count: number, word: string): void => {
		if (count > 0) done.push(`${count} ${word}`);
	};
	add(job.inserted, 'created');
	add(job.modified, 'changed');
	add(job.deleted, 'deleted');
	add(job.coupled, 'coupled');
	add(job.uncoupled, 'uncoupled');
	add(job.unchanged, 'unchanged');
	add(job.skipped, 'skipped');
	add(job.failed, 'failed');
	const text = done.length === 0 ? 'No changes.' : `${job.preview ? 'Would be: ' : ''}${done.join(', ')}.`;
	return end === 'limit' ? `${text} The record limit was reached; the next run goes on from there.` : text;
}

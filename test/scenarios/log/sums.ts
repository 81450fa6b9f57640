import type { Job } from '../../../engine/model/job';

/** Every record a job dealt with counts in exactly one of these. */
export const sumOfCounters = (job: Job): number =>
	job.inserted + job.modified + job.deleted + job.unchanged + job.skipped + job.failed + job.coupled + job.uncoupled;

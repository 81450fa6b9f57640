import type { Stretch } from './types';
import type { Job } from '../../model/job';

const HOUR = 60 * 60_000;
const SIZES = [HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 7 * 24 * HOUR, 30 * 24 * HOUR];
const MOST = 31;

/** The period cut into at most 31 equal stretches, the last one ending with it. */
export function cutPeriod(from: number, to: number): Stretch[] {
	const length = Math.max(to - from, HOUR);
	const size = SIZES.find((each) => Math.ceil(length / each) <= MOST) ?? Math.ceil(length / MOST);
	const count = Math.max(1, Math.ceil(length / size));
	return Array.from({ length: count }, (_, index) => {
		const end = to - (count - 1 - index) * size;
		return { from: end - size, to: end, jobs: 0, delivered: 0, failed: 0, broken: 0 };
	});
}

export function addToStretch(stretches: readonly Stretch[], job: Job): void {
	const at = Date.parse(job.startedAt);
	const stretch = stretches.find((each) => at < each.to) ?? stretches.at(-1);
	if (!stretch) return;
	stretch.jobs++;
	stretch.delivered += job.inserted + job.modified + job.deleted + job.coupled + job.uncoupled;
	stretch.failed += job.failed;
	if (isBroken(job)) stretch.broken++;
}

/** Did not finish. */
export const isBroken = (job: Job): boolean => job.status === 'failed' || job.status === 'stopped';

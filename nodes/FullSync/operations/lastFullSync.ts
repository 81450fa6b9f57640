import type { Job, ReviewLine, SyncStore } from '../../shared/engine';

/** How far the newest full synchronisation of a mapping has come (sync semantics 19.2). */
export interface LastFullSync {
	/** Blank when the mapping was never fully synchronised. */
	status: 'blank' | 'inProcess' | 'finished' | 'stopped' | 'error';
	toJobId: string | null;
	fromJobId: string | null;
	/** Share of the selected records that its jobs dealt with, in percent; null when there was none. */
	progress: number | null;
}

/** Jobs of a mapping looked through for its newest full synchronisation. */
const jobsToLookAt = 500;

export async function lastFullSync(store: SyncStore, line: ReviewLine): Promise<LastFullSync> {
	const { rows } = await store.jobs({ mapping: line.mapping, limit: jobsToLookAt });
	const full = rows.filter(({ type, preview }) => type === 'fullSynchronization' && !preview);
	const newest = (direction: Job['direction']): Job | undefined =>
		full.filter((job) => job.direction === direction).sort((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
	const to = newest('toCrm');
	const from = newest('fromCrm');
	const jobs = [to, from].filter((job) => job !== undefined);
	return { status: statusOf(jobs), toJobId: to?.id ?? null, fromJobId: from?.id ?? null, progress: progressOf(line, to, from) };
}

function statusOf(jobs: readonly Job[]): LastFullSync['status'] {
	if (jobs.length === 0) return 'blank';
	if (jobs.some(({ status }) => status === 'running')) return 'inProcess';
	if (jobs.some(({ status, failed }) => status === 'failed' || failed > 0)) return 'error';
	return jobs.some(({ status }) => status !== 'finished') ? 'stopped' : 'finished';
}

function progressOf(line: ReviewLine, to: Job | undefined, from: Job | undefined): number | null {
	const passes = [
		to && { done: dealtWith(to), of: line.recordsBusinessCentral },
		from && { done: dealtWith(from), of: line.recordsCrm },
	].filter((pass) => pass !== undefined);
	if (passes.length === 0) return null;
	const done = passes.reduce((sum, pass) => sum + Math.min(pass.done, pass.of), 0);
	const all = passes.reduce((sum, pass) => sum + pass.of, 0);
	return all === 0 ? 100 : Math.floor((done * 100) / all);
}

const dealtWith = (job: Job): number =>
	job.inserted + job.modified + job.deleted + job.unchanged + job.skipped + job.failed + job.coupled + job.uncoupled;

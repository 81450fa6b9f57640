import { randomUUID } from 'node:crypto';
import { isRunEnding, type SyncError } from '../model/errors';
import type { PassDirection } from '../model/direction';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { JobRecorder } from './recorder';
import type { Taken } from './lease';
import { describeTaken, mappingBusy } from './taken';
import type { JobType } from '../model/job';
import type { JobResult } from './jobResult';

/** Results of what did not begin: told like jobs, and in no log unless it says otherwise. */
interface Asked {
	type?: JobType | undefined;
	/** Null for work that has none. */
	direction?: PassDirection | null;
}

const silent = (session: SyncSession, mapping: TableMapping, { type, direction }: Asked, id: string = randomUUID()): JobRecorder =>
	new JobRecorder(session, mapping, id, direction ?? null, {
		type: type ?? 'synchronization',
		returnChanges: 0,
		returnFailures: 0,
	});

/** Somebody else holds the lease: a normal outcome. */
export function alreadyRunning(session: SyncSession, mapping: TableMapping, asked: Asked, taken: Taken): JobResult {
	const text = [
		`${mapping.name} is being synchronized by another run.`,
		describeTaken(taken),
		asked.direction ? 'Nothing was done; the next run catches up.' : 'Nothing was done; try again when it ended.',
	];
	return {
		...silent(session, mapping, asked).finish('alreadyRunning', text.filter(Boolean).join(' ')),
		busy: mappingBusy(mapping.name, taken),
	};
}

/** A mapping that could not even begin. */
export function failedToStart(session: SyncSession, mapping: TableMapping, asked: Asked, error: SyncError): JobResult {
	// It did not fail: nobody let it begin.
	const ending = isRunEnding(error);
	const recorder = silent(session, mapping, asked);
	if (!ending) recorder.stoppedBy(error);
	return recorder.finish(ending ? 'stopped' : 'failed', `${error.message} ${error.hint}`.trim());
}

/** A run in a direction that its mapping does not serve: it is over at once, and the log says so. */
export async function notServed(session: SyncSession, mapping: TableMapping, asked: Asked, message: string): Promise<JobResult> {
	const result = silent(session, mapping, asked).finish('finished', message);
	await session.store.commit({ job: result.job });
	return { ...result, notServed: true };
}

/** Nothing was left of what was asked for. */
export const nothingToDo = (session: SyncSession, mapping: TableMapping, asked: Asked, message: string): JobResult =>
	silent(session, mapping, asked, 'none').finish('finished', message);

/**
 * The results of a run over several mappings that was to end early: what had no turn is named, so that nobody takes it for done. Where the last
 * mapping came to its end, an outcome of its own says so.
 */
export function withNotBegun(
	session: SyncSession,
	results: readonly JobResult[],
	left: readonly TableMapping[],
	asked: Asked,
): JobResult[] {
	const last = results.at(-1);
	if (left.length === 0) return [...results];
	const text = `The run ended before ${left.length === 1 ? 'this table mapping' : 'these table mappings'} had a turn: ${left.map(({ name }) => name).join(', ')}.`;
	if (last?.job.status === 'stopped') return [...results.slice(0, -1), { ...last, warnings: [...last.warnings, text] }];
	return [...results, silent(session, left[0]!, asked).finish('stopped', `${text} The next run goes on from there.`)];
}

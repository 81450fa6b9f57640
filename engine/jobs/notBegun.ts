import { randomUUID } from 'node:crypto';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { JobRecorder } from './recorder';
import type { JobType } from '../model/job';
import type { JobResult } from './jobResult';

/**
 * The results of a run over several mappings that was to end early: what had no turn is named, so that nobody takes it for done. Where the last
 * mapping came to its end, an outcome of its own says so; like a run that found its mapping busy it leaves no job in the log.
 */
export function withNotBegun(
	session: SyncSession,
	results: readonly JobResult[],
	left: readonly TableMapping[],
	{ type }: { type?: JobType },
): JobResult[] {
	const last = results.at(-1);
	if (left.length === 0) return [...results];
	const text = `The run ended before ${left.length === 1 ? 'this table mapping' : 'these table mappings'} had a turn: ${left.map(({ name }) => name).join(', ')}.`;
	if (last?.job.status === 'stopped') return [...results.slice(0, -1), { ...last, warnings: [...last.warnings, text] }];
	const options = { type: type ?? 'synchronization', returnChanges: 0, returnFailures: 0 };
	const outcome = new JobRecorder(session, left[0]!, randomUUID(), null, options).finish(
		'stopped',
		`${text} The next run goes on from there.`,
	);
	return [...results, outcome];
}

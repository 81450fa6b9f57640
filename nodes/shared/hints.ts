import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import type { JobResult } from '../../engine';

/** Remarks above the output that lead on: preview only, nothing changed, failures to look at, run not started or stopped. */
export function addRunHints(context: IExecuteFunctions, results: readonly JobResult[]): void {
	context.addExecutionHints(...runHints(results));
}

export function runHints(results: readonly JobResult[]): NodeExecutionHint[] {
	const jobs = results.map(({ job }) => job);
	const hints: NodeExecutionHint[] = [];
	const add = (type: 'info' | 'warning', message: string): void => void hints.push({ type, message, location: 'outputPane' });
	const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
	const written = jobs.reduce((sum, job) => sum + job.inserted + job.modified + job.deleted + job.coupled + job.uncoupled, 0);
	if (jobs.some((job) => job.preview)) add('info', 'Preview only: nothing was written. Switch Preview off to carry it out.');
	if (failed > 0) add('warning', `${failed} ${failed === 1 ? 'record' : 'records'} failed. The output Failed says why and what to do.`);
	const running = jobs.filter((job) => job.status === 'alreadyRunning').map((job) => job.mapping);
	if (running.length > 0) add('info', `Not started, because another run is still busy with it: ${[...new Set(running)].join(', ')}.`);
	if (jobs.some((job) => job.status === 'stopped')) add('info', 'Stopped before the end. The next run goes on from there.');
	if (failed === 0 && written === 0 && jobs.every((job) => job.status === 'finished'))
		add('info', 'Nothing was changed: both systems agree.');
	return hints;
}

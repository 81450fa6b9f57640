import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { type Job, type JobResult, notCoupledInWords } from '../../engine';

/** Remarks above the output that lead on: preview only, nothing changed, failures to look at, run not started or stopped. */
export function addRunHints(context: IExecuteFunctions, results: readonly JobResult[]): void {
	context.addExecutionHints(...runHints(results));
}

/** Coupling and uncoupling compare no values. */
const comparesBoth = ({ type }: Job): boolean => type === 'synchronization' || type === 'fullSynchronization';

const recordsAre = (count: number): string => `${count} ${count === 1 ? 'record is' : 'records are'}`;

export function runHints(results: readonly JobResult[]): NodeExecutionHint[] {
	const jobs = results.map(({ job }) => job);
	const hints: NodeExecutionHint[] = [];
	const add = (type: 'info' | 'warning', message: string): void => void hints.push({ type, message, location: 'outputPane' });
	const failed = jobs.reduce((sum, job) => sum + job.failed, 0);
	const written = jobs.reduce((sum, job) => sum + job.inserted + job.modified + job.deleted + job.coupled + job.uncoupled, 0);
	if (jobs.some((job) => job.preview)) add('info', 'Preview only: nothing was written. Switch Preview off to carry it out.');
	const skipped = jobs.reduce((sum, job) => sum + job.skipped, 0);
	const notCoupled = results.reduce((sum, result) => sum + result.notCoupled, 0);
	const atLeast = results.some((result) => result.notCoupledAtLeast);
	// Both directions of a mapping tell of the same records.
	const open = new Map(results.map(({ job, leftOpen }) => [job.mapping, leftOpen ?? 0]));
	const leftOpen = [...open.values()].reduce((sum, count) => sum + count, 0);
	if (failed > 0) add('warning', `${failed} ${failed === 1 ? 'record' : 'records'} failed. The output Failed says why and what to do.`);
	const running = jobs.filter((job) => job.status === 'alreadyRunning').map((job) => job.mapping);
	if (running.length > 0) add('info', `Not started, because another run is still busy with it: ${[...new Set(running)].join(', ')}.`);
	if (jobs.some((job) => job.status === 'stopped')) add('info', 'Stopped before the end. The next run goes on from there.');
	if (skipped > 0)
		add('info', `${recordsAre(skipped)} skipped. Couple Records → Get Many (State = Skipped) says why, and what can be done; what this run alone left out stands in the message and the warnings of its job.`); // prettier-ignore
	if (notCoupled > 0)
		add('info', `${notCoupledInWords(notCoupled, atLeast)} and left alone. Couple ${notCoupled === 1 && !atLeast ? 'it' : 'them'} in Couple Records, or switch off "Synch. Only Coupled Records" in Table Mappings to have partners created.`); // prettier-ignore
	const idle = results.filter((result) => result.notServed);
	for (const message of new Set(idle.map(({ job }) => job.message))) add('info', message);
	if (idle.length > 0 || failed > 0 || written > 0 || !jobs.every((job) => job.status === 'finished')) return hints;
	if (leftOpen > 0)
		add(
			'info',
			`Nothing was changed. ${recordsAre(leftOpen)} failing or skipped since earlier runs: Couple Records → Get Many lists them.`,
		);
	else if (skipped === 0 && notCoupled === 0 && !atLeast)
		add('info', jobs.every(comparesBoth) ? 'Nothing was changed: both systems agree.' : 'Nothing was changed.');
	return hints;
}

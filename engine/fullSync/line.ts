import type { TableMapping } from '../model/tableMapping';
import type { PassDirection } from '../model/direction';
import type { FullSyncChoices, FullSyncLine, FullSyncPass } from '../model/fullSync';

const DIRECTIONS: readonly PassDirection[] = ['toCrm', 'fromCrm'];

const BLANK_PASS: FullSyncPass = { jobId: null, status: 'blank', done: 0, total: null, atLeast: false, failed: false, checkpoint: null };

/** A line whose turn has not come. */
export function blankLine(mapping: TableMapping, runId: string, choices: FullSyncChoices, now: string): FullSyncLine {
	const pass = (direction: PassDirection): FullSyncPass | null =>
		mapping.direction === 'bidirectional' || mapping.direction === direction ? { ...BLANK_PASS } : null;
	return {
		mapping: mapping.name,
		runId,
		status: 'blank',
		choices,
		toCrm: pass('toCrm'),
		fromCrm: pass('fromCrm'),
		message: '',
		startedAt: now,
		finishedAt: null,
	};
}

/** The line of a mapping whose direction was changed since: what it does not serve any more is not waited for, and what it serves now takes part. */
export const asServed = (line: FullSyncLine, mapping: TableMapping): FullSyncLine => {
	const pass = (direction: PassDirection): FullSyncPass | null =>
		mapping.direction === 'bidirectional' || mapping.direction === direction ? (line[direction] ?? { ...BLANK_PASS }) : null;
	return { ...line, toCrm: pass('toCrm'), fromCrm: pass('fromCrm') };
};

/** Directions that have not finished. */
export const openDirections = (line: FullSyncLine): PassDirection[] =>
	DIRECTIONS.filter((direction) => {
		const pass = line[direction];
		return pass !== null && pass.status !== 'success' && pass.status !== 'error';
	});

/** A line that says it is in process although nobody runs the mapping belongs to a process that died. */
export const statusNow = (line: FullSyncLine | undefined, running: ReadonlySet<string>): FullSyncLine['status'] =>
	line === undefined ? 'blank' : line.status === 'inProcess' && !running.has(line.mapping) ? 'stopped' : line.status;

/** Share of the records dealt with, in percent. */
export function progressOf(line: FullSyncLine | undefined): number | null {
	const passes = [line?.toCrm, line?.fromCrm].filter((pass): pass is FullSyncPass => pass !== null && pass !== undefined);
	if (passes.every(({ total }) => total === null)) return null;
	if (line?.status === 'finished') return 100;
	const done = passes.reduce((sum, pass) => sum + Math.min(pass.done, pass.total ?? pass.done), 0);
	const all = passes.reduce((sum, pass) => sum + Math.max(pass.total ?? 0, pass.atLeast ? pass.done : 0), 0);
	// 100 % is said of what is finished only.
	return Math.min(99, all === 0 ? 0 : Math.floor((done * 100) / all));
}

/**
 * Stamp from which an interrupted pass reads on. Services show rows later than they stamp them (the mapping's overlap): where the checkpoint is
 * younger than what was visible for certain when the pass began, rows may have appeared before it meanwhile, and the overlap is read again. All of it by the
 * service's own clock.
 */
export function resumeStamp(pass: FullSyncPass, overlapMs: number): string | null {
	if (pass.checkpoint === null) return null;
	const checkpoint = Date.parse(pass.checkpoint);
	const settled = pass.beganAt === undefined ? -Infinity : Date.parse(pass.beganAt) - overlapMs;
	return checkpoint <= settled ? pass.checkpoint : new Date(Math.max(checkpoint - overlapMs, settled)).toISOString();
}

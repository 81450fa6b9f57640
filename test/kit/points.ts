import type { Step } from './step';

/** A moment at which a process ends: before a step (from 1) is carried out, or after it was. */
export interface Point {
	step: number;
	when: 'before' | 'after';
}

/**
 * How processes end. `killed`: what counts is what they leave behind, and that is what they last wrote; a step that only reads, and the moment before a
 * step, leave what the step before has left. `asked` to end: what counts is how they go on from where they are.
 */
export type Ending = 'killed' | 'asked';

/** Of the points that no kind asks for, every so many are taken. */
const EVERY = 24;

/**
 * Which points of walks are tried. `CRASH_POINTS=all` (`npm run crash-points`): all of them. Else a sample that holds
 * - after each kind of step that writes, once;
 * - of processes that are asked to end, also after each kind of step that reads;
 * - every twenty-fourth of all points, beginning at `offset`, which differs from run to run.
 *
 * Kinds count once for all walks of a sample.
 */
export class PointSample {
	/** Points of all walks, and those of them that were chosen. */
	total = 0;
	chosen = 0;
	private readonly met = new Set<string>();

	constructor(
		private readonly ending: Ending,
		private readonly all = process.env['CRASH_POINTS'] === 'all',
		/** From 0; the same offset chooses the same points. */
		private readonly offset = Number(process.env['CRASH_OFFSET'] ?? Math.floor(Math.random() * EVERY)),
	) {}

	/**
	 * The points of a walk, in its order.
	 * @param walked the steps of an undisturbed walk
	 * @param counts which points count at all; default all
	 */
	of(walked: readonly Step[], counts: (point: Point) => boolean = () => true): Point[] {
		const points: Point[] = [];
		for (const [index, { kind, writes }] of walked.entries()) {
			for (const when of ['before', 'after'] as const) {
				const point = { step: index + 1, when };
				if (!counts(point)) continue;
				const isAsked = when === 'after' && (writes || this.ending === 'asked') && this.isNew(kind);
				const isInTurn = this.total++ % EVERY === this.offset % EVERY;
				if (this.all || isAsked || isInTurn) points.push(point);
			}
		}
		this.chosen += points.length;
		return points;
	}

	/** For the output of a test: how many were tried, and how to try the same again. */
	toString(): string {
		const again = this.all ? '' : ` (again: CRASH_OFFSET=${this.offset % EVERY}; all of them: npm run crash-points)`;
		return `${this.ending === 'killed' ? 'killed' : 'asked to end'} at ${this.chosen} of ${this.total} points${again}`;
	}

	private isNew(key: string): boolean {
		if (this.met.has(key)) return false;
		this.met.add(key);
		return true;
	}
}

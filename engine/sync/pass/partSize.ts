import type { Clock } from '../../ports/clock';

/** A part should take about this long: what a crash in between loses is found again, but it has to be looked for. */
const TARGET_MS = { least: 5_000, most: 15_000 };

/**
 * Rows that are dealt with together. A service takes many requests at a time and carries out the rows of one request one after another, so a page of a
 * thousand leaves most of its lanes idle once a request holds as many rows as its budget of requests asks for. A part grows by a page while it takes less than
 * five seconds, and shrinks by one where it takes more than fifteen, as with a service that needs a second for each row.
 */
export class PartSize {
	private current: number;
	private begunAt: number | null = null;

	/** `pageSize`: to begin with, and the least. `most`: no part holds more, but for the page it ends in. */
	constructor(
		private readonly pageSize: number,
		private readonly most: number,
		private readonly clock: Clock,
	) {
		this.current = pageSize;
	}

	/** Of the part that begins now. */
	next(): number {
		const now = this.clock.now();
		const took = this.begunAt === null ? null : Math.max(0, now - this.begunAt);
		this.begunAt = now;
		if (took !== null && took < TARGET_MS.least) this.current = Math.min(this.most, this.current + this.pageSize);
		if (took !== null && took > TARGET_MS.most) this.current = Math.max(this.pageSize, this.current - this.pageSize);
		return this.current;
	}
}

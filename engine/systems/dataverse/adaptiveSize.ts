import type { BatchSizer } from '../odata/batchRunner';

/** A batch should take about this long: long enough to be worth its request, short enough to be repeated, stopped and shared fairly. */
const TARGET_MS = { least: 5_000, most: 10_000 };
const SMALLEST = 10;
/** The service takes 1,000 parts at most ("Execute batch operations using the Web API"). */
const LARGEST = 1_000;

/**
 * Sizes batches by the time earlier ones took: plug-ins make a change take anything from 20 ms to seconds. Full batches quicker than 5 s
 * double the size, those slower than 10 s shrink it to what would have fitted. Starts at 100.
 */
export class AdaptiveSize implements BatchSizer {
	private current: number;

	constructor(start: number) {
		this.current = Math.max(1, Math.min(LARGEST, start));
	}

	size(): number {
		return this.current;
	}

	took(parts: number, ms: number): void {
		if (ms > TARGET_MS.most) {
			const fitting = Math.floor((parts * TARGET_MS.most) / ms);
			this.current = Math.max(Math.min(SMALLEST, this.current), Math.min(this.current, fitting));
		} else if (ms < TARGET_MS.least && parts >= this.current) this.current = Math.min(LARGEST, this.current * 2);
	}
}

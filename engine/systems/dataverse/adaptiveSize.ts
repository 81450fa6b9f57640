import { type BatchSizer, LEAST_PARTS, share } from '../odata/batchSize';

/** A batch should take about this long: long enough to be worth its request, short enough to be repeated, stopped and shared fairly. */
const TARGET_MS = { least: 5_000, most: 10_000 };
const SMALLEST = 10;
/** The service takes 1,000 parts at most ("Execute batch operations using the Web API"). */
const LARGEST = 1_000;
/** Of what is left of the requests in five minutes, one call may take this share. */
const SHARE_OF_REQUESTS = 1 / 40;
/** The least parts of a batch grow by one with so many that were sent, up to this. */
const SENT_PER_PART = 40;
const LEAST_IN_LONG_RUN = 60;

/**
 * Sizes batches. A short burst is spread widely; the more a run has sent already, the more goes into one batch, so that its requests last. A batch takes at
 * most what earlier ones show to be done in a fitting time, because plug-ins make a change take anything from 20 ms to seconds: full batches quicker than
 * 5 s double that, those slower than 10 s shrink it to what would have fitted. Starts at 100.
 */
export class AdaptiveSize implements BatchSizer {
	private most: number;
	private sent = 0;

	/** `requestsLeft`: of the budget of the window. */
	constructor(
		start: number,
		private readonly requestsLeft: () => number = () => Number.POSITIVE_INFINITY,
	) {
		this.most = Math.max(1, Math.min(LARGEST, start));
	}

	size(parts: number, lanes: number): number {
		const lasting = Math.min(LEAST_IN_LONG_RUN, Math.floor(this.sent / SENT_PER_PART));
		const scarce = Math.ceil(parts / Math.max(1, this.requestsLeft() * SHARE_OF_REQUESTS));
		return share(parts, lanes, { least: Math.max(LEAST_PARTS, lasting, scarce), most: this.most });
	}

	took(parts: number, ms: number): void {
		this.sent += parts;
		if (ms > TARGET_MS.most) {
			const fitting = Math.floor((parts * TARGET_MS.most) / ms);
			this.most = Math.max(Math.min(SMALLEST, this.most), Math.min(this.most, fitting));
		} else if (ms < TARGET_MS.least && parts >= this.most) this.most = Math.min(LARGEST, this.most * 2);
	}
}

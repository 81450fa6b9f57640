/** How many parts go into the next batch; may learn from the time batches take. */
export interface BatchSizer {
	/**
	 * A batch is carried out one part after another, so work is spread over all lanes before batches grow.
	 * @param parts of the whole call
	 * @param lanes batches that may be on their way at a time
	 */
	size(parts: number, lanes: number): number;
	took(parts: number, ms: number): void;
}

/** Smaller batches save no time that is worth their requests: a round trip takes as long as some changes. */
export const LEAST_PARTS = 10;

/** A read asks for many rows at once, and takes the service less time than a change. */
export const LEAST_READS = 20;

/** An even share for each lane: not smaller than `least`, unless that is more than `most`. */
export const share = (parts: number, lanes: number, { least, most }: { least: number; most: number }): number =>
	Math.min(most, Math.max(least, Math.ceil(parts / Math.max(1, lanes))));

/** Batches of at most so many parts, spread over the lanes; not below `least`. */
export const spread = (most: number, least = LEAST_PARTS): BatchSizer => ({
	size: (parts, lanes) => share(parts, lanes, { least, most }),
	took: () => undefined,
});

/** As few batches as possible, for work that takes a service hardly any time. */
export const fixedSize = (size: number): BatchSizer => ({ size: () => size, took: () => undefined });

import type { InDoubt } from './insertsInDoubt';

/** What a pass knows before it pairs a page. */
export interface SeenBefore {
	inDoubt: InDoubt;
	/** Skipped records that are to be tried again, by id. */
	retryNow: ReadonlySet<string>;
	/** Records that the pass has dealt with, in whatever version. */
	handled: { has(id: string): boolean };
}

import type { Side } from './side';

/** Up to where the changes of one side of a mapping are dealt with, and what that was found out under. */
export interface Watermark {
	mapping: string;
	side: Side;
	/**
	 * By the service's own clock, ISO; null: nothing is dealt with (start over). After a read that came to its end: when that read began. While one is
	 * under way: the newest stamp of the records that are durably dealt with.
	 */
	stamp: string | null;
	/** How far the service's clock was ahead of ours then (milliseconds; behind: negative). Null or absent where its answers did not tell. */
	clockAheadMs?: number | null;
	/** What was read, as a hash of table and filter. Null or absent where an earlier version wrote it. */
	scope?: string | null;
	/** Whether records without a partner were delivered as well. Null or absent where it is not known. */
	uncoupledToo?: boolean | null;
}

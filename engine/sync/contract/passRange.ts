import type { Resumption } from '../../jobs/runFollower';
import type { TimeBudget } from '../../ports/timeBudget';
import type { Reading } from '../reading/reading';

export interface PassRange {
	/** Only these source records; the watermark is ignored. */
	ids?: readonly string[];
	/** Of `ids`, also records that the filter does not select. */
	outsideFilter?: boolean;
	/** Read all records the filter selects. */
	fromStart: boolean;
	/** An interrupted pass that reads all records goes on here. */
	resumption?: Resumption;
	pageSize: number;
	/** So many rows at the most are dealt with together, where several pages are faster; absent: each page by itself. */
	partRows?: number;
	/** Stop at a page border after this many records. */
	recordLimit?: number;
	/** When it is spent no further page is begun. */
	budget?: TimeBudget;
	/** What was read ahead. */
	reading?: Reading;
	/** Called at every page border: keeps the lease, looks at the signal. Throws RunStopped. */
	checkpoint(): Promise<void>;
}

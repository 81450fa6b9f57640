import type { CoupledPair } from '../../model/coupling';
import type { PassDirection } from '../../model/direction';
import type { Lease } from '../../model/lease';
import type { LogEntry } from '../../model/logEntry';
import type { Side } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';

/** Compare versions, and so look for deleted records, when the mapping's interval is over, in this run whatever it says, or not at all. */
export type ComparisonWish = 'mapping' | 'now' | 'off';

/** How runs read the changes of a side. */
export interface SideReading {
	/** Of the pass that reads it. */
	direction: PassDirection;
	/** What has an older stamp is read by no run; ISO, UTC. Null where all rows are read anyhow. */
	since: string | null;
	/** Runs create partners of its records. */
	creates: boolean;
	/**
	 * What this run does about all its records without a partner: it looks at each (`everything`), it leaves some without one because it was told to
	 * (`leaves`), or it looks at those that changed.
	 */
	uncoupled: 'everything' | 'leaves' | 'changes';
	/** Of records without a partner those that take part in the mapping: inside the filter, and not left out by a rule of it. */
	takePart(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** What a comparison works with. */
export interface ComparisonRun {
	session: SyncSession;
	mapping: TableMapping;
	lease: Lease;
	/** Null where the mapping does not carry the records of the side anywhere. */
	readingOf(side: Side): Promise<SideReading | null>;
	/** Told of couples whose record of a side is there, but outside the filter of the mapping. */
	left(side: Side, pairs: readonly CoupledPair[]): Promise<void>;
	/** Says that so many records were overlooked; answers what is to be logged. */
	tellOverlooked(side: Side, count: number): LogEntry[];
	/** Called between requests: keeps the lease, looks at the signal and the time. Throws RunStopped. */
	checkpoint(): Promise<void>;
}

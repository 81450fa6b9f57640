import type { PageRecord } from '../record/pageRecord';
import type { SystemRecord } from '../../model/record';
import type { UnresolvedReference } from '../../model/failure';
import type { WriteOutcome } from '../../ports/write';
import type { PendingWrite, PlannedWrite } from '../contract/plannedWrite';
import type { PageOrigin, WorkItem } from '../contract/workItem';
import type { SeenBefore } from '../contract/seenBefore';

/** What a page's decisions come to. */
export interface Decided<Pending> {
	pending: Pending[];
	/** Source ids that turned out to need nothing yet: they are left to the rest of the pass. */
	later: string[];
}

/**
 * One kind of thing that is kept in step: records, or documents with their lines. A pass takes every page through these stages, in this order,
 * and knows no more of what it carries. Stages settle in `page` what they are done with, and hand on the rest. A unit gets back only what it has
 * answered itself, so one whose items hold more than a work item may rely on it.
 */
export interface SyncUnit<
	Item extends WorkItem = WorkItem,
	Pending extends { item: WorkItem } = PendingWrite,
	Planned extends Pick<PlannedWrite, 'operation'> = PlannedWrite,
> {
	/** Once before the first page. */
	begin(): Promise<void>;
	/** Finds what the records of a page belong to, and drops those that need nothing. */
	pair(seen: SeenBefore, records: readonly SystemRecord[], page: PageRecord, origin: PageOrigin): Promise<Item[]>;
	/** Looks once more for partners, after records were brought in that theirs may be part of: a unit is found in its group. */
	matchAgain?(items: readonly Item[]): Promise<void>;
	/** Loads what deciding needs to know besides the records, in batches. */
	prepare(items: readonly Item[]): Promise<void>;
	/** What the records refer to and the other system does not have yet. */
	lacks(items: readonly Item[]): UnresolvedReference[];
	/** What is to be done with each. No request but for partners that have to be seen first. */
	decide(items: readonly Item[], page: PageRecord): Promise<Decided<Pending>>;
	/** Before anything is created, uncoupled or deleted: asks the target for partners that exist already, and decides those that have one. */
	askFirst(pending: readonly Pending[], page: PageRecord): Promise<Pending[]>;
	/** Uncouples and deletes what was decided, once the guard agrees to the whole page. */
	remove(pending: readonly Pending[], page: PageRecord): Promise<void>;
	/** The operations, in the order in which they are to be sent. What cannot be sent fails here. */
	plan(pending: readonly Pending[], page: PageRecord): Promise<Planned[]>;
	/** Makes durable what has to outlast a crash between sending and hearing: intents, replaced values. */
	announce(planned: readonly Planned[], page: PageRecord): Promise<void>;
	/** Takes in the outcomes, by position. Answers what is stale: somebody changed or deleted its partner meanwhile. */
	settle(planned: readonly Planned[], outcomes: readonly WriteOutcome[], page: PageRecord): Promise<Item[]>;
	/** Reads again what is stale, so that it can be decided anew. */
	refresh(stale: readonly Item[]): Promise<void>;
	/** It stayed stale, however often it was tried. */
	giveUp(stale: readonly Item[], page: PageRecord): void;
}

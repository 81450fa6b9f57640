import type { ComparisonWish } from '../comparison/comparisonRun';
import type { ConflictStrategy, DeletionStrategy } from '../../model/tableMapping';
import type { PassDirection } from '../../model/direction';
import type { Job } from '../../model/job';
import type { Consent } from '../../model/massChange';
import type { RunFollower } from '../../jobs/runFollower';

export interface RunRequest {
	mapping: string;
	/** For this run only; default: as the mapping says. */
	direction?: PassDirection;
	/** Carry it out in memory alone, and report: nothing is written anywhere (no job, no state). */
	preview?: boolean;
	/** Treat every record the filters select as changed, whatever the watermark says. Fields still compare with the baseline. */
	force?: boolean;
	/** Read all records the filters select, not only those since the watermark; records known to be unchanged stay untouched. */
	fromStart?: boolean;
	/**
	 * Only these source records, by id of the named side, whatever the watermark says. Those outside the filter are left alone and counted as
	 * skipped, unless `outsideFilter` says that the records matter more than the filter.
	 */
	selected?: { side: 'businessCentral' | 'crm'; ids: readonly string[]; outsideFilter?: boolean };
	/** Create partners of uncoupled records in this run; default: what the mapping says. */
	createUncoupled?: boolean;
	/** The source side wins in every field that travels this way, also where only the target was changed; what is replaced is logged. */
	overwrite?: boolean;
	/**
	 * Records of other mappings that records of this run refer to, and that are not coupled, are synchronized first: created and coupled
	 * where that mapping creates records (`ifAllowed`), or in any case (`create`). Default: the records fail, and the run lists what they
	 * lack.
	 */
	pullDependencies?: 'ifAllowed' | 'create';
	/** Mappings whose runs wait for this one to bring something in; set by the engine, so that a circle ends. */
	pulledFor?: readonly string[];
	conflict?: ConflictStrategy;
	deletion?: DeletionStrategy;
	/**
	 * Compare the versions of all records with the couplings, which finds records that were deleted, and those that were changed without a newer stamp:
	 * when the mapping's interval is over (default), in this run whatever the interval says, or not at all. Runs over selected records never do.
	 */
	findDeleted?: ComparisonWish;
	/** This run may delete, uncouple, overwrite, empty and create as many records as it comes to. */
	allowMassChanges?: boolean;
	/** What a person asked for with these records or this table, so that the guard does not count it. */
	consented?: readonly Consent[];
	/**
	 * A person deals with a system that was put back to an earlier state: whether it was is not asked. `asEdit`: values of records that went back travel
	 * as edits, and what they replace is logged.
	 */
	restored?: 'settling' | 'asEdit';
	/**
	 * What happens where the mapping has no coupling although both systems hold records of it (see `requireCouples`). `stop` (default): the run ends
	 * before it writes. `isNew`: a person says that nothing was synchronized before; remembered in the store. `allowed`: for this run only, because
	 * a person named the records or has them matched first. `createAll`: as `allowed`, unless something tells that they were synchronized before.
	 */
	nothingCoupled?: 'stop' | 'isNew' | 'allowed' | 'createAll';
	/**
	 * What happens where records of both systems tell that another state store has coupled them, more than a handful: `stop` (default) ends the run
	 * before it writes them, `takeOver` couples what belongs together, as a first synchronization does.
	 */
	traces?: 'stop' | 'takeOver';
	/** Upper limit of change details returned; default 0. */
	returnChanges?: number;
	/** Upper limit of failed records returned; default 1,000. */
	returnFailures?: number;
	/** Stop after this time, at the next page border (ms). The next run goes on from there. */
	timeBudgetMs?: number;
	/**
	 * The run completes an action that was carried out already: where the session waited for the mapping in vain (`SyncSession.waitForTurnMs`), it ends as
	 * `alreadyRunning`, and whoever started it says what is left, instead of failing an action that cannot be asked for again.
	 */
	followsUp?: boolean;
	/** Records per page; default 1,000, and 500 in a run with a limit. Where it is given, each page is dealt with by itself. */
	pageSize?: number;
	/** Several pages are dealt with together up to so many records; default 3,000 where no page size is given and the run has no limit. */
	partRows?: number;
	/** Stop after this many source records at the next page border. */
	recordLimit?: number;
	type?: Job['type'];
	/** Uncoupled records that this run creates no partner for, because nobody can tell whether they have one. */
	leaveOut?: LeaveOut;
	/** Keeps track of a full synchronization; what it answers is stored together with what it tells about. */
	follower?: RunFollower;
}

/** Ids by side. */
export interface LeaveOut {
	businessCentral: ReadonlySet<string>;
	crm: ReadonlySet<string>;
}

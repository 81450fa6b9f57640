import type { ChangeTokenUpdate } from '../model/changeToken';
import type { Coupling, OwnWrite } from '../model/coupling';
import type { Intent } from '../model/intent';
import type { PassDirection } from '../model/direction';
import type { DerivedRow, DerivedRowKey } from '../model/derivedRow';
import type { CoupledDocument } from '../model/document';
import type { Failure } from '../model/failure';
import type { DeletedPartner } from '../model/deletion';
import type { ComparedRecords, VersionComparison } from '../model/comparison';
import type { Tombstone } from '../model/tombstone';
import type { RequeuedRecord } from '../model/requeued';
import type { Job } from '../model/job';
import type { FieldSetProgress } from '../model/fieldSet';
import type { FullSyncLine } from '../model/fullSync';
import type { LogEntry } from '../model/logEntry';
import type { MassChange } from '../model/massChange';
import type { Origin } from '../model/storeIdentity';
import type { TriggerChanges } from '../model/trigger';
import type { Watermark } from '../model/watermark';

/** Everything a page changed; applied in one transaction, all or nothing. */
export interface StoreChanges {
	/** Inserted, or replaced by (mapping, bcId, crmId). */
	couplings?: readonly Coupling[];
	/**
	 * What rules wrote to the records of couples of another mapping, which is no edit of anybody: the marks take their places in the baselines as they are
	 * then. Couples that are gone, or were never synchronized, are passed over.
	 */
	ownWrites?: readonly OwnWrite[];
	/** What the comparison of versions found out about the pair goes with it. */
	uncouple?: ReadonlyArray<{ mapping: string; bcId: string; crmId: string }>;
	/** Inserted, or replaced by (mapping, crmId) with all their lines. */
	documents?: readonly CoupledDocument[];
	/** Documents that have a partner no longer, with their lines. */
	documentsDone?: ReadonlyArray<{ mapping: string; crmId: string }>;
	/** Inserted, or replaced by (mapping, sourceId). */
	derivedRows?: readonly DerivedRow[];
	/** Rows that there are no longer, or that nobody looks after any more. */
	derivedRowsDone?: readonly DerivedRowKey[];
	intents?: readonly Intent[];
	intentsDone?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	failures?: readonly Failure[];
	failuresDone?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	/** Skipped records that the next run tries again; those without a failure are passed over. */
	failuresDue?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	/** Records to be looked at again. One that is requeued already goes on owing its fields, unless other fields are named. */
	requeued?: readonly RequeuedRecord[];
	requeuedDone?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	/** Pairs found to have lost a record; known ones stay as they are. */
	deletedPartners?: readonly DeletedPartner[];
	/** Pairs a run has dealt with. */
	deletedPartnersDone?: readonly DeletedPartner[];
	comparison?: VersionComparison;
	/** Records that a comparison has met; each mark replaces the one the record had. */
	compared?: ComparedRecords;
	/** Replaced by (mapping, crmId); those that are too old to matter are forgotten. */
	tombstones?: readonly Tombstone[];
	/** Mapping whose former partners are forgotten. */
	forgetTombstones?: string;
	/** Mapping of which nothing is kept any more, so that it has no records to know in any way. */
	forgetIdentity?: string;
	/**
	 * Never moves backwards, except with a stamp of `null` (start over), or where `anyhow` says so: a read that came to its end, or one that begins
	 * earlier because the stamp that is kept tells nothing any more.
	 */
	watermark?: Watermark & { moves?: 'forward' | 'anyhow' };
	/** Replaces the one that the mapping has for the side. */
	changeToken?: ChangeTokenUpdate;
	/** Jobs of the mapping that are still said to be running are ended as stopped: their process died. To be given with the lease only. */
	endDeadJobs?: { mapping: string; at: string; message: string };
	/** Inserted, or replaced by mapping. Ended couplings leave `uncoupled` behind by themselves. */
	origins?: readonly Origin[];
	/** From now on the couplings of the mapping are compared with these fields; how far they have been. */
	fieldSet?: FieldSetProgress;
	/** Counted for the guard against mass changes from now on, each record once as a loss and once as created. */
	massChanges?: readonly MassChange[];
	/** Counted before they came to nothing. */
	massChangesUndone?: ReadonlyArray<Pick<MassChange, 'mapping' | 'recordId' | 'action'>>;
	/** `all`: what runs of the mapping did no longer counts, because a person allowed it. `old`: what is older than a day goes, and what is of the future is of now. */
	massChangesForgotten?: { mapping: string; which: 'all' | 'old' };
	job?: Job;
	/** Inserted, or replaced by mapping. */
	fullSync?: readonly FullSyncLine[];
	log?: readonly LogEntry[];
	/** What a trigger found out; to be given with its lease. */
	trigger?: TriggerChanges;
}

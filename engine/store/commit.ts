import type { Scope } from './scope';
import { putChangeToken } from './tables/changeTokens';
import { putCouplings, removeCouplings } from './tables/couplings';
import { putMissingPartners, removeMissingPartners } from './tables/deletions';
import { putCompared, putComparison } from './tables/comparisons';
import { putDerivedRows, removeDerivedRows } from './tables/derivedRows';
import { putDocuments, removeDocuments } from './tables/documents';
import { forgetFormerPartners, putFormerPartners } from './tables/formerPartners';
import { makeDue, putFailures } from './tables/failures';
import { noteOwnWrites } from './tables/ownWrites';
import { putIntents, removeBySource } from './tables/intents';
import { putRequeued } from './tables/requeuedRecords';
import { putFieldSet } from './tables/fieldSets';
import { putFullSyncLines } from './tables/fullSync';
import { endDeadJobs, putJob } from './tables/jobs';
import { forgetIdentity } from './tables/recordKeys';
import { requireFence } from './tables/leases';
import { addLogEntries } from './tables/logEntries';
import { forgetMassChanges, putMassChanges, removeMassChanges, tidyMassChanges } from './tables/massChanges';
import { putOrigins, rememberUncoupled } from './tables/origins';
import { applyTriggerChanges } from './tables/triggers';
import { advanceWatermark } from './tables/watermarks';
import type { Lease } from '../model/lease';
import type { StoreChanges } from '../ports/storeChanges';

/**
 * Applies everything a page changed; `scope.db` is the transaction. What goes away goes before what comes, so that one commit can move a
 * record from one partner to another, or replace an intent or a failure.
 */
export async function applyChanges(scope: Scope, changes: StoreChanges, lease: Lease | undefined, now: number): Promise<void> {
	if (lease !== undefined) await requireFence(scope, lease);
	if (changes.uncouple?.length) {
		await removeCouplings(scope, changes.uncouple);
		await removeMissingPartners(scope, changes.uncouple);
		await rememberUncoupled(scope, changes.uncouple, now);
	}
	if (changes.forgetTombstones !== undefined) await forgetFormerPartners(scope, changes.forgetTombstones);
	if (changes.forgetIdentity !== undefined) await forgetIdentity(scope, changes.forgetIdentity);
	if (changes.tombstones?.length) await putFormerPartners(scope, changes.tombstones, now);
	// First, so that what takes their place finds their room: a creating run leaves a smaller file.
	if (changes.intentsDone?.length) await removeBySource(scope, 'intent', changes.intentsDone);
	if (changes.couplings?.length) await putCouplings(scope, changes.couplings);
	if (changes.ownWrites?.length) await noteOwnWrites(scope, changes.ownWrites);
	if (changes.documentsDone?.length) await removeDocuments(scope, changes.documentsDone);
	if (changes.documents?.length) await putDocuments(scope, changes.documents);
	if (changes.derivedRowsDone?.length) await removeDerivedRows(scope, changes.derivedRowsDone);
	if (changes.derivedRows?.length) await putDerivedRows(scope, changes.derivedRows);
	if (changes.intents?.length) await putIntents(scope, changes.intents);
	if (changes.failuresDone?.length) await removeBySource(scope, 'failure', changes.failuresDone);
	if (changes.failuresDue?.length) await makeDue(scope, changes.failuresDue);
	if (changes.failures?.length) await putFailures(scope, changes.failures);
	if (changes.requeuedDone?.length) await removeBySource(scope, 'requeued_record', changes.requeuedDone);
	if (changes.requeued?.length) await putRequeued(scope, changes.requeued);
	if (changes.deletedPartnersDone?.length) await removeMissingPartners(scope, changes.deletedPartnersDone);
	if (changes.deletedPartners?.length) await putMissingPartners(scope, changes.deletedPartners);
	if (changes.comparison !== undefined) await putComparison(scope, changes.comparison);
	if (changes.compared?.records.length) await putCompared(scope, changes.compared);
	if (changes.watermark !== undefined) await advanceWatermark(scope, changes.watermark);
	if (changes.changeToken !== undefined) await putChangeToken(scope, changes.changeToken);
	if (changes.endDeadJobs !== undefined) await endDeadJobs(scope, changes.endDeadJobs);
	if (changes.origins?.length) await putOrigins(scope, changes.origins);
	if (changes.fieldSet !== undefined) await putFieldSet(scope, changes.fieldSet);
	if (changes.massChangesForgotten !== undefined) {
		const { mapping, which } = changes.massChangesForgotten;
		await (which === 'all' ? forgetMassChanges(scope, mapping) : tidyMassChanges(scope, mapping, now));
	}
	if (changes.massChangesUndone?.length) await removeMassChanges(scope, changes.massChangesUndone);
	if (changes.massChanges?.length) await putMassChanges(scope, changes.massChanges, now);
	if (changes.job !== undefined) await putJob(scope, changes.job);
	if (changes.fullSync?.length) await putFullSyncLines(scope, changes.fullSync);
	if (changes.log?.length) await addLogEntries(scope, changes.log);
	if (changes.trigger !== undefined) await applyTriggerChanges(scope, changes.trigger);
}

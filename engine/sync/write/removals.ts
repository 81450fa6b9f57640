import { COMPANY_COLUMN } from '../../model/companyColumn';
import { isStamped } from '../../mapping/companyOfRow';
import { SyncError, throwIfKeptBack } from '../../model/errors';
import type { InDoubt } from '../contract/insertsInDoubt';
import { askGuard } from './guardedChanges';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import { partnerDeleted } from '../decide/decideDeleted';
import type { WorkItem } from '../contract/workItem';
import type { PendingWrite } from '../contract/plannedWrite';
import { deleteRecords } from '../cascades/deleteRecords';
import { type TakenAlong, takenAlong } from '../cascades/takenAlong';
import type { WriteOutcome } from '../../ports/write';
import type { Removal } from '../contract/removal';
import { heldElsewhere, inWords } from '../closed/heldElsewhere';
import type { Coupling } from '../../model/coupling';
import type { Side } from '../../model/side';
import type { RecordPair } from '../../jobs/recorder';

/**
 * Uncouples and deletes what was decided, after the guard has agreed to all of the page: also to what its writes replace, empty and create.
 * @throws SyncError `MASS_CHANGE` before anything of it is done
 */
export async function carryOutRemovals(
	context: PassContext,
	inDoubt: InDoubt,
	pending: readonly PendingWrite[],
	page: PageRecord,
): Promise<void> {
	const { doomed, held } = await sparing(context, page.takeRemovals());
	const uncoupled = doomed.filter(({ edited }) => edited === null);
	const deleted = doomed.filter(({ edited }) => edited !== null);
	const { session, source, mappings } = context;
	const records = deleted.map(({ item }) => item.source);
	const along = records.length > 0 ? await takenAlong(session, mappings.values(), source.side, { table: source.table, records }) : [];
	await askGuard(context, inDoubt, { pending, doomed, along }, page);
	if (doomed.length > 0) await context.stillHeld();
	await clearCompany(
		context,
		uncoupled.filter(({ item }) => !held.has(item.source.id)),
	);
	await deleteSurvivors(context, deleted, along, page);
	for (const { item } of uncoupled) {
		released(context, item, page, 'uncouple');
		page.letGo(item);
	}
}

/**
 * A record that is coupled in another mapping, too, with one that is there, does not follow its deleted partner of this mapping: the two are parted,
 * and the record keeps its company.
 */
async function sparing(
	{ session, mappings, mapping, source, recorder }: PassContext,
	removals: readonly Removal[],
): Promise<{ doomed: Removal[]; held: ReadonlyMap<string, Coupling> }> {
	const ids = removals.map(({ item }) => item.source.id);
	const held = await heldElsewhere(session, mappings.values(), mapping, source.side, ids);
	const doomed = removals.map(({ item, edited }): Removal => {
		const other = edited === null ? undefined : held.get(item.source.id);
		if (!other) return { item, edited };
		const called = [item.source.number, item.source.name].filter(Boolean).join(' ') || item.source.id;
		recorder.warn(
			`${called} was not deleted with its partner, but uncoupled: it is coupled in another table mapping as well, ${inWords(other)}.`,
			{
				code: 'COUPLED_ELSEWHERE',
				hint: `Nothing to do. If it is to go, too, uncouple it from ${other.mapping} and delete it by hand.`,
				[source.side]: recorder.ref(source.side, { businessCentral: null, crm: null, coupling: null, [source.side]: item.source }),
			},
		);
		return { item, edited: null };
	});
	return { doomed, held };
}

function released(context: PassContext, item: WorkItem, page: PageRecord, action: 'uncouple' | 'delete', gone: readonly Side[] = []): void {
	const { recorder, source, target } = context;
	recorder.count(action === 'delete' ? 'deleted' : 'uncoupled');
	recorder.change({ action, written: action === 'delete' ? source.side : target.side, fields: [] }, merged(page.pair(item), gone));
	page.uncouple(item.coupling!);
	page.forget(item);
}

const merged = (pair: RecordPair, gone: readonly Side[]): RecordPair => ({ ...pair, gone: [...(pair.gone ?? []), ...gone] });

/**
 * A CRM row that loses its partner no longer belongs to the company, whichever way the mapping goes. Done before the coupling goes, so that a crash in
 * between is repaired by the next run. A row that cannot be written keeps its company, and a warning says so.
 */
async function clearCompany(context: PassContext, uncoupled: readonly Removal[]): Promise<void> {
	const { source, mapping, companyRowId, recorder } = context;
	if (source.side !== 'crm' || !mapping.companyStamp || companyRowId === null) return;
	const stamped = uncoupled.filter(({ item }) => isStamped(context, item.source));
	if (stamped.length === 0) return;
	const outcomes = await source.system.write(
		source.table,
		stamped.map(({ item }) => ({
			kind: 'update',
			id: item.source.id,
			version: item.source.version,
			number: '',
			values: { [COMPANY_COLUMN]: null },
		})),
	);
	throwIfKeptBack(outcomes);
	outcomes.forEach((outcome, index) => {
		const { item } = stamped[index]!;
		// The version tells whether somebody changes the row later.
		if (outcome.status === 'written') item.source = { ...item.source, version: outcome.record.version };
		if (outcome.status === 'written' || outcome.status === 'missing') return;
		const reason = outcome.status === 'failed' ? ` (${outcome.error.message})` : '';
		recorder.warn(`The company of ${item.source.name} could not be cleared in CRM${reason}; clear it there by hand.`);
	});
}

/** Deletes records at the version they were decided on. What the service refuses is a failure of that record, and nothing is lost. */
async function deleteSurvivors(
	context: PassContext,
	doomed: readonly Removal[],
	along: readonly TakenAlong[],
	page: PageRecord,
): Promise<void> {
	if (doomed.length === 0) return;
	const { session, mapping, lease, source, recorder, direction } = context;
	// What is deleted is in the log before it is gone.
	for (const { item, edited } of doomed) recorder.deleting(direction, page.pair(item), edited!);
	await page.persistIntents([], []);
	const records = doomed.map(({ item }) => item.source);
	const outcomes = await deleteRecords({ session, mapping, recorder, lease }, source.side, records, along).catch((error: unknown) => {
		// What belongs to the records is being synchronized: they are left to the next run.
		if (!(error instanceof SyncError) || error.code !== 'MAPPING_BUSY') throw error;
		return doomed.map((): WriteOutcome => ({ status: 'failed', error }));
	});
	for (const { coupling } of along) if (coupling) page.guarded.done(coupling.bcId);
	let setup: SyncError | undefined;
	outcomes.forEach((outcome, index) => {
		const { item } = doomed[index]!;
		switch (outcome.status) {
			case 'written':
				return released(context, item, page, 'delete');
			case 'missing':
				return released(context, item, page, 'uncouple', [source.side]);
			case 'failed':
				if (outcome.error.errorClass !== 'setup' || isRefused(outcome.error)) page.fail(item, ofRecord(outcome.error), []);
				else setup = outcome.error;
				return;
			case 'unknown':
				page.guarded.done(item.coupling!.bcId);
				return page.fail(item, outcome.error, []);
			default:
				page.fail(item, partnerDeleted(direction, true), []);
		}
	});
	if (setup) throw setup;
}

/** The right to delete is one that a careful administrator withholds: records that need no deletion go on. */
const isRefused = (error: SyncError): boolean => error.httpStatus === 403 || error.httpStatus === 405;

const ofRecord = (error: SyncError): SyncError =>
	error.errorClass !== 'setup'
		? error
		: new SyncError({
				code: error.code,
				errorClass: 'data',
				system: error.system,
				table: error.table,
				recordId: error.recordId,
				httpStatus: error.httpStatus,
				message: `The record was to be deleted because its partner was. ${error.message}`,
				hint: `${error.hint} Or delete, restore or uncouple the record by hand.`,
				cause: error,
			});

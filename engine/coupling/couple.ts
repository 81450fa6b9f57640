import { requireDirection } from '../sync/run/directions';
import { findMapping } from '../defaults/catalog';
import { idsAsKnown } from '../mapping/idsAsKnown';
import { loadSettled } from '../setup/settleIdentity';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { JobResult } from '../jobs/jobResult';
import { noteKeys } from '../jobs/noteKeys';
import { takeTurn } from '../jobs/turn';
import { sessionFor } from '../overlay/previewOf';
import { synchronizeMapping } from '../sync/run/synchronize';
import { carriesCompany, clearCompany } from './companyOfRows';
import { partsFollow, referencesFollow } from './follow';
import { defaultInitial, directionOf, recordsForgotten, namedPair, type InitialSync, pendingInitial } from './initialSync';
import { requireServed } from './mayBeCoupled';
import { readPair, refuseIfAlive } from './pair';
import type { CouplingView } from './types';
import { viewOf } from './view';
import type { Side } from '../model/side';
import type { SystemRecord } from '../model/record';
import { type Coupling, newCoupling } from '../model/coupling';
import { partedByHand } from '../sync/record/tombstones';

export interface CoupleRequest {
	mapping: string;
	bcId: string;
	crmId: string;
	/** The record somebody started from: it may move away from another partner, the other one must be free. Default Business Central. */
	from?: Side;
	/**
	 * Whose values win where the two differ: send = Business Central, get = CRM; none = the next run decides; default = send, or get where
	 * the mapping only brings data from CRM.
	 */
	initial: InitialSync | 'default';
	preview?: boolean;
}

/**
 * Couples one pair. A record that was coupled before moves to its new partner, unless that partner belongs to
 * another record that still exists; couplings of deleted records give way. Records that are coupled with each other already stay as they are,
 * except that a couple never synchronized is now, when that is asked for.
 * @throws SyncError what the mapping's rule has against it; `ALREADY_COUPLED`, `RECORD_MISSING`, `OTHER_COMPANY`, `PARTNER_MERGED`, `OUTSIDE_FILTER` (data), `DIRECTION` (setup), `MAPPING_BUSY` (transient); nothing is
 * changed then.
 */
export async function coupleRecords(given: SyncSession, request: CoupleRequest): Promise<CouplingView> {
	const session = sessionFor(given, request.preview);
	const mappings = await loadSettled(session, request.mapping);
	const mapping = findMapping(mappings, request.mapping);
	const initial = chooseInitial(mapping, request.initial);
	const [bcId] = await idsAsKnown(session, mapping.bc, [request.bcId]);
	const [bc, crm] = await readPair(session, mapping, bcId!, request.crmId.toLowerCase());
	const held = await takeTurn(session, mapping.name);
	try {
		const ofBc = (await session.store.couplingsOf(mapping.name, 'businessCentral', [bc.id])).get(bc.id);
		const ofCrm = (await session.store.couplingsOf(mapping.name, 'crm', [crm.id])).get(crm.id);
		const same = ofBc && ofBc.crmId === crm.id ? ofBc : undefined;
		const from = request.from ?? 'businessCentral';
		const [own, taken] = from === 'crm' ? [ofCrm, ofBc] : [ofBc, ofCrm];
		if (same && (initial === 'none' || request.initial === 'default' || same.baseline !== null)) {
			return { ...shown(session, mapping, same, bc, crm), outcome: 'alreadyCoupled' };
		}
		if (!same) await requireServed(session, mapping, { businessCentral: bc, crm });
		if (!same && taken) await refuseIfAlive(session, mapping, taken, from);

		const now = new Date(session.clock.now()).toISOString();
		const coupling = newCoupling(mapping.name, namedPair(bc, crm), initial === 'none' ? pendingInitial(mapping) : initial, now);
		const gone = same ? [] : [ofBc, ofCrm].filter((each): each is Coupling => each !== undefined);
		const outcome = same ? ('alreadyCoupled' as const) : own ? ('moved' as const) : ('coupled' as const);
		// Before the coupling goes, as in uncoupling: a crash in between is repaired by coupling once more.
		const { gone: lost = [], ...released } = outcome === 'moved' && own ? await letGo(session, mapping, own, from) : {};
		const former = partedByHand(gone, lost, now);
		const changes = { uncouple: gone, tombstones: former, couplings: [coupling], ...recordsForgotten([coupling, ...gone]) };
		await noteKeys(session);
		await session.store.commit(changes, held.lease);
		await held.release();
		const view: CouplingView = {
			...shown(session, mapping, coupling, bc, crm),
			outcome,
			...released,
		};
		const partner = { mapping, mappings, coupling, gone };
		const parts = await partsFollow(session, partner);
		const synced = initial === 'none' ? view : await firstSync(session, mapping, coupling, initial, view);
		const { jobs, waiting } = await referencesFollow(session, partner, initial !== 'none');
		return followed(synced, [...parts.jobs, ...jobs], parts.left, waiting);
	} finally {
		await held.release();
	}
}

function chooseInitial(mapping: TableMapping, wanted: CoupleRequest['initial']): InitialSync {
	const initial = wanted === 'default' ? defaultInitial(mapping) : wanted;
	if (initial !== 'none') requireDirection(mapping, directionOf(initial), 'Choose the other initial synchronization, or none.');
	return initial;
}

/** The partner a record moved away from; as an uncoupled CRM row it loses the identity of the company. */
async function letGo(
	session: SyncSession,
	mapping: TableMapping,
	own: Coupling,
	from: Side,
): Promise<Pick<CouplingView, 'released' | 'warnings'> & { gone?: readonly string[] }> {
	const released =
		from === 'businessCentral' ? viewOf(session, mapping, own, null).crm : viewOf(session, mapping, own, null).businessCentral;
	if (from === 'crm' || !carriesCompany(mapping)) return { released };
	const { problems, gone } = await clearCompany(session, mapping, [own.crmId]);
	return { released, gone, ...(problems.length > 0 ? { warnings: problems } : {}) };
}

/** With what followed to the new partner, and what will; whatever could not is named. */
function followed(view: CouplingView, jobs: readonly JobResult[], left: readonly string[], waiting: number): CouplingView {
	const done = jobs.filter(({ job }) => job.inserted + job.modified + job.coupled > 0);
	const undone = jobs.filter(({ job }) => job.failed + job.skipped > 0 || job.status !== 'finished');
	const words = [
		...done.map(
			({ job }) => `${job.mapping}: ${job.message.replace(/\.$/, '')}, because what belongs to the record follows it to its new partner.`,
		),
		...undone.flatMap(({ job, failed }) => [
			`${job.mapping}: not everything that belongs to the record could follow it: ${job.message}`,
			...failed
				.slice(0, TOLD)
				.map(({ businessCentral, crm, message }) => `${businessCentral?.number || crm?.name || ''}: ${message}`.replace(/^: /, '')),
			...(failed.length > TOLD ? [`and ${failed.length - TOLD} more: see Read Sync Log → Get Errors.`] : []),
		]),
		...left,
		...(waiting > 0 ? [`${waiting} ${waiting === 1 ? 'record follows' : 'records follow'} it to its new partner with the next run.`] : []),
		...(view.released
			? [`${nameOf(view.released)} has no partner now, and runs create none for it. If it needs one: Create and Couple.`]
			: []),
	];
	return words.length === 0 ? view : { ...view, warnings: [...(view.warnings ?? []), ...words] };
}

/** Failures that are named one by one. */
const TOLD = 10;
const nameOf = (record: NonNullable<CouplingView['released']>): string => record.name || record.id;

/** The side that wins is delivered at once; the other direction follows for fields only it carries. */
async function firstSync(
	session: SyncSession,
	mapping: TableMapping,
	coupling: Coupling,
	initial: 'send' | 'get',
	view: CouplingView,
): Promise<CouplingView> {
	const direction = directionOf(initial);
	const sourceId = initial === 'send' ? coupling.bcId : coupling.crmId;
	const selected = { side: initial === 'send' ? ('businessCentral' as const) : ('crm' as const), ids: [sourceId], outsideFilter: true };
	const [job] = await synchronizeMapping(session, {
		mapping: mapping.name,
		nothingCoupled: 'allowed',
		direction,
		selected,
		consented: ['replace'],
		returnChanges: 1,
	});
	const now = (await session.store.couplingsOf(mapping.name, 'businessCentral', [coupling.bcId])).get(coupling.bcId);
	const failure = (await session.store.failuresOf(mapping.name, direction, [sourceId])).get(sourceId) ?? null;
	return { ...view, ...(now ? viewOf(session, mapping, now, failure) : {}), outcome: view.outcome!, ...(job ? { job } : {}) };
}

function shown(session: SyncSession, mapping: TableMapping, coupling: Coupling, bc: SystemRecord, crm: SystemRecord): CouplingView {
	const view = viewOf(session, mapping, { ...coupling, bcNumber: bc.number, bcName: bc.name, crmName: crm.name }, null);
	return { ...view, businessCentral: { ...view.businessCentral!, exists: true }, crm: { ...view.crm!, exists: true } };
}

import { SyncError } from '../errors';
import { findMapping, loadMappings } from '../mapping/catalog';
import { companyRow } from '../mapping/companyIdentity';
import type { TableMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import type { Coupling } from '../store/store';
import type { SystemRecord } from '../systems/system';
import { holdLease } from '../sync/leaseKeeper';
import { synchronizeMapping } from '../sync/synchronize';
import type { CouplingView } from './types';
import { viewOf } from './view';

export interface CoupleRequest {
	mapping: string;
	bcId: string;
	crmId: string;
	/** Whose values win where the two differ: send = Business Central, get = CRM; none = the next run decides by the mapping's conflict strategy. */
	initial: 'send' | 'get' | 'none';
	preview?: boolean;
}

/**
 * Couples one pair. A record that was coupled before moves to its new partner, unless the partner belongs to another record that still exists
 * (sync-semantics 3.3); couplings of deleted records give way.
 * @throws SyncError `ALREADY_COUPLED`, `RECORD_MISSING`, `OTHER_COMPANY` (data), `MAPPING_BUSY` (transient); nothing is changed then.
 */
export async function coupleRecords(session: SyncSession, request: CoupleRequest): Promise<CouplingView> {
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const bcId = request.bcId.toLowerCase();
	const crmId = request.crmId.toLowerCase();
	const [bc, crm] = await readPair(session, mapping, bcId, crmId);
	const held = request.preview ? null : await holdLease(session, mapping.name);
	if (held === 'taken') throw busy(mapping);
	try {
		const ofBc = (await session.store.couplingsOf(mapping.name, 'businessCentral', [bcId])).get(bcId);
		const ofCrm = (await session.store.couplingsOf(mapping.name, 'crm', [crmId])).get(crmId);
		if (ofBc && ofBc.crmId === crmId) return { ...existing(session, mapping, ofBc, bc, crm), outcome: 'alreadyCoupled' };
		if (ofCrm) await refuseIfAlive(session, mapping, ofCrm);
		const coupling = fresh(session, mapping, bc, crm, request.initial);
		const gone = [ofBc, ofCrm].filter((each): each is Coupling => each !== undefined);
		const view = { ...existing(session, mapping, coupling, bc, crm), outcome: ofBc ? ('moved' as const) : ('coupled' as const) };
		if (!held) return view;
		await session.store.commit({ uncouple: gone, couplings: [coupling], failuresDone: failuresOf(mapping, bcId, crmId) }, held.lease);
		await held.release();
		return request.initial === 'none' ? view : await firstSync(session, mapping, coupling, request.initial, view);
	} finally {
		await held?.release();
	}
}

/** The side that wins is delivered at once; the other direction follows for fields only it carries. */
async function firstSync(
	session: SyncSession,
	mapping: TableMapping,
	coupling: Coupling,
	initial: 'send' | 'get',
	view: CouplingView,
): Promise<CouplingView> {
	const wanted = initial === 'send' ? 'toCrm' : 'fromCrm';
	if (mapping.direction !== 'bidirectional' && mapping.direction !== wanted) {
		throw new SyncError({
			code: 'DIRECTION',
			errorClass: 'setup',
			system: 'engine',
			message: `The records are coupled, but ${mapping.name} does not synchronize ${wanted === 'toCrm' ? 'to CRM' : 'to Business Central'}.`,
			hint: 'Choose the other initial synchronization, or none.',
		});
	}
	const selected =
		wanted === 'toCrm' ? { side: 'businessCentral' as const, ids: [coupling.bcId] } : { side: 'crm' as const, ids: [coupling.crmId] };
	const [job] = await synchronizeMapping(session, { mapping: mapping.name, direction: wanted, selected, returnChanges: 1 });
	const now = (await session.store.couplingsOf(mapping.name, 'businessCentral', [coupling.bcId])).get(coupling.bcId);
	return { ...view, ...(now ? viewOf(session, mapping, now, null) : {}), outcome: view.outcome!, ...(job ? { job } : {}) };
}

async function readPair(session: SyncSession, mapping: TableMapping, bcId: string, crmId: string): Promise<[SystemRecord, SystemRecord]> {
	const bc = (await session.businessCentral.readByIds(mapping.bc, [bcId], [])).get(bcId);
	const crmFields = mapping.companyStamp ? ['bcbi_companyid'] : [];
	const crm = (await session.crm.readByIds(mapping.crm, [crmId], crmFields)).get(crmId);
	if (!bc) throw missing('businessCentral', mapping.bc.name, bcId);
	if (!crm) throw missing('crm', mapping.crm.name, crmId);
	const owner = crm.values['bcbi_companyid'] ?? null;
	const company = mapping.companyStamp ? await companyRow(session) : null;
	if (company !== null && owner !== null && owner !== company) {
		throw new SyncError({
			code: 'OTHER_COMPANY',
			errorClass: 'data',
			system: 'crm',
			recordId: crmId,
			message: `${crm.name} belongs to another Business Central company.`,
			hint: 'Choose a CRM record of this company, or clear the company of the record in CRM first.',
		});
	}
	return [bc, crm];
}

/** Sync-semantics 3.3 c and d. */
async function refuseIfAlive(session: SyncSession, mapping: TableMapping, coupling: Coupling): Promise<void> {
	const alive = (await session.businessCentral.readByIds(mapping.bc, [coupling.bcId], [])).get(coupling.bcId);
	if (!alive) return;
	throw new SyncError({
		code: 'ALREADY_COUPLED',
		errorClass: 'data',
		system: 'crm',
		recordId: coupling.crmId,
		message: `${coupling.crmName || 'The CRM record'} is already coupled to ${alive.number} ${alive.name}.`,
		hint: `Uncouple ${alive.number} ${alive.name} first, or choose another CRM record.`,
	});
}

function fresh(
	session: SyncSession,
	mapping: TableMapping,
	bc: SystemRecord,
	crm: SystemRecord,
	initial: CoupleRequest['initial'],
): Coupling {
	return {
		mapping: mapping.name,
		bcId: bc.id,
		crmId: crm.id,
		bcNumber: bc.number,
		bcName: bc.name,
		crmName: crm.name,
		bcVersion: null,
		crmVersion: null,
		bcStamp: null,
		crmStamp: null,
		baseline: null,
		initial,
		coupledAt: new Date(session.clock.now()).toISOString(),
		lastSyncedAt: null,
	};
}

function existing(session: SyncSession, mapping: TableMapping, coupling: Coupling, bc: SystemRecord, crm: SystemRecord): CouplingView {
	const view = viewOf(session, mapping, { ...coupling, bcNumber: bc.number, bcName: bc.name, crmName: crm.name }, null);
	return { ...view, businessCentral: { ...view.businessCentral!, exists: true }, crm: { ...view.crm!, exists: true } };
}

const failuresOf = (mapping: TableMapping, bcId: string, crmId: string) => [
	{ mapping: mapping.name, direction: 'toCrm' as const, sourceId: bcId },
	{ mapping: mapping.name, direction: 'fromCrm' as const, sourceId: crmId },
];

const missing = (side: 'businessCentral' | 'crm', table: string, id: string): SyncError =>
	new SyncError({
		code: 'RECORD_MISSING',
		errorClass: 'data',
		system: side,
		table,
		recordId: id,
		message: `There is no record ${id} in ${side === 'crm' ? 'the CRM table' : 'the Business Central table'} ${table}.`,
		hint: 'Choose the record from the list; it may have been deleted.',
	});

export const busy = (mapping: { name: string }): SyncError =>
	new SyncError({
		code: 'MAPPING_BUSY',
		errorClass: 'transient',
		system: 'engine',
		message: `${mapping.name} is being synchronized by another run right now.`,
		hint: 'Try again when that run has ended.',
	});

import { randomUUID } from 'node:crypto';
import { findMapping, loadMappings } from '../mapping/catalog';
import type { TableMapping } from '../mapping/tableMapping';
import type { SyncSession } from '../session';
import type { Coupling, Lease } from '../store/store';
import { JobRecorder } from '../sync/jobRecorder';
import { holdLease } from '../sync/leaseKeeper';
import type { JobResult } from '../sync/types';
import { busy } from './couple';

export interface UncoupleRequest {
	mapping: string;
	side: 'businessCentral' | 'crm';
	/** Records of that side; omitted = the whole mapping. */
	ids?: readonly string[];
	preview?: boolean;
}

const PAGE_SIZE = 1000;

/**
 * Removes couplings; no record is deleted. Where the CRM row carries the identity of the company, it is cleared (sync-semantics 16.1, 16.3):
 * a row that is gone, or that cannot be written, does not keep the coupling alive — the latter is reported.
 */
export async function uncoupleRecords(session: SyncSession, request: UncoupleRequest): Promise<JobResult> {
	const mapping = findMapping(await loadMappings(session), request.mapping);
	const preview = request.preview ?? false;
	const recorder = new JobRecorder(session, mapping, randomUUID(), null, {
		type: 'uncoupling',
		preview,
		returnChanges: PAGE_SIZE,
		returnFailures: PAGE_SIZE,
	});
	const held = preview ? null : await holdLease(session, mapping.name);
	if (held === 'taken') throw busy(mapping);
	try {
		if (request.ids) {
			const ids = [...new Set(request.ids.map((id) => id.toLowerCase()))];
			const found = await session.store.couplingsOf(mapping.name, request.side, ids);
			await uncouplePage(session, mapping, [...found.values()], recorder, held?.lease ?? null);
			for (const id of ids) if (!found.has(id)) recorder.warn(`${id} is not coupled; nothing to do.`);
		} else {
			let next: string | undefined;
			do {
				const page = await session.store.findCouplings({ mapping: mapping.name, limit: PAGE_SIZE, ...(next ? { next } : {}) });
				await uncouplePage(session, mapping, page.rows, recorder, held?.lease ?? null);
				next = page.next;
			} while (next);
		}
		const count = recorder.job.uncoupled;
		const result = recorder.finish(
			'finished',
			count === 0 ? 'Nothing was coupled.' : `${preview ? 'Would uncouple' : 'Uncoupled'} ${count}.`,
		);
		if (held) await session.store.commit({ job: result.job, log: recorder.takeLog() }, held.lease);
		return result;
	} finally {
		if (held) await held.release();
	}
}

async function uncouplePage(
	session: SyncSession,
	mapping: TableMapping,
	couplings: readonly Coupling[],
	recorder: JobRecorder,
	lease: Lease | null,
): Promise<void> {
	if (couplings.length === 0) return;
	for (const coupling of couplings) {
		recorder.count('uncoupled');
		recorder.change({ action: 'uncouple', written: 'crm', fields: [] }, { businessCentral: null, crm: null, coupling });
	}
	if (!lease) return;
	// The couplings go first: a crash in between leaves a company id behind, which blocks nobody, while the other order could leave a coupling without it.
	await session.store.commit(
		{
			uncouple: couplings,
			failuresDone: couplings.flatMap(({ bcId, crmId }) => [
				{ mapping: mapping.name, direction: 'toCrm' as const, sourceId: bcId },
				{ mapping: mapping.name, direction: 'fromCrm' as const, sourceId: crmId },
			]),
			job: recorder.snapshot(),
		},
		lease,
	);
	if (mapping.companyStamp && mapping.direction !== 'fromCrm') await clearCompany(session, mapping, couplings, recorder);
}

async function clearCompany(
	session: SyncSession,
	mapping: TableMapping,
	couplings: readonly Coupling[],
	recorder: JobRecorder,
): Promise<void> {
	const rows = await session.crm.readByIds(
		mapping.crm,
		couplings.map((coupling) => coupling.crmId),
		['bcbi_companyid'],
	);
	const stamped = [...rows.values()].filter((row) => row.values['bcbi_companyid']);
	const outcomes = await session.crm.write(
		mapping.crm,
		stamped.map((row) => ({ kind: 'update', id: row.id, version: row.version, number: '', values: { bcbi_companyid: null } })),
	);
	outcomes.forEach((outcome, index) => {
		if (outcome.status === 'written') recorder.count('modified');
		else if (outcome.status !== 'missing') {
			const reason = outcome.status === 'failed' ? ` (${outcome.error.message})` : '';
			recorder.warn(`The company of ${stamped[index]!.name} could not be cleared in CRM${reason}; clear it there by hand.`);
		}
	});
}

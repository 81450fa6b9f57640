import { COMPANY_COLUMN } from '../../model/companyColumn';
import { companyRowOf } from '../../mapping/companyIdentity';
import { mergeColumnsOf } from '../../mapping/mergedRows';
import { leftFilter } from '../closed/closedErrors';
import { closedRows } from '../closed/closedRows';
import type { HeldLease } from '../../jobs/lease';
import type { JobRecorder, RecordPair } from '../../jobs/recorder';
import type { CompanySettings } from '../../model/companySettings';
import { type Coupling, type CoupledPair, idOn, versionOn } from '../../model/coupling';
import { directionFrom, type PassDirection, sourceSide, targetSide } from '../../model/direction';
import type { Failure } from '../../model/failure';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';

export interface LeftRecords {
	session: SyncSession;
	mapping: TableMapping;
	settings: CompanySettings;
	recorder: JobRecorder;
	held: HeldLease;
}

/**
 * Coupled records that are there, but no longer inside the filter of their side: runs do not read their changes any more. Each is told once, and kept
 * as a skipped record with the reason: merged, given to another company, or simply outside. One that fails already is left to that.
 */
export async function tellLeft(run: LeftRecords, side: Side, pairs: readonly CoupledPair[]): Promise<void> {
	const { session, mapping, recorder, held } = run;
	const ids = pairs.map((pair) => idOn(pair, side));
	const columns = side === 'crm' ? await closingColumns(session, mapping) : [];
	const records = await session[side].readByIds(tableOn(mapping, side), ids, columns);
	const couplings = await session.store.couplingsOf(mapping.name, side, [...records.keys()]);
	const closed =
		side === 'crm' ? await closedRows({ ...run, companyRowId: await companyRowOf(session, mapping) }, [...records.values()]) : new Map();
	const failing = await failingAmong(session, mapping, [...couplings.values()]);
	const failures: Failure[] = [];
	for (const [id, record] of records) {
		const coupling = couplings.get(id);
		if (!coupling || failing.has(coupling.bcId)) continue;
		const error = closed.get(id);
		// A closed row is told where the next edit of the other side would tell it again.
		const direction: PassDirection = error && mapping.direction !== 'fromCrm' ? 'toCrm' : directionFrom(side);
		const version = sourceSide(direction) === side ? record.version : versionOn(coupling, sourceSide(direction));
		const failed = { direction, sourceId: idOn(coupling, sourceSide(direction)), sourceVersion: version };
		const failure = recorder.fail(failed, pairOf(side, record, coupling), error ?? leftFilter(side, mapping.name, record));
		const partnerVersion = targetSide(direction) === side ? record.version : versionOn(coupling, targetSide(direction));
		failures.push({ ...failure, partnerVersion });
	}
	if (failures.length > 0) await session.store.commit({ failures, log: recorder.takeLog() }, held.lease);
}

const closingColumns = async (session: SyncSession, mapping: TableMapping): Promise<string[]> => [
	...((await companyRowOf(session, mapping)) === null ? [] : [COMPANY_COLUMN]),
	...(await mergeColumnsOf(session, mapping.crm)),
];

const pairOf = (side: Side, record: SystemRecord, coupling: Coupling): RecordPair => ({
	businessCentral: side === 'businessCentral' ? record : null,
	crm: side === 'crm' ? record : null,
	coupling,
});

/** BC ids of couples that fail in either direction. */
async function failingAmong({ store }: SyncSession, { name }: TableMapping, couplings: readonly Coupling[]): Promise<Set<string>> {
	const toCrm = await store.failuresOf(
		name,
		'toCrm',
		couplings.map(({ bcId }) => bcId),
	);
	const fromCrm = await store.failuresOf(
		name,
		'fromCrm',
		couplings.map(({ crmId }) => crmId),
	);
	return new Set(couplings.filter(({ bcId, crmId }) => toCrm.has(bcId) || fromCrm.has(crmId)).map(({ bcId }) => bcId));
}

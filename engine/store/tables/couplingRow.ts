import type { Selectable } from 'kysely';
import type { CouplingTable } from '../schema';
import type { Baseline, Coupling, FieldBaseline } from '../../model/coupling';
import type { Side } from '../../model/side';

/** A couple takes few bytes, and there may be a million of them. */
const SHORT: Readonly<Record<Side, string>> = { businessCentral: 'bc', crm: 'crm' };

export const searchTextOf = (coupling: Coupling): string => [coupling.bcNumber, coupling.bcName, coupling.crmName].join('\n').toLowerCase();

export const couplingToRow = (connectionKey: number, coupling: Coupling): CouplingTable => ({
	connection_key: connectionKey,
	mapping: coupling.mapping,
	bc_id: coupling.bcId,
	crm_id: coupling.crmId,
	bc_number: coupling.bcNumber,
	bc_name: coupling.bcName,
	crm_name: coupling.crmName,
	search: searchTextOf(coupling),
	bc_version: coupling.bcVersion,
	crm_version: coupling.crmVersion,
	bc_stamp: coupling.bcStamp,
	crm_stamp: coupling.crmStamp,
	crm_created_at: coupling.crmCreatedAt ?? null,
	baseline: coupling.baseline === null ? null : packBaseline(coupling.baseline),
	initial: coupling.initial,
	coupled_at: coupling.coupledAt,
	last_synced_at: coupling.lastSyncedAt,
	sent: coupling.inFlight ? JSON.stringify(coupling.inFlight) : null,
	field_set: coupling.fieldSet ?? null,
	created_on: coupling.createdOn ? SHORT[coupling.createdOn] : null,
	to_crm_ms: coupling.writtenAt?.toCrm ?? null,
	from_crm_ms: coupling.writtenAt?.fromCrm ?? null,
});

export const couplingFromRow = (row: Selectable<CouplingTable>): Coupling => ({
	mapping: row.mapping,
	bcId: row.bc_id,
	crmId: row.crm_id,
	bcNumber: row.bc_number,
	bcName: row.bc_name,
	crmName: row.crm_name,
	bcVersion: row.bc_version,
	crmVersion: row.crm_version,
	bcStamp: row.bc_stamp,
	crmStamp: row.crm_stamp,
	...(row.crm_created_at === null ? {} : { crmCreatedAt: row.crm_created_at }),
	baseline: row.baseline === null ? null : unpackBaseline(row.baseline),
	initial: row.initial as Coupling['initial'],
	coupledAt: row.coupled_at,
	lastSyncedAt: row.last_synced_at,
	...(row.field_set === null ? {} : { fieldSet: row.field_set }),
	...(row.created_on === null ? {} : { createdOn: row.created_on === SHORT.crm ? ('crm' as const) : ('businessCentral' as const) }),
	...writtenFromRow(row),
	...(row.sent === null ? {} : { inFlight: JSON.parse(row.sent) as NonNullable<Coupling['inFlight']> }),
});

/** PostgreSQL gives large integers as text. */
function writtenFromRow({ to_crm_ms: toCrm, from_crm_ms: fromCrm }: Selectable<CouplingTable>): Pick<Coupling, 'writtenAt'> {
	if (toCrm === null && fromCrm === null) return {};
	return { writtenAt: { ...(toCrm === null ? {} : { toCrm: Number(toCrm) }), ...(fromCrm === null ? {} : { fromCrm: Number(fromCrm) }) } };
}

/** The two fingerprints of a field are mostly equal; then one is stored. */
export const packBaseline = (baseline: Baseline): string =>
	JSON.stringify(Object.fromEntries(Object.entries(baseline).map(([key, [bc, crm]]) => [key, bc === crm ? bc : [bc, crm]])));

export const unpackBaseline = (text: string): Baseline =>
	Object.fromEntries(
		Object.entries(JSON.parse(text) as Record<string, string | [string, string]>).map(([key, value]): [string, FieldBaseline] => [
			key,
			typeof value === 'string' ? [value, value] : value,
		]),
	);

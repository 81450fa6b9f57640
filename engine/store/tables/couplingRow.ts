import type { Selectable } from 'kysely';
import type { CouplingTable } from '../schema';
import type { Coupling } from '../../model/coupling';
import type { Side } from '../../model/side';
import { packBaseline, unpackBaseline, type FieldList } from './packedBaseline';

/** A couple takes few bytes, and there may be a million of them. */
const SHORT: Readonly<Record<Side, string>> = { businessCentral: 'bc', crm: 'crm' };

export const searchTextOf = (coupling: Coupling): string =>
	[...new Set([coupling.bcNumber, coupling.bcName, coupling.crmName].map((text) => text.toLowerCase()))].join('\n');

/** @param lists takes the list of fields that the row refers to */
export const couplingToRow = (connectionKey: number, coupling: Coupling, lists: FieldList[]): CouplingTable => ({
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
	baseline: coupling.baseline === null ? null : packInto(lists, coupling.baseline),
	initial: coupling.initial,
	coupled_at: coupling.coupledAt,
	last_synced_at: coupling.lastSyncedAt,
	sent: coupling.inFlight ? JSON.stringify(coupling.inFlight) : null,
	field_set: coupling.fieldSet ?? null,
	created_on: coupling.createdOn ? SHORT[coupling.createdOn] : null,
	to_crm_ms: coupling.writtenAt?.toCrm ?? null,
	from_crm_ms: coupling.writtenAt?.fromCrm ?? null,
});

/** @param fieldsOf the lists of fields, by id */
export const couplingFromRow = (row: Selectable<CouplingTable>, fieldsOf: ReadonlyMap<string, readonly string[]>): Coupling => ({
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
	baseline: row.baseline === null ? null : unpackBaseline(row.baseline, fieldsOf),
	initial: row.initial as Coupling['initial'],
	coupledAt: row.coupled_at,
	lastSyncedAt: row.last_synced_at,
	...(row.field_set === null ? {} : { fieldSet: row.field_set }),
	...(row.created_on === null ? {} : { createdOn: row.created_on === SHORT.crm ? ('crm' as const) : ('businessCentral' as const) }),
	...writtenFromRow(row),
	...(row.sent === null ? {} : { inFlight: JSON.parse(row.sent) as NonNullable<Coupling['inFlight']> }),
});

function packInto(lists: FieldList[], baseline: NonNullable<Coupling['baseline']>): string {
	const { text, list } = packBaseline(baseline);
	if (list) lists.push(list);
	return text;
}

/** PostgreSQL gives large integers as text. */
function writtenFromRow({ to_crm_ms: toCrm, from_crm_ms: fromCrm }: Selectable<CouplingTable>): Pick<Coupling, 'writtenAt'> {
	if (toCrm === null && fromCrm === null) return {};
	return { writtenAt: { ...(toCrm === null ? {} : { toCrm: Number(toCrm) }), ...(fromCrm === null ? {} : { fromCrm: Number(fromCrm) }) } };
}

import { SyncError } from '../model/errors';
import { loadSetup } from '../defaults/catalog';
import { COMPANY_COLUMN } from '../model/companyColumn';
import { companyRowOf } from '../mapping/companyIdentity';
import { mergeColumnsOf } from '../mapping/mergedRows';
import { closedRows } from '../sync/closed/closedRows';
import type { CompanySettings } from '../model/companySettings';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { Side } from '../model/side';
import type { FieldName, SystemRecord } from '../model/record';
import type { Coupling } from '../model/coupling';

/**
 * Both records of a couple to be.
 * @throws SyncError `RECORD_MISSING`, `OTHER_COMPANY` (the CRM row belongs to another company), `PARTNER_MERGED` (it was merged into another one)
 */
export async function readPair(
	session: SyncSession,
	mapping: TableMapping,
	bcId: string,
	crmId: string,
): Promise<[SystemRecord, SystemRecord]> {
	const bc = (await session.businessCentral.readByIds(mapping.bc, [bcId], [])).get(bcId);
	const crm = (await session.crm.readByIds(mapping.crm, [crmId], await ownerColumns(session, mapping))).get(crmId);
	if (!bc) throw missing('businessCentral', mapping.bc.name, bcId);
	if (!crm) throw missing('crm', mapping.crm.name, crmId);
	const error = (await closedAmong(session, mapping, [crm])).get(crm.id);
	if (error) throw error;
	return [bc, crm];
}

/** Columns that tell whether a row of the mapping may be coupled. */
export const ownerColumns = async (session: SyncSession, mapping: TableMapping): Promise<FieldName[]> => [
	...((await companyRowOf(session, mapping)) === null ? [] : [COMPANY_COLUMN]),
	...(await mergeColumnsOf(session, mapping.crm)),
];

/** Rows, read with `ownerColumns`, that nothing is exchanged with, and why, by id. */
export const closedAmong = async (
	session: SyncSession,
	mapping: TableMapping,
	rows: readonly SystemRecord[],
): Promise<Map<string, SyncError>> =>
	await closedRows({ session, mapping, settings: await settingsOf(session), companyRowId: await companyRowOf(session, mapping) }, rows);

/** Asked for row after row: read once per session. */
const settings = new WeakMap<SyncSession, Promise<CompanySettings>>();
function settingsOf(session: SyncSession): Promise<CompanySettings> {
	const known = settings.get(session) ?? loadSetup(session);
	settings.set(session, known);
	return known;
}

/**
 * A partner that belongs to a record of side `from` is taken while that record exists.
 * @throws SyncError `ALREADY_COUPLED`, naming the record
 */
export async function refuseIfAlive(session: SyncSession, mapping: TableMapping, taken: Coupling, from: Side): Promise<void> {
	const [table, id] = from === 'crm' ? [mapping.crm, taken.crmId] : [mapping.bc, taken.bcId];
	const alive = (await session[from].readByIds(table, [id], [])).get(id);
	// What the user of the credential may not see is there nevertheless.
	if (!alive && !(await session[from].existing(table, [id])).has(id)) return;
	const known = from === 'crm' ? taken.crmName : `${taken.bcNumber} ${taken.bcName}`;
	const owner = (alive ? `${alive.number} ${alive.name}` : known).trim() || id;
	const [system, recordId, wanted] =
		from === 'crm'
			? (['businessCentral', taken.bcId, `${taken.bcNumber} ${taken.bcName}`.trim() || 'The Business Central record'] as const)
			: (['crm', taken.crmId, taken.crmName || 'The CRM record'] as const);
	throw new SyncError({
		code: 'ALREADY_COUPLED',
		errorClass: 'data',
		system,
		recordId,
		message: `${wanted} is already coupled to ${owner}.`,
		hint: `Uncouple ${owner} first, or choose another ${system === 'crm' ? 'CRM record' : 'Business Central record'}.`,
	});
}

const missing = (side: Side, table: string, id: string): SyncError =>
	new SyncError({
		code: 'RECORD_MISSING',
		errorClass: 'data',
		system: side,
		table,
		recordId: id,
		message: `There is no record ${id} in ${side === 'crm' ? 'the CRM table' : 'the Business Central table'} ${table}.`,
		hint: 'Choose the record from the list; it may have been deleted.',
	});

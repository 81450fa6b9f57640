import type { SyncSession } from '../ports/session';
import { SyncError } from '../model/errors';
import type { CompanySettings } from '../model/companySettings';
import { COMPANY_COLUMN } from '../model/companyColumn';
import { usesCompany } from './filter';
import type { TableMapping } from '../model/tableMapping';

/**
 * CRM row of table `bcbi_company` that stands for the BC company of the session; null when the solution with that table is not installed. Read once
 * per session.
 * @throws SyncError (setup) `COMPANY_ROW_MISSING` when the table shows no row for the company: then nobody can tell whose a row is
 */
export function companyRow(session: SyncSession): Promise<string | null> {
	return once(rows, session, () => readCompanyRow(session));
}

/**
 * The same for the rows of a mapping: null where they carry no company, because the mapping does not want it or the column is not installed.
 * @throws SyncError (setup) `COMPANY_ROW_MISSING`; `COMPANY_HIDDEN` when column security keeps the column from the user: blank then means nothing
 */
export async function companyRowOf(session: SyncSession, mapping: TableMapping): Promise<string | null> {
	if (!(await hasCompanyColumn(session, mapping))) return null;
	const row = await companyRow(session);
	if (row !== null) await requireVisible(session, mapping);
	return row;
}

/**
 * With several companies on one CRM, master data belongs to all of them: mappings whose filter does not ask for the company take rows of
 * the others, too. A row keeps the identity of the company that came first.
 */
export const isShared = (mapping: TableMapping, { multiCompany }: Pick<CompanySettings, 'multiCompany'>): boolean =>
	multiCompany && !mapping.crmFilter.conditions.some(usesCompany);

/**
 * Whether rows of the mapping's CRM table can carry a company: the solution with that column need not be installed. `afresh`: whatever is
 * remembered of the table.
 */
export async function hasCompanyColumn(session: SyncSession, mapping: TableMapping, afresh = false): Promise<boolean> {
	if (!mapping.companyStamp) return false;
	try {
		return (await session.crm.absentColumns(mapping.crm, [COMPANY_COLUMN], afresh)).length === 0;
	} catch (error) {
		// Metadata that may not be read tells nothing.
		if (error instanceof SyncError && error.httpStatus === 403) return true;
		throw error;
	}
}

/**
 * Before records are created from rows that carry no company: the column is looked at anew, once in a session, because what a security profile
 * hides reads as blank, and rows of other companies would become ours.
 * @throws SyncError (setup) `COMPANY_HIDDEN`
 */
export const requireVisibleNow = (session: SyncSession, mapping: TableMapping): Promise<void> =>
	once(tableOf(looked, session), mapping.crm.name, () => look(session, mapping, true));

const requireVisible = (session: SyncSession, mapping: TableMapping): Promise<void> =>
	once(tableOf(known, session), mapping.crm.name, () => look(session, mapping, false));

async function look({ crm }: SyncSession, mapping: TableMapping, afresh: boolean): Promise<void> {
	const hidden = await crm.hiddenColumns?.(mapping.crm, [COMPANY_COLUMN], afresh ? 'now' : 'day');
	if (hidden && hidden.length > 0) throw companyHidden(mapping);
}

const rows = new WeakMap<SyncSession, Promise<string | null>>();
const known = new WeakMap<SyncSession, Map<string, Promise<void>>>();
const looked = new WeakMap<SyncSession, Map<string, Promise<void>>>();

/** What one session knows of the row and its column counts in the other, too: nobody asks again. */
export function shareCompanyRow(from: SyncSession, to: SyncSession): void {
	const row = rows.get(from);
	if (row) rows.set(to, row);
	for (const memory of [known, looked]) {
		const tables = memory.get(from);
		if (tables) memory.set(to, tables);
	}
}

function tableOf(sessions: typeof known, session: SyncSession): Map<string, Promise<void>> {
	const tables = sessions.get(session) ?? new Map<string, Promise<void>>();
	sessions.set(session, tables);
	return tables;
}

interface Memory<Key, Value> {
	get(key: Key): Promise<Value> | undefined;
	set(key: Key, value: Promise<Value>): unknown;
	delete(key: Key): unknown;
}

/** What failed is asked for again. */
function once<Key, Value>(memory: Memory<Key, Value>, key: Key, load: () => Promise<Value>): Promise<Value> {
	const before = memory.get(key);
	if (before) return before;
	const value = load();
	memory.set(key, value);
	value.catch(() => memory.delete(key));
	return value;
}

async function readCompanyRow(session: SyncSession): Promise<string | null> {
	try {
		const found = await session.crm.readAll('bcbi_company', [COMPANY_COLUMN], `bcbi_externalid eq '${session.companyId.toLowerCase()}'`);
		const id = found[0]?.[COMPANY_COLUMN];
		if (typeof id === 'string') return id.toLowerCase();
	} catch (error) {
		// The table comes with a solution that need not be installed: without it rows carry no company identity. Another 404 says nothing of it.
		if (error instanceof SyncError && error.code === 'CRM_TABLE_NOT_FOUND') return null;
		throw error;
	}
	await requireCompany(session);
	throw new SyncError({
		code: 'COMPANY_ROW_MISSING',
		errorClass: 'setup',
		system: 'crm',
		table: 'bcbi_company',
		message: `CRM has the table of companies (bcbi_company), but shows no row for this one (bcbi_externalid ${session.companyId.toLowerCase()}), so nobody can tell which rows are its own. Nothing was written.`,
		hint: 'If the row exists, give the user of the credential the right to read all rows of the table. Otherwise create it in CRM: its External ID is the id of the Business Central company named above.',
	});
}

/** A company that Business Central does not have has no row either; its own answer says more. */
async function requireCompany({ businessCentral }: SyncSession): Promise<void> {
	try {
		await businessCentral.readAll('companyInformation', ['displayName']);
	} catch (error) {
		if (error instanceof SyncError && error.code === 'BC_COMPANY_NOT_FOUND') throw error;
	}
}

const companyHidden = (mapping: TableMapping): SyncError =>
	new SyncError({
		code: 'COMPANY_HIDDEN',
		errorClass: 'setup',
		system: 'crm',
		table: mapping.crm.name,
		field: COMPANY_COLUMN,
		message: `Column security may keep the company of rows (${COMPANY_COLUMN} of ${mapping.crm.name}) from the user of the credential: it is secured, and not one value is shown. Rows of other companies would look like nobody's. Nothing was written.`,
		hint: `Give the user a column security profile that allows to read ${COMPANY_COLUMN} of ${mapping.crm.name} (to update and create, too, where runs write to CRM), or switch column security off for that column. If no row has a company yet, give one row its company first.`,
	});

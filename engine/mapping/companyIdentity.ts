import type { SyncSession } from '../ports/session';
import { SyncError } from '../model/errors';
import type { CompanySettings } from '../model/companySettings';
import { usesCompany } from './filter';
import type { TableMapping } from '../model/tableMapping';

/**
 * CRM row of table `bcbi_company` that stands for the BC company of the session; null when the solution with that table is not installed or
 * holds no row for the company. Read once per session.
 */
export function companyRow(session: SyncSession): Promise<string | null> {
	let known = rows.get(session);
	if (!known) rows.set(session, (known = readCompanyRow(session)));
	return known;
}

/**
 * With several companies on one CRM, master data belongs to all of them: mappings whose filter does not ask for the company take rows of
 * the others, too. A row keeps the identity of the company that came first.
 */
export const isShared = (mapping: TableMapping, { multiCompany }: Pick<CompanySettings, 'multiCompany'>): boolean =>
	multiCompany && !mapping.crmFilter.conditions.some(usesCompany);

const rows = new WeakMap<SyncSession, Promise<string | null>>();

/** What one session knows of the row counts in the other, too: nobody asks again. */
export function shareCompanyRow(from: SyncSession, to: SyncSession): void {
	const known = rows.get(from);
	if (known) rows.set(to, known);
}

async function readCompanyRow(session: SyncSession): Promise<string | null> {
	try {
		const found = await session.crm.readAll('bcbi_company', ['bcbi_companyid'], `bcbi_externalid eq '${session.companyId.toLowerCase()}'`);
		const id = found[0]?.['bcbi_companyid'];
		return typeof id === 'string' ? id.toLowerCase() : null;
	} catch (error) {
		// The table comes with a solution that need not be installed: without it rows carry no company identity.
		if (error instanceof SyncError && error.httpStatus === 404) return null;
		throw error;
	}
}

/** Column with the company of a CRM row; it comes with Microsoft's integration solution. */
export const COMPANY_COLUMN = 'bcbi_companyid';

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

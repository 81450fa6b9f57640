import type { SyncSession } from '../session';
import { SyncError } from '../errors';

/**
 * CRM row of table `bcbi_company` that stands for the BC company of the session; null when the solution with that table is not installed or
 * holds no row for the company (default mappings §3). Read once per session.
 */
export function companyRow(session: SyncSession): Promise<string | null> {
	let known = rows.get(session);
	if (!known) rows.set(session, (known = readCompanyRow(session)));
	return known;
}

const rows = new WeakMap<SyncSession, Promise<string | null>>();

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

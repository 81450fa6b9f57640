import { SyncError, throwIfKeptBack } from '../model/errors';
import { loadMappings } from '../defaults/catalog';
import { COMPANY_COLUMN } from '../model/companyColumn';
import { companyRowOf, hasCompanyColumn } from '../mapping/companyIdentity';
import { isMerged } from '../mapping/mergedRows';
import { ownerColumns } from './pair';
import { sideFilter } from '../mapping/filter';
import { changesInside } from '../mapping/filters/reading';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import type { SystemRecord } from '../model/record';

const PAGE_SIZE = 1000;
/** How often a row that somebody else is editing is read and tried again. */
const TRIES = 3;

export interface ClearedCompanies {
	/** Rows whose company was cleared. */
	cleared: number;
	/** Rows that kept it, in words. */
	problems: string[];
	/** Ids of rows that are not there (any more): the service says so of each. */
	gone: string[];
}

/**
 * Uncoupled rows lose the identity of the company, whichever way the mapping goes now: a row may carry it from a time when runs wrote to CRM, and with
 * it it counts as one that has a partner.
 */
export const carriesCompany = (mapping: TableMapping): boolean => mapping.companyStamp;

/**
 * Clears the company of CRM rows that are no longer coupled. Rows that are gone are passed over, and so are rows that another mapping of
 * the same table still has coupled (one account may be customer and vendor) or that belong to another company.
 */
export async function clearCompany(session: SyncSession, mapping: TableMapping, crmIds: readonly string[]): Promise<ClearedCompanies> {
	const result: ClearedCompanies = { cleared: 0, problems: [], gone: [] };
	if (crmIds.length === 0 || !(await hasCompanyColumn(session, mapping))) return result;
	try {
		return await clearIds(session, mapping, crmIds, result);
	} catch (error) {
		// What was known of the column may be out of date: without it there is nothing to clear.
		if (error instanceof SyncError && error.errorClass === 'setup' && !(await hasCompanyColumn(session, mapping, true))) return result;
		throw error;
	}
}

async function clearIds(
	session: SyncSession,
	mapping: TableMapping,
	crmIds: readonly string[],
	result: ClearedCompanies,
): Promise<ClearedCompanies> {
	const company = await knownCompany(session, mapping, result);
	if (company === null) return result;
	let open = await notCoupledElsewhere(session, mapping, crmIds);
	for (let attempt = 1; open.length > 0 && attempt <= TRIES; attempt++) {
		const rows = await session.crm.readByIds(mapping.crm, open, await ownerColumns(session, mapping));
		result.gone.push(
			...(await goneAmong(
				session,
				mapping,
				open.filter((id) => !rows.has(id)),
			)),
		);
		// A merged row is left as it is.
		const owned = [...rows.values()].filter((row) => row.values[COMPANY_COLUMN] === company && !isMerged(row));
		open = await clearRows(session, mapping, owned, result);
	}
	for (const id of open)
		result.problems.push(
			`The company of the CRM record ${id} could not be cleared, because others kept changing it; clear it there by hand.`,
		);
	return result;
}

/** Whose rows are ours, where that can be told. Where it cannot, rows keep their company and the reason is a problem: couplings end nevertheless. */
async function knownCompany(session: SyncSession, mapping: TableMapping, result: ClearedCompanies): Promise<string | null> {
	try {
		return await companyRowOf(session, mapping);
	} catch (error) {
		if (!(error instanceof SyncError) || !/^COMPANY_/.test(error.code)) throw error;
		result.problems.push(`CRM rows kept their company: ${error.message} ${error.hint}`);
		return null;
	}
}

/** Rows the user may not see are there nevertheless. */
async function goneAmong(session: SyncSession, { crm }: TableMapping, ids: readonly string[]): Promise<string[]> {
	if (ids.length === 0) return [];
	const there = await session.crm.existing(crm, ids);
	return ids.filter((id) => !there.has(id));
}

/** Answers the ids to try again. */
async function clearRows(
	session: SyncSession,
	mapping: TableMapping,
	stamped: readonly SystemRecord[],
	result: ClearedCompanies,
): Promise<string[]> {
	if (stamped.length === 0) return [];
	const outcomes = await session.crm.write(
		mapping.crm,
		stamped.map((row) => ({ kind: 'update', id: row.id, version: row.version, number: '', values: { [COMPANY_COLUMN]: null } })),
	);
	throwIfKeptBack(outcomes);
	const again: string[] = [];
	outcomes.forEach((outcome, index) => {
		const row = stamped[index]!;
		if (outcome.status === 'written') result.cleared++;
		else if (outcome.status === 'stale' || outcome.status === 'unknown') again.push(row.id);
		else if (outcome.status === 'failed') {
			result.problems.push(
				`The company of ${row.name || row.id} could not be cleared in CRM (${outcome.error.message}); clear it there by hand.`,
			);
		}
	});
	return again;
}

/**
 * Clears the company of rows in the mapping's filter that carry it without being coupled.
 */
export async function clearStuckCompanies(
	session: SyncSession,
	mapping: TableMapping,
	checkpoint: () => Promise<void>,
): Promise<ClearedCompanies> {
	const result: ClearedCompanies = { cleared: 0, problems: [], gone: [] };
	const company = await knownCompany(session, mapping, result);
	if (company === null) return result;
	const own = { field: COMPANY_COLUMN, operator: 'eq', value: company, type: 'lookup' } as const;
	const filter = sideFilter({ conditions: [own], groups: [mapping.crmFilter] }, 'crm', company, mapping.crm);
	const stuck: string[] = [];
	// The ids first, the writes afterwards: rows that fall out of the filter while it is read could hide others from it.
	for await (const page of changesInside(session.crm, { table: mapping.crm, fields: [], since: null, pageSize: PAGE_SIZE }, filter)) {
		await checkpoint();
		const ids = page.map((row) => row.id);
		const coupled = await session.store.couplingsOf(mapping.name, 'crm', ids);
		stuck.push(...ids.filter((id) => !coupled.has(id)));
	}
	for (let start = 0; start < stuck.length; start += PAGE_SIZE) {
		await checkpoint();
		const part = await clearCompany(session, mapping, stuck.slice(start, start + PAGE_SIZE));
		result.cleared += part.cleared;
		result.problems.push(...part.problems);
	}
	return result;
}

async function notCoupledElsewhere(session: SyncSession, mapping: TableMapping, crmIds: readonly string[]): Promise<string[]> {
	const kept = new Set<string>();
	for (const other of await loadMappings(session)) {
		if (other.name === mapping.name || other.crm.name !== mapping.crm.name) continue;
		for (const id of (await session.store.couplingsOf(other.name, 'crm', crmIds)).keys()) kept.add(id);
	}
	return crmIds.filter((id) => !kept.has(id));
}

import { SyncError } from '../model/errors';
import { findMapping, loadMappings } from '../defaults/catalog';
import { companyRowOf } from '../mapping/companyIdentity';
import { sideFilter } from '../mapping/filter';
import { searchInside } from '../mapping/filters/reading';
import type { SyncSession } from '../ports/session';
import type { Side } from '../model/side';
import type { SystemRecord } from '../model/record';

/**
 * The record whose name begins with the text, first by name ("C" finds "CC" before "CCCC"), inside the filter of the mapping;
 * null when there is none. Letter case does not count. For names that are met exactly ask `readByValues` first.
 */
export async function partnerByBeginning(
	session: SyncSession,
	mappingName: string,
	side: Side,
	text: string,
): Promise<SystemRecord | null> {
	const mapping = findMapping(await loadMappings(session), mappingName);
	const company = await companyRowOf(session, mapping);
	const [table, filter] = side === 'crm' ? [mapping.crm, mapping.crmFilter] : [mapping.bc, mapping.bcFilter];
	const wanted = text.trim();
	if (wanted === '') throw nameMissing(side);
	// Business Central searches in text with regard to case: it is asked for the usual spellings, each as it is.
	const type = side === 'crm' ? ('text' as const) : ('enum' as const);
	const begins = { field: table.nameField, operator: 'startswith' as const, value: spellings(wanted), type };
	const compiled = sideFilter({ conditions: [begins], groups: [filter] }, side, company, table);
	// The pickers' search answers in the order of names; the filter leaves only names that begin with the text.
	const { records } = await searchInside(session[side], table, wanted, compiled);
	const fitting = records.filter(({ name }) => name.toLowerCase().startsWith(wanted.toLowerCase()));
	return fitting.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.id.localeCompare(b.id))[0] ?? null;
}

function spellings(text: string): string[] {
	const titled = text.replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
	return [...new Set([text, text.toLowerCase(), text.toUpperCase(), titled])];
}

const nameMissing = (side: Side): SyncError =>
	new SyncError({
		code: 'RECORD_NOT_FOUND',
		errorClass: 'data',
		system: side,
		message: 'The name of the record is empty.',
		hint: 'Enter a name or its beginning, or choose the record from the list.',
	});

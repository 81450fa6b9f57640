import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { rulesOf } from '../defaults/catalog';
import { COMPANY_COLUMN } from '../model/companyColumn';
import { companyRowOf } from '../mapping/companyIdentity';
import { mayBeMerged, MERGE_COLUMNS } from '../mapping/mergedRows';
import { optionalCompanion, withoutCompany, withoutFields, withoutHidden, withoutOptional } from './leftOut';
import { fieldsMissing, severalMissing } from './setupErrors';
import { type UsedField, usedFields } from './usedFields';
import { type CheckedMapping, comparedWithMetadata, type CompanyMapping } from '../model/mappingStages';
import { type TableMapping, tableOn } from '../model/tableMapping';
import { type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import type { FieldName } from '../model/record';
import type { AbsentColumn, Surface } from '../model/shape';

/** What both systems' metadata say about a mapping. */
export interface CheckedSetup {
	/** The mapping as it can run: without what the systems do not have and it can do without. */
	mapping: CheckedMapping;
	/** Fields that nothing may ask for, by side. */
	absent: Readonly<Record<Side, ReadonlySet<FieldName>>>;
	/** CRM columns that column security keeps from the user. */
	hidden: readonly FieldName[];
	/** What is left out, why, and what brings it back. */
	warnings: string[];
	/** Places of Business Central that the mapping's fields are read from; empty where nobody could look. */
	surfaces: Surface[];
}

/**
 * Compares a mapping with the metadata of both systems. What a run can do without is left out with a warning: fields of additional pages that are
 * not published, fields flagged optional, and the company of CRM rows where the solution with that column is not installed. Costs no request
 * while everything was seen within a day; `afresh` looks again in any case.
 * @throws SyncError (setup) that names a missing table, with the page to publish or the solution to install, or the missing fields; or says why
 * nobody can tell which rows are the company's own
 */
export async function checkSetup(session: SyncSession, mapping: CompanyMapping, afresh = false): Promise<CheckedSetup> {
	const rules = rulesOf(mapping.name);
	const absent = { businessCentral: new Set<FieldName>(), crm: new Set<FieldName>() };
	const warnings: string[] = [];
	const errors: SyncError[] = [];
	const unread = new Set<Side>();
	let checked: TableMapping = mapping;
	for (const side of SIDES) {
		const used = usedFields(mapping, rules, side);
		const stamped = side === 'crm' ? [...used, ...(mapping.companyStamp ? [companyColumn] : []), ...mergeColumns(mapping)] : used;
		const missing = await missingOn(session, mapping, side, { used: stamped, afresh });
		if (typeof missing === 'string') {
			warnings.push(missing);
			unread.add(side);
			continue;
		}
		if (missing instanceof SyncError) {
			errors.push(missing);
			continue;
		}
		const needed: UsedField[] = [];
		for (const each of missing) {
			absent[side].add(each.field);
			const users = stamped.filter(({ field }) => field === each.field);
			if (users.every(({ purpose }) => purpose === MERGES)) continue;
			if (side === 'crm' && each.field === COMPANY_COLUMN && users.every(({ mapped }) => mapped === null)) {
				checked = withoutCompany(checked, COMPANY_COLUMN);
				warnings.push(NO_COMPANY);
			} else if (users.every(({ mapped }) => mapped !== null && (mapped.optional || optionalCompanion(each.field)))) {
				checked = withoutFields(checked, side, each.field);
			} else needed.push(...users.filter(({ mapped }) => !mapped?.optional));
		}
		warnings.push(...withoutOptional(mapping, side, missing, needed));
		if (needed.length > 0) errors.push(fieldsMissing(mapping, side, needed));
	}
	if (errors.length > 0) throw severalMissing(errors);
	// Without metadata, a column without a value is no sign of anything.
	const hidden = unread.has('crm') ? [] : await hiddenFields(session, checked, afresh);
	for (const column of hidden) checked = withoutFields(checked, 'crm', column);
	warnings.push(...withoutHidden(mapping, hidden));
	// Whose the rows are must be known before anything is exchanged with them.
	await companyRowOf(session, checked);
	const used = usedFields(checked, rules, 'businessCentral').map(({ field }) => field);
	const known = used.filter((field) => !absent.businessCentral.has(field));
	const surfaces = unread.has('businessCentral') ? [] : (session.businessCentral.surfaces?.(checked.bc, known) ?? []);
	return { mapping: comparedWithMetadata(checked), absent, hidden, warnings, surfaces };
}

/**
 * Mapped columns that column security keeps from the user. They read as blank, which is no value: nothing is compared with them, and nothing is written
 * to them. What rows are known by is not left out; neither are columns that are written once.
 */
async function hiddenFields(session: SyncSession, { crm, fields }: TableMapping, afresh: boolean): Promise<FieldName[]> {
	const columns = fields.flatMap(({ enabled, bcField, crmField, insertOnly }) =>
		enabled && bcField !== null && crmField !== null && !insertOnly && !/[@/]/.test(crmField) && crmField !== crm.numberField
			? [crmField]
			: [],
	);
	if (columns.length === 0) return [];
	return (await session.crm.hiddenColumns?.(crm, [...new Set(columns)], afresh ? 'now' : 'day')) ?? [];
}

const MERGES = 'what tells of merged rows';
const mergeColumns = ({ crm }: TableMapping): UsedField[] =>
	mayBeMerged(crm) ? MERGE_COLUMNS.map((field) => ({ field, mapped: null, purpose: MERGES })) : [];
const companyColumn: UsedField = { field: COMPANY_COLUMN, mapped: null, purpose: 'the company of the row' };
const NO_COMPANY = `CRM rows carry no company, because the column ${COMPANY_COLUMN} is missing: install Microsoft's Business Central integration solution if several companies share this CRM.`;

/** A table that is missing is an error; metadata that may not be read is a warning, and nothing counts as missing. */
async function missingOn(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	{ used, afresh }: { used: readonly UsedField[]; afresh: boolean },
): Promise<AbsentColumn[] | SyncError | string> {
	const fields = [...new Set(used.map(({ field }) => field))];
	try {
		return await session[side].absentColumns(tableOn(mapping, side), fields, afresh);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass !== 'setup') throw error;
		if (error.httpStatus !== 403) return error;
		const system = SYSTEM_NAMES[side];
		return `The user of the credential may not read the metadata of ${system}, so tables and fields are not checked before a run.`;
	}
}

import { rulesOf } from '../../defaults/catalog';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import { SyncError } from '../../model/errors';
import type { Finding } from '../../model/finding';
import type { CompanyMapping } from '../../model/mappingStages';
import type { AbsentColumn } from '../../model/shape';
import { SIDES, type Side } from '../../model/side';
import { tableOn } from '../../model/tableMapping';
import { optionalCompanion } from '../leftOut';
import { type UsedField, usedFields } from '../usedFields';
import type { Checked } from './checked';
import { MissingParts } from './missingParts';

/** What metadata said of a side of a mapping. */
export interface Looked {
	/** Mappings whose metadata could be read, by side. */
	read: Record<Side, CompanyMapping[]>;
	findings: Finding[];
}

/** Tables, pages, solutions and columns that the systems' metadata do not know. */
export async function checkFields(checked: Checked): Promise<Looked> {
	const parts = new MissingParts();
	const read: Looked['read'] = { businessCentral: [], crm: [] };
	for (const side of SIDES) {
		if (!checked.reachable.has(side)) continue;
		for (const mapping of checked.mappings) {
			const missing = await missingOn(checked, mapping, side, parts);
			if (missing === null) continue;
			read[side].push(mapping);
			for (const each of missing.absent) tellMissing(parts, { checked, mapping, side, used: missing.used }, each);
		}
	}
	return { read, findings: parts.findings() };
}

/** Null where the table is missing, or metadata may not be read. */
async function missingOn(
	{ session }: Checked,
	mapping: CompanyMapping,
	side: Side,
	parts: MissingParts,
): Promise<{ used: UsedField[]; absent: AbsentColumn[] } | null> {
	const used = usedFields(mapping, rulesOf(mapping.name), side);
	const more = side === 'crm' && mapping.companyStamp ? [COMPANY_COLUMN] : [];
	const fields = [...new Set([...used.map(({ field }) => field), ...more])];
	try {
		return { used, absent: await session[side].absentColumns(tableOn(mapping, side), fields) };
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
		if (error.httpStatus === 403) parts.unreadable(side, mapping.name, error);
		else parts.table(side, mapping, error);
		return null;
	}
}

interface SideOfMapping {
	checked: Checked;
	mapping: CompanyMapping;
	side: Side;
	used: readonly UsedField[];
}

function tellMissing(parts: MissingParts, { checked, mapping, side, used }: SideOfMapping, { field, page }: AbsentColumn): void {
	const users = used.filter((each) => each.field === field);
	const captions = users.flatMap(({ mapped }) => (mapped ? [mapped.caption] : []));
	if (page !== null) {
		const how = checked.session.businessCentral.howToPublish?.(page);
		parts.page(mapping.name, page, captions, how ?? { message: `The page "${page}" is not there.`, hint: '' });
		return;
	}
	const dispensable = users.every(({ mapped }) => mapped !== null && (mapped.optional || optionalCompanion(field)));
	const company = side === 'crm' && field === COMPANY_COLUMN && users.every(({ mapped }) => mapped === null);
	const purposes = [...new Set(users.filter(({ mapped }) => mapped === null).map(({ purpose }) => purpose))];
	parts.column({ side, table: tableOn(mapping, side).name, field, mapping: mapping.name, captions, purposes, dispensable: dispensable || company }); // prettier-ignore
}

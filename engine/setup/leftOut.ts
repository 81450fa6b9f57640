import type { TableMapping } from '../model/tableMapping';
import type { UsedField } from './usedFields';
import { type Side, SYSTEM_NAMES } from '../model/side';
import type { FieldName } from '../model/record';
import type { AbsentColumn } from '../model/shape';
import type { Filter } from '../model/filter';
import { fieldOn } from '../model/fieldMapping';

/** Fields of additional pages: those need not be published. */
export const optionalCompanion = (field: FieldName): boolean => field.includes('/');

/** The mapping without the field mappings that use a field of one side. Their baselines stay in the store. */
export const withoutFields = (mapping: TableMapping, side: Side, field: FieldName): TableMapping => ({
	...mapping,
	fields: mapping.fields.filter((each) => fieldOn(each, side) !== field),
});

/** The mapping for a CRM whose rows carry no company. */
export const withoutCompany = (mapping: TableMapping, column: FieldName): TableMapping => ({
	...mapping,
	companyStamp: false,
	crmFilter: withoutConditions(mapping.crmFilter, column),
});

const withoutConditions = (filter: Filter, column: FieldName): Filter => ({
	...filter,
	conditions: filter.conditions.filter(({ field }) => field !== column),
	...(filter.groups ? { groups: filter.groups.map((group) => withoutConditions(group, column)) } : {}),
});

/** What is left out of a run, one sentence for each page and one for the rest. */
export function withoutOptional(
	mapping: TableMapping,
	side: Side,
	missing: readonly AbsentColumn[],
	needed: readonly UsedField[],
): string[] {
	const left = new Map<string | null, { captions: string[]; fields: Set<FieldName>; written: string[] }>();
	for (const { field, page, readOnly } of missing) {
		if (needed.some((each) => each.field === field)) continue;
		const users = mapping.fields.filter((each) => each.enabled && fieldOn(each, side) === field);
		const known = left.get(page) ?? { captions: [], fields: new Set(), written: [] };
		if (users.length > 0) left.set(page, known);
		known.captions.push(...users.map(({ caption }) => caption));
		known.fields.add(field);
		if (readOnly) known.written.push(...users.map(({ caption }) => caption));
	}
	return [...left].map(([page, { captions, fields, written }]) => {
		const what = `${captions.length === 1 ? 'the field' : 'the fields'} ${captions.join(', ')} ${captions.length === 1 ? 'is' : 'are'} left out`;
		if (page === null) return `${SYSTEM_NAMES[side]} has no ${[...fields].join(', ')}, so ${what} of ${mapping.name}.`;
		return `The page "${page}" is not published as a web service in Business Central, so ${what}. Publish it on the page Web Services, or disable these fields.${onlyRead(written)}`;
	});
}

/** What the change feed shows, and cannot write. */
const onlyRead = (captions: readonly string[]): string =>
	captions.length === 0
		? ''
		: ` The change feed of Business Central shows ${captions.join(', ')}, and nothing can be written through it: where they travel from Business Central to CRM only, they are read there.`;

/** What is left out of a run because the user may not see it, in one sentence. */
export function withoutHidden(mapping: TableMapping, columns: readonly FieldName[]): string[] {
	if (columns.length === 0) return [];
	const captions = mapping.fields.filter(({ enabled, crmField }) => enabled && crmField !== null && columns.includes(crmField));
	const names = [...new Set(captions.map(({ caption }) => caption))].join(', ');
	const [are, them] = columns.length === 1 ? ['is', 'it'] : ['are', 'them'];
	return [
		`Column security keeps ${columns.join(', ')} of ${mapping.crm.name} from the user of the CRM credential: ${columns.length === 1 ? 'the column is' : 'the columns are'} secured, and not one value is shown. ${names} ${are} left out of ${mapping.name}, neither compared nor written. Give the user a column security profile that allows to read ${them}, or disable ${columns.length === 1 ? 'the field' : 'these fields'}. Where the user may read ${them} already and no row has a value yet, enter one in any row.`,
	];
}

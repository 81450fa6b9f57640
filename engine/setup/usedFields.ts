import { fieldsOf } from '../mapping/filters/evaluate';
import { resolveFilter } from '../mapping/filters/resolve';
import type { MappingRules } from '../mapping/rules';
import type { TableMapping } from '../model/tableMapping';
import { derivedSourceFields } from '../mapping/transformations/derivedSources';
import type { Side } from '../model/side';
import type { FieldName, TableSource } from '../model/record';
import type { FieldMapping } from '../model/fieldMapping';

/** A field that runs of a mapping ask a service for, and what for. */
export interface UsedField {
	field: FieldName;
	/** Field mapping it belongs to; null for what the table, a filter, a template or a rule of the mapping needs. */
	mapped: FieldMapping | null;
	/** In words, for what is no field mapping. */
	purpose: string;
}

/** Everything a run may ask one side for. A field that several things need is listed for each. */
export function usedFields(mapping: TableMapping, rules: MappingRules, side: Side): UsedField[] {
	const bc = side === 'businessCentral';
	const table = bc ? mapping.bc : mapping.crm;
	const forPurpose = (fields: ReadonlyArray<FieldName | null | undefined>, purpose: string): UsedField[] =>
		fields.flatMap((field) => (field ? [{ field, mapped: null, purpose }] : []));
	const mapped = mapping.fields
		.filter((field) => field.enabled)
		.flatMap((field): UsedField[] => {
			const name = bc ? field.bcField : field.crmField;
			return name === null ? [] : [{ field: name, mapped: field, purpose: `the field "${field.caption}"` }];
		});
	const templates = mapping.templates ?? { businessCentral: [], crm: [] };
	return [
		...forPurpose(namesOf(table), 'the table'),
		...mapped,
		...forPurpose(derivedSourceFields(mapping, bc ? 'toCrm' : 'fromCrm'), 'a transformation rule'),
		...forPurpose(fieldsOf(resolveFilter(bc ? mapping.bcFilter : mapping.crmFilter, side, '')), 'the filter'),
		...forPurpose(
			templates[side].flatMap(({ values }) => Object.keys(values)),
			'a template',
		),
		...forPurpose(
			templates[bc ? 'crm' : 'businessCentral'].flatMap(({ filter }) => fieldsOf(resolveFilter(filter, side, ''))),
			'the filter of a template',
		),
		...forPurpose((bc ? rules.extraFields?.bc : rules.extraFields?.crm) ?? [], 'a rule of the mapping'),
		// Values derived by the mapping itself are read from nowhere.
		// A column of the row that a lookup leads to belongs to another table.
	].filter(({ field }) => !field.startsWith('@') && (bc || !field.includes('/')));
}

/** What records are known by. */
const namesOf = ({ numberField, nameField, page, companions }: TableSource): Array<FieldName | null> => [
	numberField,
	nameField,
	...(page?.keys ?? []),
	...(companions ?? []).map(({ primaryKey }) => primaryKey),
];

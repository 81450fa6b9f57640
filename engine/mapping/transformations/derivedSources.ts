import type { TableMapping } from '../../model/tableMapping';
import { isBlank } from './blank';
import { transformationOf } from './registry';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';

/**
 * Fields whose rules look into several source fields, and constants of a user's own, read a derived source value instead (`@first:…`,
 * `@constant:…`): what they compare, remember as baseline and send is then one value, and a change of any of the fields counts.
 */
export function withDerivedSources<Mapping extends TableMapping>(mapping: Mapping): Mapping {
	if (!mapping.fields.some(nameOf)) return mapping;
	return {
		...mapping,
		fields: mapping.fields.map((field) => {
			const name = nameOf(field);
			if (name === null) return field;
			return field.direction === 'toCrm'
				? { ...field, bcField: name, source: field.bcField }
				: { ...field, crmField: name, source: field.crmField };
		}),
	};
}

/** Source fields to be read for the derived values of a direction. */
export const derivedSourceFields = (mapping: TableMapping, direction: PassDirection): FieldName[] => [
	...new Set(derived(mapping, direction).flatMap(({ sources }) => sources)),
];

/** Derived values of source records, by record id; null when the mapping derives nothing in this direction. */
export function deriveSources(
	mapping: TableMapping,
	direction: PassDirection,
	records: readonly SystemRecord[],
): Map<string, Record<FieldName, FieldValue>> | null {
	const fields = derived(mapping, direction);
	if (fields.length === 0) return null;
	return new Map(
		records.map((record) => {
			const values: Record<FieldName, FieldValue> = {};
			for (const { name, sources, constant } of fields) values[name] = sources.length > 0 ? firstOf(record, sources) : constant;
			return [record.id, values];
		}),
	);
}

const firstOf = (record: SystemRecord, sources: readonly FieldName[]): FieldValue =>
	sources.map((name) => record.values[name] ?? null).find((value) => !isBlank(value)) ?? null;

interface Derived {
	name: FieldName;
	/** Looked into in this order; none for a constant. */
	sources: FieldName[];
	constant: FieldValue;
}

function derived(mapping: TableMapping, direction: PassDirection): Derived[] {
	return mapping.fields.flatMap((field) => {
		const name = field.enabled && field.direction === direction ? nameOf(field) : null;
		if (name === null) return [];
		const further = sourcesOf(field);
		const own = sourceOf(field);
		return [{ name, sources: further && own !== null ? [own, ...further] : [], constant: field.constant ?? null }];
	});
}

/** Name of the derived source value; null for a field that reads a field of the source as it is. */
function nameOf(field: FieldMapping): FieldName | null {
	if (field.direction === 'bidirectional') return null;
	const own = sourceOf(field);
	if (own === null) return field.own && field.constant !== undefined ? `@constant:${field.key}` : null;
	return sourcesOf(field) ? `@first:${field.key}` : null;
}

/** The source field as the mapping names it. */
const sourceOf = (field: FieldMapping): FieldName | null =>
	field.source !== undefined ? field.source : field.direction === 'toCrm' ? field.bcField : field.crmField;

/** Further source fields of a field's rules; null for fields with none. Only fields of one direction have them. */
export function sourcesOf(field: FieldMapping): FieldName[] | null {
	if (field.direction === 'bidirectional') return null;
	const found = (field.transform?.[field.direction] ?? []).flatMap(
		({ rule, parameters }) => transformationOf(rule)?.sources?.(parameters) ?? [],
	);
	return found.length > 0 ? found : null;
}

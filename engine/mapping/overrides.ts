import type { MappingSettings, TableMapping } from '../model/tableMapping';
import type { FieldMapping } from '../model/fieldMapping';

/** A default mapping with what the user changed about it. */
export function withOverrides(mapping: TableMapping, settings: MappingSettings | undefined): TableMapping {
	if (!settings) return mapping;
	const { fields = {}, definition: _definition, ...changes } = settings;
	return { ...mapping, ...changes, fields: layFieldsOver(mapping.fields, fields) };
}

/** Changes of default fields, by key; then the fields the user added. A change whose field is gone from the defaults is no field. */
function layFieldsOver(fields: readonly FieldMapping[], changes: Readonly<Record<string, Partial<FieldMapping>>>): FieldMapping[] {
	const known = new Set(fields.map((field) => field.key));
	const added = Object.entries(changes).filter(([key, change]) => !known.has(key) && change.own);
	return [...fields.map((field) => changed(field, changes[field.key])), ...added.map(([, field]) => field as FieldMapping)];
}

/** Null takes a property away that the default has, except where null is a value. */
function changed(field: FieldMapping, change: Partial<FieldMapping> | undefined): FieldMapping {
	if (!change) return field;
	const set = Object.entries(change).filter(([name, value]) => value !== null || NULLABLE.includes(name));
	const gone = Object.entries(change).filter(([name, value]) => value === null && !NULLABLE.includes(name));
	return {
		...field,
		...(Object.fromEntries(gone.map(([name]) => [name, undefined])) as object),
		...(Object.fromEntries(set) as Partial<FieldMapping>),
	};
}

const NULLABLE = ['bcField', 'crmField', 'constant'];

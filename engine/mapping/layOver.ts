import type { FieldMapping, MappingSettings, TableMapping } from './tableMapping';

/** A default mapping with what the user changed about it. */
export function layOver(mapping: TableMapping, settings: MappingSettings | undefined): TableMapping {
	if (!settings) return mapping;
	const { fields = {}, definition: _definition, ...changes } = settings;
	return { ...mapping, ...changes, fields: layFieldsOver(mapping.fields, fields) };
}

/** Changes of default fields, by key; then the fields the user added. A change whose field is gone from the defaults is no field. */
function layFieldsOver(fields: readonly FieldMapping[], changes: Readonly<Record<string, Partial<FieldMapping>>>): FieldMapping[] {
	const known = new Set(fields.map((field) => field.key));
	const added = Object.entries(changes).filter(([key, change]) => !known.has(key) && change.own);
	return [...fields.map((field) => ({ ...field, ...changes[field.key] })), ...added.map(([, field]) => field as FieldMapping)];
}

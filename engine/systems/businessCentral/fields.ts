import type { PrimarySet } from './primary';
import { identityFields } from './records';
import type { CompanionSource, FieldName, TableSource } from '../../model/record';

/** Fields of the entity set itself. */
export const ownFields = (fields: readonly FieldName[]): FieldName[] => fields.filter((field) => !field.includes('/'));

/** Properties asked of each companion that has a field in the list. */
export function companionFields(
	table: TableSource,
	fields: readonly FieldName[],
): Array<{ companion: CompanionSource; properties: string[] }> {
	return (table.companions ?? []).flatMap((companion) => {
		const prefix = `${companion.service}/`;
		const properties = [...new Set(fields.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length)))];
		return properties.length > 0 ? [{ companion, properties }] : [];
	});
}

/** `$select` of a read, with the names of that set: what identifies a record, the fields asked for, and what joins the companions asked for. */
export function selection(table: TableSource, set: PrimarySet, fields: readonly FieldName[]): string {
	const names = [
		...identityFields(table),
		...(set.stamped ? ['lastModifiedDateTime'] : []),
		...(table.numberField === null ? [] : [table.numberField]),
		table.nameField,
		...companionFields(table, fields).map(({ companion }) => companion.primaryKey),
		...ownFields(fields),
	];
	return [...new Set(names.map((name) => set.there(name)))].join(',');
}

import { type AlField, type AlObject, isTrue, propertyName, propertyText } from '../../al/object';
import { conditionsOf } from '../../al/sourceTableView';
import { alField, type AlTable, alTables, type AlType } from '../model/alTables';
import type { ApiPage } from '../model/apiPages';
import { keptTables } from './documentTables';

/** Types of page variables that a property can show. */
const VARIABLES: Readonly<Record<string, string>> = {
	text: 'text',
	guid: 'guid',
	integer: 'integer',
	boolean: 'boolean',
	decimal: 'decimal',
};

/** Variables that show a field which no control can show itself, and the field the sandbox keeps what they hold in. */
const SHOWN_BY_VARIABLE: Readonly<Record<string, string>> = {
	WorkDescription: 'Work Description',
	TableNo: 'Record Table No.',
	RecordSystemId: 'Record SystemId',
	NoteText: 'Note',
	UnitGroupCode: 'Code',
};

/**
 * The page as the sandbox serves it, made of nothing but its source and the types of the fields of its table.
 * @throws Error that names file and line for what does not hold together
 */
export function definitionOf(page: AlObject): ApiPage {
	const { properties, file } = page;
	const text = (name: string): string => {
		const value = propertyText(properties, name);
		if (value === undefined) throw new Error(`${file}:${page.line}: ${page.name} has no ${name}.`);
		return value;
	};
	const table = alTables.get((propertyName(properties, 'SourceTable') ?? '').toLowerCase());
	if (!table) throw new Error(`${file}:${page.line}: nothing is known about the table ${text('SourceTable')}.`);
	const kept = keptTables[table.name];
	const readOnly = isTrue(properties, 'ModifyAllowed', true) ? '' : '!';
	return {
		publisher: text('APIPublisher'),
		group: text('APIGroup'),
		version: text('APIVersion'),
		entityName: text('EntityName'),
		entitySetName: text('EntitySetName'),
		table: kept?.table ?? table.name,
		primaryKey: table.key,
		tableNo: table.tableNo,
		properties: Object.fromEntries(page.fields.map((field) => [field.name, sourceOf(page, table, field, readOnly)])),
		insert: isTrue(properties, 'InsertAllowed', true),
		modify: readOnly === '',
		delete: isTrue(properties, 'DeleteAllowed', true),
		where: { ...whereOf(page, table), ...kept?.where },
		actions: page.procedures.filter(({ attributes }) => attributes.some((each) => /^serviceenabled$/i.test(each))).map(({ name }) => name),
		reads: kept?.reads ?? {},
	};
}

/** In the notation of entities.ts. */
function sourceOf(page: AlObject, table: AlTable, field: AlField, readOnlyPage: string): string {
	const readOnly = isTrue(field.properties, 'Editable', true) ? readOnlyPage : '!';
	if (field.field === null) {
		const variable = page.variables.find(({ name }) => name.toLowerCase() === field.variable!.toLowerCase());
		const type = VARIABLES[variable?.type.replace(/\[\d+\]/, '').toLowerCase() ?? ''];
		if (type === undefined) throw new Error(`${page.file}:${field.line}: nothing is known about the variable ${field.variable}.`);
		return `${SHOWN_BY_VARIABLE[variable!.name] ?? variable!.name}|${type}${readOnly}~`;
	}
	const found = alField(table, field.field);
	if (!found) throw new Error(`${page.file}:${field.line}: ${table.name} has no field ${field.field}.`);
	return `${found.name}|${notationOf(found.type)}${readOnly}${found.type.flowField ? '^' : ''}`;
}

function notationOf({ name, length, enumName, members }: AlType): string {
	if (name === 'Enum') return `enum(${enumTypeName(enumName ?? '')}):${members.join(',')}`;
	if (name === 'Option') return `option:${members.join(',')}`;
	return `${name.charAt(0).toLowerCase()}${name.slice(1)}${length ?? ''}`;
}

/** As `$metadata` names an enum: `Sales Document Type` → `salesDocumentType`. */
const enumTypeName = (name: string): string => {
	const joined = name.replace(/[^A-Za-z0-9]/g, '');
	return joined.charAt(0).toLowerCase() + joined.slice(1);
};

/** Values that rows of the page have. A blank field holds the first member of its enum, and a filter gives new rows no value. */
function whereOf(page: AlObject, table: AlTable): Record<string, readonly string[]> {
	const property = page.properties.get('sourcetableview');
	if (!property) return {};
	return Object.fromEntries(
		conditionsOf(page.file, property).map(({ field, constant, values }) => {
			const type = alField(table, field)?.type;
			const blank = !constant && type !== undefined && values.includes(type.members[0] ?? '') ? [''] : [];
			return [field, [...blank, ...values]];
		}),
	);
}

import { type AlField, type AlObject, isTrue } from '../../sandbox/al/object';
import { alField, type AlTable } from '../../sandbox/businessCentral/model/alTables';
import { isCamelCase, propertyNameOf, SYSTEM_PROPERTIES } from './names';
import type { Tell } from './tell';

/** Types that no control of an API page shows as a value. */
const NOT_SHOWN = new Set(['Blob', 'Media', 'MediaSet', 'RecordId']);
/** Types of variables that become properties. */
const VARIABLES = /^(Text|Text\[\d+\]|Guid|Integer|Boolean|Decimal)$/i;
const KNOWN = new Set(['caption', 'editable']);
/** Fields that the base application has removed (`ObsoleteState = Removed`): their names stand in its source, and nothing may use them. */
const REMOVED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'Unit Group': { Code: 'GetCode', 'Source Name': 'GetSourceName' },
};

/** The properties of a page against the fields of its table. */
export function checkFields(page: AlObject, table: AlTable, tell: Tell): void {
	const names = new Map<string, AlField>();
	const shown = new Map<string, AlField>();
	for (const field of page.fields) {
		const { name, line, properties } = field;
		if (!isCamelCase(name))
			tell(line, `The property ${name} is not in camelCase.`, 'Begin it with a small letter, letters and digits only.');
		const twin = names.get(name.toLowerCase());
		if (twin) tell(line, `The property ${name} is there already, in line ${twin.line}.`, 'Take one of them away.');
		names.set(name.toLowerCase(), field);
		for (const each of properties.values())
			if (!KNOWN.has(each.name.toLowerCase())) tell(each.line, `Fields here have no property ${each.name}.`, 'Choose Caption or Editable.');
		if (field.field === null) checkVariable(page, field, tell);
		else checkField(field, table, shown, tell);
	}
	for (const [system, name] of Object.entries(SYSTEM_PROPERTIES)) {
		const field = names.get(name.toLowerCase());
		if (field?.field?.toLowerCase() !== system.toLowerCase())
			tell(
				field?.line ?? page.line,
				`The page does not show ${system} as ${name}.`,
				`Write field(${name}; Rec.${system}) with Editable = false;`,
			);
	}
}

function checkField(field: AlField, table: AlTable, shown: Map<string, AlField>, tell: Tell): void {
	const { name, line } = field;
	const found = alField(table, field.field!);
	if (!found) {
		tell(
			line,
			`${table.name} has no field "${field.field}".`,
			'Correct the name, or add the field to the table in sandbox/businessCentral/schema.json.',
		);
		return;
	}
	const instead = REMOVED[table.name]?.[found.name];
	if (instead)
		tell(line, `"${found.name}" was removed from ${table.name}.`, `Show a variable that OnAfterGetRecord fills by Rec.${instead}().`);
	const other = shown.get(found.name);
	if (other) tell(line, `"${found.name}" is shown already, in line ${other.line}.`, 'Take one of them away.');
	shown.set(found.name, field);
	const expected = propertyNameOf(found.name);
	if (name !== expected) tell(line, `The property ${name} shows "${found.name}".`, `Call it ${expected}.`);
	if (NOT_SHOWN.has(found.type.name))
		tell(line, `"${found.name}" is of type ${found.type.name}, which no property shows.`, 'Show a variable that OnAfterGetRecord fills.');
	const fixed = found.type.flowField ? 'calculated' : found.name.startsWith('System') ? 'set by the platform' : null;
	if (fixed && isTrue(field.properties, 'Editable', true)) tell(line, `"${found.name}" is ${fixed}.`, 'Write Editable = false;');
}

function checkVariable(page: AlObject, field: AlField, tell: Tell): void {
	const variable = page.variables.find(({ name }) => name.toLowerCase() === field.variable!.toLowerCase());
	if (!variable) {
		tell(
			field.line,
			`${field.variable} is neither a field after Rec. nor a variable of the page.`,
			`Write Rec.${field.variable}, or declare the variable.`,
		);
		return;
	}
	if (!VARIABLES.test(variable.type))
		tell(variable.line, `No property shows a ${variable.type}.`, 'Use Text, Guid, Integer, Boolean or Decimal.');
	if (!page.triggers.includes('OnAfterGetRecord')) tell(field.line, `Nothing fills ${variable.name}.`, 'Fill it in OnAfterGetRecord.');
	const writable = isTrue(field.properties, 'Editable', true) && isTrue(page.properties, 'ModifyAllowed', true);
	if (writable && !field.triggers.includes('OnValidate'))
		tell(field.line, `What is sent as ${field.name} goes nowhere.`, 'Give it a trigger OnValidate, or write Editable = false;');
}

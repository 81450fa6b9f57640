import { readVariables, skipRoutine } from './code';
import { Cursor } from './cursor';
import type { AlField, AlObject, AlProcedure, AlProperty, AlReference, AlVariable } from './object';
import { tokensOf } from './tokens';

/** What is gathered while a page is read. */
interface Gathered {
	fields: AlField[];
	procedures: AlProcedure[];
	triggers: string[];
	variables: AlVariable[];
	references: AlReference[];
}

const SECTIONS = new Set(['layout', 'area', 'repeater']);

/**
 * The pages and permission sets of a file: as much of AL as API pages need. `symbols`: preprocessor symbols that are set.
 * @throws AlSyntaxError, which names file, line and remedy
 */
export function parseAl(file: string, source: string, symbols?: ReadonlySet<string>): AlObject[] {
	const cursor = new Cursor(file, tokensOf(file, source, symbols));
	const objects: AlObject[] = [];
	while (!cursor.ended) objects.push(readObject(cursor));
	return objects;
}

function readObject(cursor: Cursor): AlObject {
	const line = cursor.line;
	const type = cursor.sees('page') ? 'page' : cursor.sees('permissionset') ? 'permissionset' : null;
	if (type === null) throw cursor.error('Only pages and permission sets are read.', 'Begin the object with page or permissionset.');
	cursor.next();
	const id = Number(cursor.number('the number of the object').value);
	const name = cursor.name('the name of the object').value;
	const gathered: Gathered = { fields: [], procedures: [], triggers: [], variables: [], references: [] };
	const properties = readBody(cursor, gathered);
	return { file: cursor.file, type, id, name, line, properties, ...gathered };
}

/** Between braces: properties, sections, fields, triggers, procedures and variables. */
function readBody(cursor: Cursor, gathered: Gathered): Map<string, AlProperty> {
	const properties = new Map<string, AlProperty>();
	cursor.expect('{');
	while (!cursor.takes('}')) {
		if (cursor.peek(1)?.value === '=' && cursor.peek()?.kind === 'word') readProperty(cursor, properties);
		else readMember(cursor, gathered);
	}
	return properties;
}

function readProperty(cursor: Cursor, properties: Map<string, AlProperty>): void {
	const { value: name, line } = cursor.name('a property');
	cursor.expect('=');
	if (properties.has(name.toLowerCase())) throw cursor.error(`${name} is set twice.`, 'Take one of them away.');
	properties.set(name.toLowerCase(), { name, line, value: cursor.until(';') });
}

function readMember(cursor: Cursor, gathered: Gathered): void {
	const attributes: string[] = [];
	while (cursor.takes('[')) {
		attributes.push(cursor.name('an attribute').value);
		while (!cursor.takes(']')) cursor.next();
	}
	const local = cursor.takes('local');
	const line = cursor.line;
	const kind = cursor.peek()?.value.toLowerCase() ?? '';
	if (kind === 'field') gathered.fields.push(readField(cursor, gathered.references));
	else if (kind === 'procedure' || kind === 'trigger') {
		cursor.next();
		const { value: name } = cursor.name(`the name of the ${kind}`);
		if (kind === 'procedure') gathered.procedures.push({ name, line, attributes, local });
		else gathered.triggers.push(name);
		skipRoutine(cursor, gathered.references);
	} else if (kind === 'var') {
		cursor.next();
		gathered.variables.push(...readVariables(cursor));
	} else if (SECTIONS.has(kind)) {
		cursor.next();
		if (cursor.takes('(')) while (!cursor.takes(')')) cursor.next();
		readBody(cursor, gathered);
	} else {
		throw cursor.error(
			`${cursor.peek()?.value ?? 'The end'} is not understood here.`,
			'API pages of this extension hold properties, layout, area, repeater, field, trigger, procedure and var.',
		);
	}
}

function readField(cursor: Cursor, references: AlReference[]): AlField {
	const { line } = cursor.next();
	cursor.expect('(');
	const { value: name } = cursor.name('the name of the property');
	cursor.expect(';');
	const first = cursor.name('a field or a variable').value;
	const field = first.toLowerCase() === 'rec' && cursor.takes('.') ? cursor.name('a field').value : null;
	cursor.expect(')');
	const triggers: string[] = [];
	const inner: Gathered = { fields: [], procedures: [], triggers, variables: [], references };
	const properties = new Map<string, AlProperty>();
	cursor.expect('{');
	while (!cursor.takes('}')) {
		if (cursor.peek(1)?.value === '=') readProperty(cursor, properties);
		else readMember(cursor, inner);
	}
	return { name, line, field, variable: field === null ? first : null, properties, triggers };
}

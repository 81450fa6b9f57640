import { type AlObject, isTrue, propertyName, propertyText } from '../../sandbox/al/object';
import { AlSyntaxError, type AlProblem } from '../../sandbox/al/problem';
import { conditionsOf } from '../../sandbox/al/sourceTableView';
import { alField, type AlTable, alTables } from '../../sandbox/businessCentral/model/alTables';
import { checkFields } from './fieldRules';
import { isCamelCase } from './names';
import { teller, type Tell } from './tell';

const YES_NO = ['DelayedInsert', 'InsertAllowed', 'ModifyAllowed', 'DeleteAllowed', 'Extensible'];
const TEXTS = [
	'PageType',
	'Caption',
	'APIPublisher',
	'APIGroup',
	'APIVersion',
	'EntityName',
	'EntitySetName',
	'SourceTable',
	'ODataKeyFields',
];
const KNOWN = new Set([...YES_NO, ...TEXTS, 'SourceTableView'].map((name) => name.toLowerCase()));

/** Each page by itself, and the names of all of them together. */
export function checkPages(pages: readonly AlObject[], problems: AlProblem[]): void {
	for (const page of pages) checkPage(page, teller(problems, page.file));
	checkNames(pages, problems);
}

function checkPage(page: AlObject, tell: Tell): void {
	const { properties, line } = page;
	for (const { name, line: at } of properties.values())
		if (!KNOWN.has(name.toLowerCase()))
			tell(at, `API pages here have no property ${name}.`, `Choose one of ${[...YES_NO, ...TEXTS].join(', ')}.`);
	for (const name of TEXTS) if (!properties.has(name.toLowerCase())) tell(line, `${name} is missing.`, `Write ${name} = …;`);
	for (const name of YES_NO) {
		const text = propertyText(properties, name);
		if (text !== undefined && !/^(true|false)$/i.test(text)) tell(lineOf(page, name), `${name} is ${text}.`, 'Write true or false.');
	}
	if (propertyText(properties, 'PageType')?.toLowerCase() !== 'api')
		tell(lineOf(page, 'PageType'), 'The page is no API page.', 'Write PageType = API;');
	if (propertyText(properties, 'ODataKeyFields')?.toLowerCase() !== 'systemid')
		tell(lineOf(page, 'ODataKeyFields'), 'Rows are not known by their SystemId.', 'Write ODataKeyFields = SystemId;');
	if (!isTrue(properties, 'DelayedInsert', false))
		tell(lineOf(page, 'DelayedInsert'), 'DelayedInsert is not set.', 'Write DelayedInsert = true;');
	const table = alTables.get((propertyName(properties, 'SourceTable') ?? '').toLowerCase());
	if (!table) {
		const remedy = 'Correct the name, or add the table to "tables" in sandbox/businessCentral/schema.json.';
		tell(lineOf(page, 'SourceTable'), `The table ${propertyText(properties, 'SourceTable') ?? '(none)'} is not known.`, remedy);
		return;
	}
	checkView(page, table, tell);
	checkFields(page, table, tell);
	checkKey(page, table, tell);
	checkCode(page, table, tell);
}

/** SourceTableView names fields of the table, and members of their types. */
function checkView(page: AlObject, table: AlTable, tell: Tell): void {
	const property = page.properties.get('sourcetableview');
	if (!property) return;
	try {
		for (const { field, line, values } of conditionsOf(page.file, property)) {
			const found = alField(table, field);
			if (!found) tell(line, `${table.name} has no field "${field}".`, 'Correct the name in SourceTableView.');
			for (const value of values)
				if (found && found.type.members.length > 0 && !found.type.members.includes(value))
					tell(line, `"${field}" has no member "${value}".`, `Choose one of ${found.type.members.join(', ')}.`);
		}
	} catch (error) {
		if (!(error instanceof AlSyntaxError)) throw error;
		tell(error.problem.line, error.problem.message, error.problem.remedy);
	}
}

/** A row can only be made by a client that can name its key, or where the page makes it itself. */
function checkKey(page: AlObject, table: AlTable, tell: Tell): void {
	if (!isTrue(page.properties, 'InsertAllowed', true) || page.triggers.includes('OnInsertRecord')) return;
	for (const key of table.key) {
		const shown = page.fields.find(({ field }) => field?.toLowerCase() === key.toLowerCase());
		if (!shown)
			tell(page.line, `Rows can be inserted, but their key "${key}" is not shown.`, `Show Rec."${key}", or write InsertAllowed = false;`);
		else if (!isTrue(shown.properties, 'Editable', true))
			tell(
				shown.line,
				`Rows can be inserted, but their key "${key}" cannot be written.`,
				'Take Editable = false; away, or write InsertAllowed = false;',
			);
	}
}

/** What the code asks of Rec, and which procedures clients can call. */
function checkCode(page: AlObject, table: AlTable, tell: Tell): void {
	for (const { name, line, called, member } of page.references) {
		const found = alField(table, name);
		if (!found && !called) tell(line, `${table.name} has no field "${name}".`, 'Correct the name after Rec.');
		if (found && member !== null && !found.type.members.includes(member))
			tell(line, `"${name}" has no member "${member}".`, `Choose one of ${found.type.members.join(', ')}.`);
	}
	for (const { name, line, attributes, local } of page.procedures) {
		const served = attributes.some((each) => /^serviceenabled$/i.test(each));
		if (served === local)
			tell(
				line,
				`${name} is ${local ? 'local and served' : 'neither local nor served'}.`,
				'Write [ServiceEnabled] for an action, local for the rest.',
			);
		if (served && !isCamelCase(name))
			tell(line, `The action ${name} is not in camelCase.`, 'Begin it with a small letter, letters and digits only.');
	}
}

function checkNames(pages: readonly AlObject[], problems: AlProblem[]): void {
	const first = pages[0];
	const names = new Map<string, AlObject>();
	for (const page of pages) {
		const tell = teller(problems, page.file);
		for (const name of ['APIPublisher', 'APIGroup', 'APIVersion']) {
			const text = propertyText(page.properties, name);
			const form = name === 'APIVersion' ? /^(v\d+\.\d+|beta)$/ : /^[A-Za-z][A-Za-z0-9]*$/;
			if (text !== undefined && !form.test(text)) tell(lineOf(page, name), `${name} cannot be '${text}'.`, name === 'APIVersion' ? "Write e.g. 'v1.0'." : 'Use letters and digits.'); // prettier-ignore
			const expected = propertyText(first!.properties, name);
			if (text !== expected)
				tell(lineOf(page, name), `${name} is '${text}', and '${expected}' in ${first!.file}.`, 'Give all pages the same.');
		}
		for (const name of ['EntityName', 'EntitySetName']) {
			const text = propertyText(page.properties, name);
			if (text === undefined) continue;
			if (!isCamelCase(text))
				tell(lineOf(page, name), `${name} '${text}' is not in camelCase.`, 'Begin it with a small letter, letters and digits only.');
			const other = names.get(text.toLowerCase());
			if (other) tell(lineOf(page, name), `${other.file} calls something '${text}' already.`, `Choose another ${name}.`);
			else names.set(text.toLowerCase(), page);
		}
	}
}

const lineOf = ({ properties, line }: AlObject, name: string): number => properties.get(name.toLowerCase())?.line ?? line;

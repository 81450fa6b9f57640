import { zeroGuid, isGuid, type Row, type Value } from '../data/row';
import { BcError, badRequest, dialog, noRelation, notAllowed, readOnly, sameKey, unknownProperty } from '../errors';
import { relationById, relations } from '../model/relations';
import { typeName, type Property, type View } from '../model/view';
import { childFields } from '../read/navigation';
import { rulesOf } from './tableRules';
import { fieldValue } from './propertyValues';
import { rename } from './rename';
import { Draft, type Session } from './session';

export type Body = Readonly<Record<string, unknown>>;

/** Control information of JSON format 4.0 that says nothing to write; any other annotation asks for something this service does not do. */
const harmless =
	/^(@odata\.(context|etag|type|id|editLink|readLink)|\w+@odata\.(type|context|count|nextLink|mediaReadLink|mediaEditLink|navigationLink|associationLink))$/;

/** Labels of the pages of API v2.0 (microsoft/ALAppExtensions, Apps/W1/APIV2/app/src/pages): what their code answers when it finds no record. */
const idTexts: Readonly<Record<string, string>> = {
	customerId: 'The sell-to customer cannot be found.',
	billToCustomerId: 'The bill-to customer cannot be found.',
};
const codeTexts: Readonly<Record<string, string>> = {
	customerNumber: 'The sell-to customer cannot be found.',
	billToCustomerNumber: 'The bill-to customer cannot be found.',
	currencyCode: 'The "currencyCode" does not match to a Currency.',
	itemCategoryCode: 'The "itemCategoryCode" does not match to a Item Category.',
	disputeStatus: 'The dispute status cannot be found.',
};
/** The same, when id and code name different records. */
const mismatch: Readonly<Record<string, string>> = {
	'Sell-to Customer No.': 'The sell-to customer values do not match to a specific Customer.',
	'Bill-to Customer No.': 'The bill-to customer values do not match to a specific Customer.',
	'Currency Code': 'The currency values do not match to a specific Currency.',
	'Item Category Code': 'The item categories values do not match to a specific item category.',
	'Base Unit of Measure': 'The unit of measure values do not match to a specific Unit of Measure.',
};

const isAnnotation = (name: string) => name.includes('@');

/** Inserts through a page: validates what was sent in body order, then runs the table's code. Throws BcError; nothing is left behind then. */
export function insertThrough(session: Session, view: View, body: Body, parent: Readonly<Record<string, Value>> = {}): Row {
	if (!view.insert) throw notAllowed('POST');
	return session.company.atomically(() => {
		const draft = new Draft(session, view.table, undefined, view);
		for (const [field, values] of Object.entries(view.constants)) if (values[0] !== undefined) draft.set(field, values[0]);
		for (const [field, value] of Object.entries(parent)) draft.set(field, value);
		const { own, children } = splitBody(view, body);
		const id = clientId(view, own);
		for (const [name, value] of own) if (name !== 'id' && name !== ownIdOf(view)) validate(draft, view, name, value);
		for (const name of view.required) if (/^\w+$/.test(name)) requireValue(draft, view, name);
		const row = insertDraft(draft, id);
		for (const [name, list] of children) insertChildren(session, view, row, name, list);
		return session.company.table(view.table).get(row.id) ?? row;
	});
}

/** Stores a new record with all of the table's code, but without a page. */
export function insertDraft(draft: Draft, id: string = draft.session.company.newId()): Row {
	const { company, user } = draft.session;
	const rules = rulesOf(draft.table);
	rules.beforeInsert?.(draft);
	const table = company.table(draft.table);
	const fields = withoutBlanks(draft.fields);
	if (table.primaryKey.length > 0 && table.getByKey(...table.primaryKey.map((field) => fields[field] ?? ''))) {
		throw sameKey(draft.table, table.primaryKey.map((field) => keyText(draft, field)).join(','));
	}
	if (table.get(id)) throw sameKey(draft.table, `SystemId='${id}'`);
	const row = company.insert(draft.table, fields, user, id, draft.flow);
	rules.afterInsert?.(draft, row);
	return table.get(row.id) ?? row;
}

/** A field of the primary key as the message names it; lines are kept by the id of their document, which AL knows by type and number. */
function keyText(draft: Draft, field: string): string {
	const document = field === 'Document Id' ? draft.session.company.table('Sales Header').get(draft.text(field)) : undefined;
	if (!document) return `${field}='${draft.text(field)}'`;
	return `Document Type='${String(document.fields['Document Type'] ?? '')}',Document No.='${String(document.fields['No.'] ?? '')}'`;
}

/** Changes the sent properties of a row and nothing else; a changed key renames it. */
export function updateThrough(session: Session, view: View, row: Row, body: Body): Row {
	if (!view.modify) throw notAllowed('PATCH');
	return session.company.atomically(() => {
		const draft = new Draft(session, view.table, row, view);
		const { own, children } = splitBody(view, body);
		if (children.length > 0) throw badRequest(`The property '${children[0]![0]}' cannot be updated through its parent.`);
		for (const [name, value] of own) validate(draft, view, name, value);
		for (const name of view.required) if (own.some(([sent]) => sent === name)) requireValue(draft, view, name);
		return modifyDraft(draft, row);
	});
}

/** Stores a changed record with all of the table's code. */
export function modifyDraft(draft: Draft, row: Row): Row {
	const { company, user } = draft.session;
	const rules = rulesOf(draft.table);
	rules.beforeModify?.(draft);
	const table = company.table(draft.table);
	const fields = withoutBlanks(draft.fields);
	if (table.keyOf({ id: row.id, fields }) !== table.keyOf(row)) rename(draft.session, draft.table, row, fields);
	const current = table.get(row.id) ?? row;
	const after = company.modify(draft.table, current, fields, user);
	if (after !== row) rules.afterModify?.(draft, after, row);
	return table.get(row.id) ?? after;
}

export function deleteThrough(session: Session, view: View, row: Row): void {
	if (!view.delete) throw notAllowed('DELETE');
	session.company.atomically(() => deleteRow(session, view.table, row));
}

export function deleteRow(session: Session, table: string, row: Row): void {
	const rules = rulesOf(table);
	rules.beforeDelete?.(session, row);
	session.company.remove(table, session.company.table(table).get(row.id) ?? row, session.user);
	rules.afterDelete?.(session, row);
}

/** Gives one property a value, as typing into the control does. */
export function validate(draft: Draft, view: View, name: string, raw: unknown): void {
	const property = view.byName.get(name);
	if (!property) throw unknownProperty(name, typeName(view));
	if (property.readOnly || property.kind === 'stream') throw readOnly(name);
	const value = fieldValue(property, raw, draft.session.company.settings.culture);
	const rules = rulesOf(view.table);
	// Code of Microsoft's pages is not behind a page of an extension.
	const setter = view.custom ? undefined : rules.setProperty?.[name];
	const relation = relationById(view.table, property.field);
	if (relation && property.kind === 'guid' && !setter) {
		setField(draft, relation.field, codeOf(draft, view, property, value, relation.target));
	} else if (setter) {
		setter(draft, value);
		draft.sent.add(property.field);
	} else {
		if (value !== '') checkCode(draft, view, property, value);
		setField(draft, property.field, value);
	}
}

/** Some pages of API v2.0 look a code up themselves and answer with a text of their own; all else is a table relation. */
function checkCode(draft: Draft, view: View, property: Property, value: Value): void {
	const text = view.service === 'api' && !view.custom ? codeTexts[property.name] : undefined;
	if (text === undefined) return;
	const relation = relations[view.table]?.find(({ field, when }) => field === property.field && (!when || when(draft.fields)));
	if (relation && !draft.session.company.table(relation.target).getByKey(value)) throw dialog(text);
}

/** Sets a field, checks its relations and runs its OnValidate. Given twice with different values in one body, it is refused (id and code pairs). */
export function setField(draft: Draft, field: string, value: Value): void {
	if (draft.sent.has(field) && draft.get(field) !== value && !(draft.get(field) === '' && value === '')) {
		throw dialog(mismatch[field] ?? `The values given for ${field} do not match: ${String(draft.get(field))} and ${String(value)}.`);
	}
	draft.sent.add(field);
	const before = draft.get(field);
	draft.set(field, value);
	checkRelation(draft, field);
	rulesOf(draft.table).validate?.[field]?.(draft, before);
}

export function checkRelation(draft: Draft, field: string): void {
	const value = draft.get(field);
	if (value === '') return;
	const related =
		relations[draft.table]?.filter((relation) => relation.field === field && (!relation.when || relation.when(draft.fields))) ?? [];
	for (const { target } of related) {
		if (!draft.session.company.table(target).getByKey(value)) throw noRelation(field, draft.table, String(value), target);
	}
}

function codeOf(draft: Draft, view: View, property: Property, id: Value, target: string): Value {
	const text = idTexts[property.name] ?? `The "${property.name}" does not match to a ${target}.`;
	if (id === zeroGuid && !(property.name in idTexts)) return '';
	const related = draft.session.company.table(target);
	const row = related.get(String(id));
	if (!row) throw view.service === 'api' ? dialog(text) : noRelation(property.field, view.table, String(id), target);
	return row.fields[related.primaryKey[0]!] ?? '';
}

function splitBody(view: View, body: Body): { own: Array<[string, unknown]>; children: Array<[string, unknown[]]> } {
	const own: Array<[string, unknown]> = [];
	const children: Array<[string, unknown[]]> = [];
	for (const [name, value] of Object.entries(body)) {
		if (isAnnotation(name)) {
			if (!harmless.test(name)) throw badRequest(`The annotation '${name}' is not supported in a request body.`);
			continue;
		}
		const nested = view.navigation.find((navigation) => navigation.name === name && navigation.many);
		if (nested && Array.isArray(value)) children.push([name, value]);
		else own.push([name, value]);
	}
	return { own, children };
}

/** Property of an extension's page that a client may choose the SystemId by. */
const ownIdOf = (view: View): string | null =>
	view.custom && view.keepsId ? (view.properties.find(({ field }) => field === 'SystemId')?.name ?? null) : null;

function clientId(view: View, own: ReadonlyArray<[string, unknown]>): string | undefined {
	const ownId = ownIdOf(view);
	const sent = own.find(([name]) => name === 'id' || name === ownId)?.[1];
	if (sent === undefined || (ownId === null && !view.byName.has('id'))) return undefined;
	if (typeof sent !== 'string' || !isGuid(sent)) throw badRequest("Cannot convert a value to target type 'Edm.Guid'. Property 'id'.");
	// Only items keep it; elsewhere the platform makes its own.
	return view.keepsId && sent !== zeroGuid ? sent.toLowerCase() : undefined;
}

/** Text of the pages for a name that was left out of a POST, or sent blank. */
const blankName = (draft: Draft, property: Property) =>
	dialog(
		draft.before || draft.sent.has(property.field)
			? `The blank "${property.name}" is not allowed.`
			: `A "${property.name}" must be provided.`,
	);

function requireValue(draft: Draft, view: View, name: string): void {
	const property = view.byName.get(name);
	if (property && !draft.text(property.field).trim()) {
		throw property.kind === 'code'
			? new BcError(400, 'BadRequest_RequiredParamNotProvided', `Field '${property.name}' must not be blank or empty.`)
			: blankName(draft, property);
	}
}

function insertChildren(session: Session, view: View, parent: Row, name: string, list: readonly unknown[]): void {
	const insert = rulesOf(view.table).insertChild;
	const part = view.navigation.find((one) => one.name === name && one.page);
	if (!insert && !part) throw badRequest(`Deep insert of '${name}' is not supported.`);
	for (const child of list) {
		if (typeof child !== 'object' || child === null || Array.isArray(child)) throw badRequest(`'${name}' must hold objects.`);
		if (part) insertThrough(session, part.page!.view, child as Body, childFields(view, parent, part));
		else insert!(session, view, parent, name, child as Body);
	}
}

/** Blanks are not stored: a row that was never given a value equals one that was given the blank. */
export function withoutBlanks(fields: Readonly<Record<string, Value>>): Record<string, Value> {
	const stored: Record<string, Value> = {};
	for (const field of Object.keys(fields)) if (!isBlank(fields[field]!)) stored[field] = fields[field]!;
	return stored;
}

export const isBlank = (value: Value): boolean =>
	value === '' || value === 0 || value === false || (typeof value === 'string' && (value === zeroGuid || value.startsWith('0001-01-01')));

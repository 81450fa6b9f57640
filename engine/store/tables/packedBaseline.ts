import { createHash } from 'node:crypto';
import type { Baseline, FieldBaseline } from '../../model/coupling';

/**
 * A baseline as it stands in a row. Nearly all couples of a mapping have the same fields, so their names stand once in a list of their own, and a row holds
 * the id of that list and the fingerprints in its order: one where both sides have the same, two with a comma between them otherwise, none for what is empty.
 */
export interface PackedBaseline {
	text: string;
	/** The list of names that `text` refers to; absent where it holds the names itself. */
	list?: FieldList;
}

export interface FieldList {
	id: string;
	fields: readonly string[];
}

/** Fingerprint of an empty value, the most frequent one. */
const EMPTY = '47DEQpj8HBSa';
const BETWEEN_FIELDS = ' ';
const BETWEEN_SIDES = ',';
/** What a mark must not hold to stand in a row without quotes; no mark of today does. */
const UNFIT = /[\s,{]|^$/;

const packMark = (mark: string): string => (mark === EMPTY ? '' : mark);
const unpackMark = (text: string): string => (text === '' ? EMPTY : text);

/** The same for the same names in the same order, whoever makes it. */
const listOf = (fields: readonly string[]): FieldList => {
	const text = JSON.stringify(fields);
	const known = lists.get(text);
	if (known) return known;
	const list = { id: createHash('sha256').update(text).digest('base64url').slice(0, 10), fields };
	lists.set(text, list);
	return list;
};

/** Lists made in this process, by their names; as many as there are combinations of mapped fields. */
const lists = new Map<string, FieldList>();

export function packBaseline(baseline: Baseline): PackedBaseline {
	const entries = Object.entries(baseline);
	if (entries.some(([, marks]) => marks.some((mark) => UNFIT.test(mark)))) return { text: spelledOut(entries) };
	const list = listOf(entries.map(([field]) => field));
	const marks = entries.map(([, [bc, crm]]) => (bc === crm ? packMark(bc) : packMark(bc) + BETWEEN_SIDES + packMark(crm)));
	return { text: [list.id, ...marks].join(BETWEEN_FIELDS), list };
}

/** With the names in it, as earlier versions wrote every baseline. */
const spelledOut = (entries: ReadonlyArray<[string, FieldBaseline]>): string =>
	JSON.stringify(Object.fromEntries(entries.map(([key, [bc, crm]]) => [key, bc === crm ? bc : [bc, crm]])));

/** Id of the list that a packed baseline needs to be read; undefined where it holds the names itself. */
export const listIdIn = (text: string): string | undefined => (text.startsWith('{') ? undefined : text.split(BETWEEN_FIELDS, 1)[0]);

/**
 * @param fieldsOf names by id of the list
 * @throws Error where the list is not known
 */
export function unpackBaseline(text: string, fieldsOf: ReadonlyMap<string, readonly string[]>): Baseline {
	const id = listIdIn(text);
	if (id === undefined) return readSpelledOut(text);
	const fields = fieldsOf.get(id);
	if (!fields) throw new Error(`The state store holds no list of fields "${id}", which a coupling refers to.`);
	const marks = text.split(BETWEEN_FIELDS);
	return Object.fromEntries(fields.map((field, index): [string, FieldBaseline] => [field, marksIn(marks[index + 1] ?? '')]));
}

function marksIn(text: string): FieldBaseline {
	const comma = text.indexOf(BETWEEN_SIDES);
	if (comma < 0) return [unpackMark(text), unpackMark(text)];
	return [unpackMark(text.slice(0, comma)), unpackMark(text.slice(comma + 1))];
}

const readSpelledOut = (text: string): Baseline =>
	Object.fromEntries(
		Object.entries(JSON.parse(text) as Record<string, string | [string, string]>).map(([key, value]): [string, FieldBaseline] => [
			key,
			typeof value === 'string' ? [value, value] : value,
		]),
	);

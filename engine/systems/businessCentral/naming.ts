import type { FieldName, FieldValue } from '../../model/record';
import type { Row } from '../odata/envelope';
import type { ExtensionPage } from './extensionPages';

/** How a place where rows are calls the properties and values that a mapping speaks of. */
export interface Naming {
	/** The property's name there. */
	there(property: FieldName): FieldName;
	/** OData text with the names there. */
	textThere(text: string | null): string | null;
	/** A value of a property as it is written there. */
	valueThere(property: FieldName, value: FieldValue): FieldValue;
	/** A row from there with the mapping's names. */
	here(row: Row): Row;
}

export const unchanged: Naming = {
	there: (property) => property,
	textThere: (text) => text,
	valueThere: (_property, value) => value,
	here: (row) => row,
};

/** Other names; `enums`: properties of the mapping whose values are encoded members there and plain text here. */
export function renaming(properties: Readonly<Record<FieldName, FieldName>>, enums: ReadonlySet<FieldName> = new Set()): Naming {
	const back = Object.entries(properties);
	const there = (property: FieldName): FieldName => properties[property] ?? property;
	const valueThere = (property: FieldName, value: FieldValue): FieldValue =>
		enums.has(property) && typeof value === 'string' ? encodeMember(value) : value;
	const valueHere = (property: FieldName, value: unknown): unknown =>
		enums.has(property) && typeof value === 'string' ? memberText(value) : value;
	return {
		there,
		valueThere,
		textThere: (text) => text && renamedOutsideQuotes(text, there, valueThere),
		here: (row) => ({
			...row,
			...Object.fromEntries(back.flatMap(([ours, theirs]) => (theirs in row ? [[ours, valueHere(ours, row[theirs])]] : []))),
		}),
	};
}

export const namingOf = ({ names, enums }: ExtensionPage): Naming => renaming(names, enums);

/** Text literals stand in single quotes, with inner ones doubled; nothing in them is a name, and they are values of the property named last. */
function renamedOutsideQuotes(text: string, there: (name: string) => string, valueThere: Naming['valueThere']): string {
	let last = '';
	return text.replace(/'(?:[^']|'')*'|[A-Za-z_]\w*/g, (part) => {
		if (part.startsWith("'")) return quoted(String(valueThere(last, unquoted(part))));
		if (there(part) !== part || !WORDS.has(part)) last = part;
		return there(part);
	});
}

/** Words of a filter that name no property. */
const WORDS = new Set('and or not eq ne gt ge lt le in true false null contains startswith endswith tolower toupper'.split(' '));

const unquoted = (text: string): string => text.slice(1, -1).replaceAll("''", "'");
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** `Customer Price Group` → `Customer_x0020_Price_x0020_Group`; the blank member is `_x0020_`. What is encoded already stays. */
const encodeMember = (name: string): string =>
	/_x[0-9A-F]{4}_/i.test(name)
		? name
		: (name === '' ? ' ' : name).replace(
				/[^A-Za-z0-9_]/g,
				(sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
			);

/** The plain text, a blank for the blank member, as published pages show it. */
export const memberText = (member: string): string =>
	member.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

import { isGuid, ZERO_GUID } from '../../../model/guid';
import type { FieldValue } from '../../../model/record';
import type { ColumnShape } from '../../../model/shape';

/** A field by its number, and how its values are read. */
export interface FeedField {
	/** Null: the SystemId, which every record carries. */
	no: number | null;
	type: 'code' | 'text' | 'decimal' | 'integer' | 'boolean' | 'date' | 'guid' | 'enum';
	/** Characters of a code or text. */
	maxLength: number | null;
	/** Of an enum: names by ordinal. */
	members: ReadonlyMap<string, string>;
}

const inOrder = (names: string): Array<[string, string]> => names.split(',').map((name, index) => [String(index), name]);

/** Ordinals as microsoft/BCApps declares them; members that extensions add are not known. */
const ENUMS: Readonly<Record<string, ReadonlyMap<string, string>>> = {
	'Unit Group Source Type': new Map(inOrder('Item,Resource')),
	'Resource Type': new Map(inOrder('Person,Machine')),
	'Sales Price Type': new Map(inOrder('Customer,Customer Price Group,All Customers,Campaign')),
	'Price Status': new Map(inOrder('Draft,Active,Inactive')),
	'Price Amount Type': new Map([['0', 'Any'], ['17', 'Price'], ['20', 'Discount']]), // prettier-ignore
	'Price Asset Type': new Map([['0', ' '], ['10', 'Item'], ['20', 'Item Discount Group'], ['30', 'Resource'], ['40', 'Resource Group'], ['60', 'G/L Account']]), // prettier-ignore
	'Price Source Type': new Map([['0', 'All'], ['10', 'All Customers'], ['11', 'Customer'], ['12', 'Customer Price Group'], ['13', 'Customer Disc. Group'], ['20', 'All Vendors'], ['21', 'Vendor'], ['30', 'All Jobs'], ['31', 'Job'], ['32', 'Job Task'], ['50', 'Campaign'], ['51', 'Contact']]), // prettier-ignore
};

/** Out of `4 Enum Price Source Type`, `1 Code[20]`, `SystemId`. */
export function feedField(text: string): FeedField {
	if (text === 'SystemId') return { no: null, type: 'guid', maxLength: null, members: new Map() };
	const [, no, name, length, enumName] = /^(\d+) (\w+)(?:\[(\d+)\])?(?: (.+))?$/.exec(text)!;
	return {
		no: Number(no),
		type: name!.toLowerCase() as FeedField['type'],
		maxLength: length ? Number(length) : null,
		members: (enumName && ENUMS[enumName]) || new Map(),
	};
}

/** `{6B29FC40-…}` in small letters and without braces; null for what is none. */
export function guidOf(text: string): string | null {
	const bare = text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
	return isGuid(bare) ? bare : null;
}

/**
 * A value as published pages show it, out of AL's XML format (`Format(Value, 0, 9)`), which is text for every type. Undefined for a text that is no value
 * of the type: a picture, or what a later release may send.
 */
export function valueOf({ type, members }: FeedField, sent: unknown): FieldValue | undefined {
	if (typeof sent !== 'string') return undefined;
	switch (type) {
		case 'code':
		case 'text':
			return sent;
		case 'decimal':
		case 'integer': {
			const value = Number(sent);
			return sent.trim() !== '' && Number.isFinite(value) ? value : undefined;
		}
		case 'boolean':
			return /^(true|1)$/i.test(sent) ? true : /^(false|0)$/i.test(sent) ? false : undefined;
		case 'date':
			return sent === '' ? '0001-01-01' : /^\d{4}-\d{2}-\d{2}$/.test(sent) ? sent : undefined;
		case 'guid':
			return sent === '' ? ZERO_GUID : (guidOf(sent) ?? undefined);
		case 'enum':
			// The ordinal; where a release sends the name, it is the name. A member of an extension stays as it came.
			return members.get(sent) ?? sent;
	}
}

const COLUMN_TYPES: Readonly<Record<FeedField['type'], ColumnShape['type']>> = {
	code: 'text',
	text: 'text',
	decimal: 'decimal',
	integer: 'integer',
	boolean: 'boolean',
	date: 'date',
	guid: 'guid',
	enum: 'enum',
};

/** The field as a column that nobody can write. */
export const columnOf = (name: string, label: string, { type, maxLength, members }: FeedField): ColumnShape => ({
	name,
	label,
	type: COLUMN_TYPES[type],
	maxLength,
	writable: false,
	creatable: false,
	...(type === 'code' ? { code: true as const } : {}),
	...(type === 'enum' ? { options: [...members.values()].map((member) => ({ value: member, label: member.trim() || '(blank)' })) } : {}),
});

import { zeroGuid, type Row, type Value } from '../data/row';
import type { FeedField } from './objects';

/** `{6B29FC40-CA47-1067-B31D-00DD010662DA}`: how AL formats a GUID. */
export const formatGuid = (id: string): string => `{${id.toUpperCase()}}`;

/** AL's XML format of a DateTime (`Format(Value, 0, 9)`). */
export const formatStamp = (at: number): string => new Date(at).toISOString();

/** The order in which SQL Server keeps a uniqueidentifier: its last group first, the first three by their bytes turned round. */
export function sqlOrder(id: string): string {
	const [a = '', b = '', c = '', d = '', e = ''] = id.toLowerCase().split('-');
	const turned = (part: string): string => (part.match(/../g) ?? []).reverse().join('');
	return e + d + turned(c) + turned(b) + turned(a);
}

/** A field in AL's XML format, always text: enums by their ordinal, blank dates as nothing. */
export function formatField(row: Row, { name, type, ordinals }: FeedField): string {
	const value: Value | undefined = row.fields[name];
	switch (type.name) {
		case 'Enum':
		case 'Option': {
			const at = value === undefined || value === '' ? 0 : type.members.findIndex((member) => member.trim() === String(value).trim());
			return String(ordinals[Math.max(at, 0)] ?? 0);
		}
		case 'Boolean':
			return value === true ? 'true' : 'false';
		case 'Decimal':
		case 'Integer':
		case 'BigInteger':
			return String(value ?? 0);
		case 'Date':
			return value === undefined || value === '0001-01-01' ? '' : String(value).slice(0, 10);
		case 'Guid':
			return formatGuid(String(value ?? zeroGuid));
		default:
			return String(value ?? '');
	}
}

import { upperCase } from '../../model/upperCase';
import { literal } from '../../systems/odata/literals';
import type { FilterNode, Test } from './resolve';
import type { Side } from '../../model/side';
import type { FieldValue } from '../../model/record';
import type { Condition } from '../../model/filter';

/**
 * OData text that selects exactly what the node does; null when the service cannot be asked so:
 * - fields of a companion page are no properties of the table;
 * - Business Central refuses `or` between two properties;
 * - it compares text with regard to case, and its functions cannot be nested, so a part of a text cannot be searched for ignoring case.
 */
export function express(node: FilterNode, side: Side): string | null {
	switch (node.kind) {
		case 'raw':
			return `(${node.text})`;
		case 'test':
			return expressTest(node, side);
		case 'all':
		case 'any': {
			if (node.kind === 'any' && side === 'businessCentral' && !isOfOneField(node.parts)) return null;
			const texts = node.parts.map((part) => express(part, side));
			if (texts.some((text) => text === null)) return null;
			return node.kind === 'all' ? texts.join(' and ') || null : `(${texts.join(' or ')})`;
		}
	}
}

/** Only conditions, and all on one property. */
const isOfOneField = (parts: readonly FilterNode[]): boolean =>
	parts.every((part) => part.kind === 'test') && new Set(parts.map((part) => (part.kind === 'test' ? part.field : ''))).size <= 1;

function expressTest({ field, operator, type, values }: Test, side: Side): string | null {
	// Fields of companion pages; in Dataverse a column of the row that a lookup leads to, which it can be asked for.
	if (side === 'businessCentral' && field.includes('/')) return null;
	const property = type === 'lookup' ? `_${field}_value` : field;
	const texts: string[] = [];
	for (const value of values) {
		const text = compare(property, operator, type, value, side);
		if (text === null) return null;
		texts.push(text);
	}
	return texts.length === 1 ? texts[0]! : `(${texts.join(operator === 'ne' ? ' and ' : ' or ')})`;
}

function compare(property: string, operator: Condition['operator'], type: Condition['type'], value: FieldValue, side: Side): string | null {
	const text = literalOf(property, type, value, side);
	switch (operator) {
		case 'contains':
		case 'startswith':
		case 'endswith':
			if (side === 'businessCentral') return type === 'text' && hasCase(value) ? null : `${operator}(${property},${text})`;
			return `${operator}(${property},${literal(literally(String(value ?? '')), 'text', side)})`;
		default: {
			const sign = operator === 'in' ? 'eq' : operator;
			const ignoring = hasCase(value) || ['gt', 'ge', 'lt', 'le'].includes(operator);
			return side === 'businessCentral' && type === 'text' && ignoring
				? `tolower(${property}) ${sign} ${text.toLowerCase()}`
				: `${property} ${sign} ${text}`;
		}
	}
}

/** Blank text is null in Dataverse and the empty text in Business Central. */
function literalOf(property: string, type: Condition['type'], value: FieldValue, side: Side): string {
	if (type === 'lookup') return literal(value, 'guid', side);
	if (type === 'code') return literal(typeof value === 'string' ? upperCase(value) : value, 'text', side);
	// A point in time is not compared with a date.
	if (type === 'date' && side === 'businessCentral' && property.endsWith('DateTime')) {
		const day = value === null ? '0001-01-01' : String(value);
		return literal(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T00:00:00Z` : day, 'dateTime', side);
	}
	return literal(value, type, side);
}

const hasCase = (value: FieldValue): boolean => typeof value === 'string' && value.toLowerCase() !== value.toUpperCase();

/**
 * `%`, `_` and `[` are wildcards inside Dataverse's text functions ("Use wildcard characters in conditions for string values"); in brackets
 * they stand for themselves.
 */
const literally = (text: string): string => text.replace(/[[%_]/g, (wildcard) => `[${wildcard}]`);

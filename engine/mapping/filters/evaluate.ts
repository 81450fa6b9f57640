import { SyncError } from '../../model/errors';
import { ZERO_GUID } from '../../model/guid';
import { literal } from '../../systems/odata/literals';
import type { FilterNode, Test } from './resolve';
import type { Side } from '../../model/side';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { Condition } from '../../model/filter';

type Ordered = string | number | boolean;

/**
 * The filter as a look at a record, as the service would look at it: text ignoring case; nothing is null in Dataverse, and blank (empty text,
 * zero, no, the blank date) in Business Central; null differs from every value and is neither more nor less than any.
 * A value that was not read meets no condition.
 * @throws SyncError (setup) `FILTER_RAW_INSIDE`, `INVALID_LITERAL`
 */
export function evaluator(node: FilterNode, side: Side): (record: SystemRecord) => boolean {
	switch (node.kind) {
		case 'test':
			return testOf(node, side);
		case 'all':
		case 'any': {
			const tests = node.parts.map((part) => evaluator(part, side));
			return node.kind === 'all' ? (record) => tests.every((test) => test(record)) : (record) => tests.some((test) => test(record));
		}
		case 'raw':
			throw new SyncError({
				code: 'FILTER_RAW_INSIDE',
				errorClass: 'setup',
				system: side,
				message: 'An OData filter text stands inside a group of conditions that Business Central cannot be asked for.',
				hint: 'Put the OData text beside the conditions instead of inside a group, or write the whole group as OData text.',
			});
	}
}

/** Fields the node looks at. */
export const fieldsOf = (node: FilterNode): FieldName[] =>
	node.kind === 'test' ? [node.field] : node.kind === 'raw' ? [] : [...new Set(node.parts.flatMap(fieldsOf))];

function testOf({ field, operator, type, values }: Test, side: Side): (record: SystemRecord) => boolean {
	for (const value of values) literal(value, literalType(type), side);
	const wanted = values.map((value) => comparable(value, type, side));
	const set = new Set(wanted);
	return (record) => {
		const value = record.values[field];
		if (value === undefined) return false;
		const own = comparable(value, type, side);
		if (operator === 'in' || operator === 'eq') return set.has(own);
		if (operator === 'ne') return !set.has(own);
		return wanted.some((each) => holds(operator, own, each));
	};
}

function holds(operator: Condition['operator'], own: Ordered | null, wanted: Ordered | null): boolean {
	if (own === null || wanted === null) return false;
	switch (operator) {
		case 'gt':
			return own > wanted;
		case 'ge':
			return own >= wanted;
		case 'lt':
			return own < wanted;
		case 'le':
			return own <= wanted;
		case 'contains':
			return String(own).includes(String(wanted));
		case 'startswith':
			return String(own).startsWith(String(wanted));
		case 'endswith':
			return String(own).endsWith(String(wanted));
		default:
			return false;
	}
}

const literalType = (type: Condition['type']): Parameters<typeof literal>[1] =>
	type === 'lookup' ? 'guid' : type === 'code' ? 'text' : type;

/** One spelling for a value of a record and a value of a condition. */
function comparable(value: FieldValue, type: Condition['type'], side: Side): Ordered | null {
	const blank = value === null || value === '';
	if (blank && side === 'crm') return null;
	switch (type) {
		case 'text':
		case 'code':
			return blank ? '' : String(value).toLowerCase();
		case 'enum':
			// Members of Business Central are compared as they are written on the wire; Dataverse's choices are numbers.
			return side === 'crm' ? Number(value) : blank ? '_x0020_' : String(value);
		case 'number':
			return blank ? 0 : Number(value);
		case 'boolean':
			return value === true || value === 'true';
		case 'guid':
		case 'lookup':
			return blank
				? ZERO_GUID
				: String(value)
						.replace(/^\{(.*)\}$/, '$1')
						.toLowerCase();
		case 'date': {
			const at = Date.parse(blank ? '0001-01-01T00:00:00Z' : String(value));
			return Number.isNaN(at) ? String(value) : at;
		}
	}
}

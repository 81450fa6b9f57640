import { SyncError } from '../errors';
import { literal } from '../systems/odata/literals';
import type { FieldValue, Side } from '../systems/system';
import type { Condition, Filter } from './tableMapping';

/** Stands for the CRM row of the session's BC company. */
export const COMPANY = '@company';

/**
 * OData text of a filter for one side, or null when it selects everything. A condition on the company identity falls away where CRM has no
 * row for the company (default mappings, CUSTOMER: "only once the company row exists").
 */
export function compileFilter(filter: Filter, side: Side, companyRowId: string | null): string | null {
	const parts: string[] = [];
	for (const condition of filter.conditions) {
		if (companyRowId === null && usesCompany(condition)) continue;
		parts.push(compileCondition(condition, side, companyRowId));
	}
	if (filter.raw?.trim()) parts.push(`(${balanced(filter.raw.trim())})`);
	return parts.length === 0 ? null : parts.join(' and ');
}

const usesCompany = (condition: Condition): boolean =>
	Array.isArray(condition.value) ? condition.value.includes(COMPANY) : condition.value === COMPANY;

function compileCondition(condition: Condition, side: Side, companyRowId: string | null): string {
	const property = condition.type === 'lookup' ? `_${condition.field}_value` : condition.field;
	const one = (value: FieldValue): string => {
		const text = literal(value === COMPANY ? companyRowId : value, condition.type === 'lookup' ? 'guid' : condition.type, side);
		switch (condition.operator) {
			case 'contains':
			case 'startswith':
			case 'endswith':
				return `${condition.operator}(${property},${text})`;
			case 'in':
				return `${property} eq ${text}`;
			default:
				return `${property} ${condition.operator} ${text}`;
		}
	};
	if (!Array.isArray(condition.value)) return one(condition.value as FieldValue);
	if (condition.value.length === 0) {
		throw new SyncError({
			code: 'FILTER_EMPTY',
			errorClass: 'setup',
			system: side,
			field: condition.field,
			message: `The filter on ${condition.field} lists no value.`,
			hint: 'Add at least one value to the condition, or remove it.',
		});
	}
	return `(${condition.value.map(one).join(' or ')})`;
}

/** Refuses raw text that would break out of its parentheses. */
function balanced(raw: string): string {
	let depth = 0;
	let quoted = false;
	for (const character of raw) {
		if (character === "'") quoted = !quoted;
		else if (!quoted && character === '(') depth++;
		else if (!quoted && character === ')' && --depth < 0) break;
	}
	if (depth !== 0 || quoted) {
		throw new SyncError({
			code: 'FILTER_UNBALANCED',
			errorClass: 'setup',
			system: 'engine',
			message: 'The OData filter text has an open quote or parenthesis.',
			hint: "Close every parenthesis and double single quotes inside text, for instance name eq 'O''Brien'.",
		});
	}
	return raw;
}

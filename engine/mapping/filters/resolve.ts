import { SyncError } from '../../model/errors';
import { balanced } from './raw';
import type { Side } from '../../model/side';
import type { FieldName, FieldValue } from '../../model/record';
import type { Condition, Filter } from '../../model/filter';

/** Stands for the CRM row of the session's BC company. */
export const COMPANY = '@company';

/** A condition with its values in place. */
export interface Test {
	kind: 'test';
	field: FieldName;
	operator: Condition['operator'];
	type: Condition['type'];
	/** At least one; with several, one of them is enough. Blank is null. */
	values: readonly FieldValue[];
}

/** A filter as a tree: what holds when all, or any, of the parts hold. */
export type FilterNode = Test | { kind: 'all' | 'any'; parts: readonly FilterNode[] } | { kind: 'raw'; text: string };

/** Whether the condition compares with the company's row, and falls away where CRM has none. */
export const usesCompany = ({ value }: Pick<Condition, 'value'>): boolean =>
	Array.isArray(value) ? value.includes(COMPANY) : value === COMPANY;

/**
 * The filter with the company's row in place. A condition on the company falls away where CRM has no row for it.
 * @throws SyncError (setup) `FILTER_EMPTY`, `FILTER_UNBALANCED`
 */
export function resolveFilter(filter: Filter, side: Side, companyRowId: string | null): FilterNode {
	const parts: FilterNode[] = [];
	for (const condition of filter.conditions) {
		if (companyRowId === null && usesCompany(condition)) continue;
		parts.push(testOf(condition, side, companyRowId));
	}
	for (const group of filter.groups ?? []) {
		const node = resolveFilter(group, side, companyRowId);
		if (node.kind === 'all' && filter.match !== 'any') parts.push(...node.parts);
		else if (node.kind !== 'all' || node.parts.length > 0) parts.push(node);
	}
	const raw = filter.raw?.trim();
	const joined: FilterNode = parts.length === 1 ? parts[0]! : { kind: filter.match === 'any' && parts.length > 0 ? 'any' : 'all', parts };
	if (!raw) return joined;
	const text: FilterNode = { kind: 'raw', text: balanced(raw) };
	return joined.kind === 'all' ? { kind: 'all', parts: [...joined.parts, text] } : { kind: 'all', parts: [joined, text] };
}

function testOf({ field, operator, type, value }: Condition, side: Side, companyRowId: string | null): Test {
	const given = Array.isArray(value) ? (value as readonly FieldValue[]) : [value as FieldValue];
	if (given.length === 0) {
		throw new SyncError({
			code: 'FILTER_EMPTY',
			errorClass: 'setup',
			system: side,
			field,
			message: `The filter on ${field} lists no value.`,
			hint: 'Add at least one value to the condition, or remove it.',
		});
	}
	const values = given.map((each) => (each === COMPANY ? companyRowId : each === '' ? null : each));
	return { kind: 'test', field, operator, type, values: [...new Set(values)] };
}

import { COMPANY } from './resolve';
import type { FieldValue } from '../../model/record';
import type { Condition, Filter } from '../../model/filter';

const SIGNS: Readonly<Record<Condition['operator'], string>> = {
	eq: 'is',
	in: 'is',
	ne: 'is not',
	gt: 'is more than',
	ge: 'is at least',
	lt: 'is less than',
	le: 'is at most',
	contains: 'contains',
	startswith: 'begins with',
	endswith: 'ends with',
};
/** Values named in a sentence; of more, the number is told. */
const NAMED = 8;

/** A filter as people would say it; empty when it selects every record. */
export function filterInWords(filter: Filter): string {
	const parts = [
		...filter.conditions.map(conditionInWords),
		...(filter.groups ?? []).flatMap((group) => {
			const text = filterInWords(group);
			return text === '' ? [] : [`(${text})`];
		}),
	];
	const joined = parts.join(filter.match === 'any' ? ' or ' : ' and ');
	const raw = filter.raw?.trim();
	if (!raw) return joined;
	return joined === '' ? raw : `${filter.match === 'any' && parts.length > 1 ? `(${joined})` : joined} and ${raw}`;
}

function conditionInWords({ field, operator, value }: Condition): string {
	const values = (Array.isArray(value) ? value : [value]) as FieldValue[];
	const named = values.slice(0, NAMED).map(valueInWords);
	const more = values.length > NAMED ? [`${values.length - NAMED} more`] : [];
	return `${field} ${SIGNS[operator]} ${[...named, ...more].join(operator === 'ne' ? ' and not ' : ' or ')}`;
}

function valueInWords(value: FieldValue): string {
	if (value === COMPANY) return 'this company';
	if (value === null || value === '' || value === '_x0020_') return 'blank';
	return typeof value === 'string' && /\s|^$/.test(value) ? `"${value}"` : String(value);
}

import { canonicalJson } from '../model/canonicalJson';
import type { Filter } from '../model/filter';

/** A filter that selects what both select. What the one says already is not said again. */
export function joinedFilter(former: Filter, added: Filter): Filter {
	if (isEmpty(added)) return former;
	if (isEmpty(former)) return added;
	const [one, other] = [asAll(former), asAll(added)];
	const conditions = distinct([...one.conditions, ...other.conditions]);
	const groups = distinct([...(one.groups ?? []), ...(other.groups ?? [])]);
	const raw = distinct([one.raw, other.raw].filter((text) => text !== undefined));
	return {
		conditions,
		...(groups.length > 0 ? { groups } : {}),
		...(raw.length > 0 ? { raw: raw.length === 1 ? raw[0]! : raw.map((text) => `(${text})`).join(' and ') } : {}),
	};
}

const isEmpty = ({ conditions, groups = [], raw }: Filter): boolean => conditions.length === 0 && groups.length === 0 && !raw;

/** Of which any may hold becomes a group; what an expert wrote holds in addition, here as there. */
const asAll = ({ raw, ...filter }: Filter): Filter =>
	filter.match === 'any' ? { conditions: [], groups: [filter], ...(raw ? { raw } : {}) } : { ...filter, ...(raw ? { raw } : {}) };

function distinct<T>(values: readonly T[]): T[] {
	return [...new Map(values.map((value) => [canonicalJson(value), value])).values()];
}

import { keyValues } from '../../model/compositeId';
import { isGuid } from '../../model/guid';
import { literal, encodeOption, type ChunkLimits, type LiteralType } from '../odata/literals';

/** A key property of a page and how its values are written. */
export interface PageKey {
	name: string;
	type: Extract<LiteralType, 'text' | 'number' | 'guid'>;
	/** Characters; a longer value makes Business Central refuse the whole filter. */
	maxLength: number | null;
}

/** The literals of an id, in the order of the keys; null when it cannot be the id of a row of this page, so that there is no such row. */
export function keyLiterals(keys: readonly PageKey[], id: string): string[] | null {
	const values = keyValues(id);
	if (values.length !== keys.length || !keys.every((key, index) => fits(key, values[index]!))) return null;
	return keys.map(({ type }, index) => literal(values[index]!, type, 'businessCentral'));
}

/** Key segment of a row's address: alone, or by name where there are several. Null as `keyLiterals`. */
export function pageKeySegment(keys: readonly PageKey[], id: string): string | null {
	const literals = keyLiterals(keys, id);
	if (literals === null) return null;
	const parts = literals.map((value, index) => (keys.length === 1 ? '' : `${keys[index]!.name}=`) + encodeURIComponent(value));
	return `(${parts.join(',')})`;
}

/**
 * Filters that together select at least the rows with these ids. Business Central joins different properties by `and` only, so each
 * filter asks for all combinations of the values of its ids: rows that belong to none of them come along and are to be left out.
 */
export function idFilters(keys: readonly PageKey[], ids: readonly string[], limits: ChunkLimits): string[] {
	const filters: string[] = [];
	let values = keys.map(() => new Set<string>());
	let conditions = 0;
	let characters = 0;
	const flush = (): void => {
		if (conditions === 0) return;
		const groups = keys.map(({ name }, index) => [...values[index]!].map((value) => `${name} eq ${value}`).join(' or '));
		filters.push(groups.length === 1 ? groups[0]! : groups.map((group) => `(${group})`).join(' and '));
		values = keys.map(() => new Set());
		conditions = characters = 0;
	};
	// Neighbours share their first values, so few combinations are asked for that are no id.
	for (const id of [...ids].sort()) {
		const literals = keyLiterals(keys, id);
		if (literals === null) continue;
		const added = (): Array<[number, string]> => [...literals.entries()].filter(([index, value]) => !values[index]!.has(value));
		const lengthOf = (parts: Array<[number, string]>): number =>
			parts.reduce((sum, [index, value]) => sum + encodeOption(` or ${keys[index]!.name} eq ${value}`).length, 0);
		let parts = added();
		if (conditions + parts.length > limits.conditions || characters + lengthOf(parts) > limits.characters) {
			flush();
			parts = added();
		}
		for (const [index, value] of parts) values[index]!.add(value);
		conditions += parts.length;
		characters += lengthOf(parts);
	}
	flush();
	return filters;
}

/** Where metadata cannot be read: what the names and values of Microsoft's pages tell. */
export const guessedKey = (name: string): PageKey => ({
	name,
	type: /^(Line|Entry)_?No$/i.test(name) ? 'number' : /^SystemId$|Id$/.test(name) ? 'guid' : 'text',
	maxLength: null,
});

function fits({ type, maxLength }: PageKey, value: string): boolean {
	if (type === 'guid') return isGuid(value);
	if (type === 'number') return /^-?\d{1,19}$/.test(value);
	return maxLength === null || value.length <= maxLength;
}

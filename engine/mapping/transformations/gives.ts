import { transformationOf } from './registry';
import type { PassDirection } from '../../model/direction';
import type { FieldMapping } from '../../model/fieldMapping';

/** What the rules of a field make of a value, by direction; nothing where they keep its kind. */
export function givesFor(field: Pick<FieldMapping, 'transform'>): Partial<Record<PassDirection, 'text' | 'number'>> {
	const found: Partial<Record<PassDirection, 'text' | 'number'>> = {};
	for (const way of ['toCrm', 'fromCrm'] as const) {
		for (const { rule } of field.transform?.[way] ?? []) {
			const gives = transformationOf(rule)?.gives;
			if (gives === 'text' || gives === 'number') found[way] = gives;
		}
	}
	return found;
}

import { hash } from 'node:crypto';
import type { PassDirection } from '../model/direction';
import { type FieldMapping } from '../model/fieldMapping';
import type { FieldMark, FieldSet } from '../model/fieldSet';
import type { TableMapping } from '../model/tableMapping';

/** Twelve characters of SHA-256: there are a handful of sets for a mapping in its life. */
const digest = (value: unknown): string => hash('sha256', JSON.stringify(value), 'base64url').slice(0, 12);

/**
 * What the couplings of a mapping are compared with: its enabled fields that have a column on both sides, as far as the systems show them. Fields that are
 * written once have no baseline to compare with. Captions and what says who wins do not count: they change no value.
 */
export function fieldSetOf(mapping: Pick<TableMapping, 'fields' | 'direction'>): FieldSet {
	const fields: Record<string, FieldMark> = {};
	for (const field of mapping.fields) {
		if (!field.enabled || field.bcField === null || field.crmField === null || field.insertOnly) continue;
		fields[field.key] = {
			identity: digest([
				field.bcField,
				field.crmField,
				field.kind,
				field.decimals ?? null,
				field.crmTable ?? null,
				...(field.dayOf ? [field.dayOf] : []),
			]),
			toCrm: crossing(mapping, field, 'toCrm'),
			fromCrm: crossing(mapping, field, 'fromCrm'),
		};
	}
	return { hash: digest(Object.entries(fields).sort(([one], [other]) => (one < other ? -1 : 1))), fields };
}

function crossing({ direction: way }: Pick<TableMapping, 'direction'>, field: FieldMapping, direction: PassDirection): string | null {
	const served = way === 'bidirectional' || way === direction;
	if (!served || (field.direction !== 'bidirectional' && field.direction !== direction)) return null;
	return digest([
		field.transform?.[direction] ?? [],
		direction === 'toCrm' ? (field.crmLength ?? null) : (field.bcLength ?? null),
		field.options ?? [],
		field.mapping ?? null,
		field.blankLeaves === direction,
		field.notNull ?? false,
		field.clearOnFailure ?? false,
	]);
}

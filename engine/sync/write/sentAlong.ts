import type { FieldWrite } from '../decide/decision';
import { fieldOn, type FieldMapping } from '../../model/fieldMapping';
import type { FieldName, FieldValue } from '../../model/record';
import type { PassContext } from '../contract/passContext';
import type { PendingWrite, PlannedWrite } from '../contract/plannedWrite';

/** Fields that the service fills by itself when one of these is written; see `MappingRules.fills`. */
export function filledBy({ direction, rules, fields }: PassContext, written: ReadonlyArray<Pick<FieldWrite, 'field'>>): FieldMapping[] {
	if (direction !== 'fromCrm' || !rules.fills) return [];
	const keys = new Set(written.flatMap(({ field }) => rules.fills![field.key] ?? []));
	return fields.filter(({ key, bcField }) => keys.has(key) && bcField !== null);
}

/**
 * What an update sends besides its own values, so that the service replaces nothing by itself: the fields it would fill, as they stand. Nothing of
 * it is a change; somebody's edit that is still to be delivered stays one.
 */
export function sentAlong(context: PassContext, { item, decision }: PendingWrite): Record<FieldName, FieldValue> {
	if (decision.action !== 'modify' || typeof item.partner === 'string') return {};
	const own = new Set(decision.writes.map(({ field }) => field.key));
	const { values } = item.partner;
	return Object.fromEntries(
		filledBy(context, decision.writes).flatMap((field): Array<[FieldName, FieldValue]> => {
			const name = fieldOn(field, context.target.side)!;
			const value = values[name];
			return own.has(field.key) || value === undefined ? [] : [[name, value]];
		}),
	);
}

/** Values that an update was decided to bring, without those sent along. */
export function withoutSentAlong(
	context: PassContext,
	write: PlannedWrite,
	values: Record<FieldName, FieldValue>,
): Record<FieldName, FieldValue> {
	const along = write.insertion ? {} : sentAlong(context, write);
	return Object.fromEntries(Object.entries(values).filter(([name]) => !(name in along)));
}

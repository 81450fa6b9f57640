import { canonical } from '../../mapping/normalize';
import { isEdited } from '../../mapping/tails';
import { type Coupling, versionOn } from '../../model/coupling';
import type { FieldConflict } from '../../model/fieldConflict';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { plainOf } from '../../mapping/baseline';
import { valueOn } from './decision';

/**
 * Fields of a record that differ from what both sides agreed on last. A field they never agreed on counts when it holds something and the
 * record changed since: that may be what somebody entered.
 */
export function editsOf(fields: readonly FieldMapping[], side: Side, record: SystemRecord, coupling: Coupling): FieldConflict[] {
	const untouched = versionOn(coupling, side) === record.version;
	return entered(fields, side, record).filter(({ field, source }) => {
		const base = coupling.baseline?.[field.key];
		return base ? isEdited(field, side, source, plainOf(base)) : !untouched && canonical(field, side, source) !== '';
	});
}

/** All that people may have entered in a record. */
export const valuesOf = (fields: readonly FieldMapping[], side: Side, record: SystemRecord): FieldConflict[] =>
	entered(fields, side, record).filter(({ field, source }) => canonical(field, side, source) !== '');

/** What was read, as that which a deletion takes away. What was derived is not the record's own. */
const entered = (fields: readonly FieldMapping[], side: Side, record: SystemRecord): FieldConflict[] =>
	fields.flatMap((field) => {
		const value = valueOn(record, field, side);
		return value === undefined || fieldOn(field, side)!.startsWith('@') ? [] : [{ field, source: value, target: null }];
	});

import { SyncError } from '../../model/errors';
import { isEdited } from '../../mapping/tails';
import { plainOf } from '../../mapping/baseline';
import { sourceSide, targetSide } from '../../model/direction';
import { type Side, SYSTEM_NAMES } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import { type Coupling, versionOn } from '../../model/coupling';
import { isOlderVersion } from '../../model/versionOrder';
import { type Decision, type DecisionInput, valueOn } from './decision';
import type { FieldConflict } from '../../model/fieldConflict';

/**
 * A record whose version is older than the one that was synchronized was put back to an earlier state: what stands in it now is nobody's edit. Null
 * where neither record went back, where its values are those that were agreed on, and where a person has said whose values count. Pure.
 */
export function decideRolledBack(input: DecisionInput, coupling: Coupling): Decision | null {
	const { source, partner, options } = input;
	if (options.overwrite || options.rolledBack === 'asEdit') return null;
	const side = sourceSide(options.direction);
	return (
		undone(input, coupling, side, source) ??
		(typeof partner === 'string' ? null : undone(input, coupling, targetSide(options.direction), partner))
	);
}

function undone(input: DecisionInput, coupling: Coupling, side: Side, record: SystemRecord): Decision | null {
	if (!isOlderVersion(record.version, versionOn(coupling, side))) return null;
	const { source, partner, fields } = input;
	const ofSource = side === sourceSide(input.options.direction);
	const changed = fields.flatMap((field): FieldConflict[] => {
		const value = valueOn(record, field, side);
		const base = coupling.baseline?.[field.key];
		if (field.insertOnly || !base || value === undefined || !isEdited(field, side, value, plainOf(base))) return [];
		const other = ofSource ? (typeof partner === 'string' ? null : valueOn(partner, field, targetSide(input.options.direction))) : null;
		const own = valueOn(source, field, sourceSide(input.options.direction)) ?? null;
		return [ofSource ? { field, source: value, target: other ?? null } : { field, source: own, target: value }];
	});
	return changed.length === 0 ? null : { action: 'fail', error: rolledBack(side, changed), conflicts: changed };
}

function rolledBack(side: Side, changed: readonly FieldConflict[]): SyncError {
	const names = changed.map(({ field }) => field.caption).join(', ');
	return new SyncError({
		code: 'ROLLED_BACK',
		errorClass: 'data',
		system: side,
		field: changed[0]!.field.caption,
		message: `The record in ${SYSTEM_NAMES[side]} has an older version than the one that was synchronized: it was put back to an earlier state, so its values of ${names} are not taken for edits.`,
		hint: 'Say whose values count: Couple Records → Synchronize With a Side. If the whole system was restored: Sync Mapping → Settle Restored System.',
	});
}

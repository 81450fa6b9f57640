import { SyncError } from '../../model/errors';
import { sourceSide } from '../../model/direction';
import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { FieldConflict } from '../../model/fieldConflict';
import type { Coupling } from '../../model/coupling';
import type { DecisionInput } from './decision';

/**
 * Which side wins a field that differs: the first synchronization of a coupling has its own direction, later the strategy decides, a field's own before
 * the mapping's.
 */
export function resolveConflict(input: DecisionInput, coupling: Coupling, partner: SystemRecord, field: FieldMapping): Side | 'undecided' {
	const fresh = coupling.baseline?.[field.key] === undefined;
	if (fresh && coupling.initial === 'send') return 'businessCentral';
	if (fresh && coupling.initial === 'get') return 'crm';
	const { conflict, conflictOfRun, direction } = input.options;
	switch (conflictOfRun ? conflict : (field.conflict ?? conflict)) {
		case 'none':
			return 'undecided';
		case 'send':
			return 'businessCentral';
		case 'get':
			return 'crm';
		case 'newest': {
			const [bc, crm] = sourceSide(direction) === 'businessCentral' ? [input.source, partner] : [partner, input.source];
			// Dataverse stamps have whole seconds: both are compared in seconds, and a tie goes to Business Central.
			return Math.floor(Date.parse(crm.modifiedAt) / 1000) > Math.floor(Date.parse(bc.modifiedAt) / 1000) ? 'crm' : 'businessCentral';
		}
	}
}

const captionsOf = (conflicts: readonly FieldConflict[]): string => conflicts.map((conflict) => conflict.field.caption).join(', ');
const HOW_TO_SETTLE =
	'Make the values equal; or let one side win for this record: Couple Records → Synchronize With a Side; or choose who wins such conflicts, for the field or the table mapping in Table Mappings, then Couple Records → Retry.';

/** Values of fields that were added, changed, or out of sight, after the couple was synchronized. */
export const neverAgreed = (conflicts: readonly FieldConflict[]): SyncError =>
	new SyncError({
		code: 'CONFLICT',
		errorClass: 'data',
		system: 'engine',
		field: conflicts[0]!.field.caption,
		message: `${captionsOf(conflicts)} ${conflicts.length === 1 ? 'holds' : 'hold'} different values in both systems, and nobody can tell which counts: the mapping was changed, or did not see ${conflicts.length === 1 ? 'the field' : 'them'}, since the record was synchronized. Its other fields were synchronized.`,
		hint: HOW_TO_SETTLE,
	});

export function conflictError(conflicts: readonly FieldConflict[]): SyncError {
	const names = captionsOf(conflicts);
	return new SyncError({
		code: 'CONFLICT',
		errorClass: 'data',
		system: 'engine',
		field: conflicts[0]!.field.caption,
		message: `${names} ${conflicts.length === 1 ? 'was' : 'were'} changed to different values in both systems since the last synchronization.`,
		hint: HOW_TO_SETTLE,
	});
}

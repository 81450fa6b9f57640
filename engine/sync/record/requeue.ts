import type { PassContext } from '../contract/passContext';
import { type Coupling, idOn, versionOn } from '../../model/coupling';
import { opposite, type PassDirection } from '../../model/direction';
import type { UnresolvedReference } from '../../model/failure';
import type { SystemRecord } from '../../model/record';
import type { OwedValues, RequeuedRecord, RequeueReason } from '../../model/requeued';

/** Makes the next pass of that direction look at a record although nobody changed it, until the record is dealt with; nothing is counted or logged. */
export function requeue(
	{ mapping, recorder }: Pick<PassContext, 'mapping' | 'recorder'>,
	direction: PassDirection,
	sourceId: string,
	reason: RequeueReason,
): RequeuedRecord {
	const common = { mapping: mapping.name, direction, sourceId, reason };
	return { ...common, fields: [], unresolved: [], sourceVersion: null, attempts: 1, since: recorder.now() };
}

/** The record was delivered with values that stand in for what is not coupled yet; the rest of it goes on meanwhile. `known`: how it was requeued before. */
export function requeueDeferred(
	{ mapping, direction, recorder }: Pick<PassContext, 'mapping' | 'direction' | 'recorder'>,
	source: SystemRecord,
	missing: readonly UnresolvedReference[],
	known: RequeuedRecord | undefined,
): RequeuedRecord {
	const before = known?.reason === 'referenceDeferred' ? known : undefined;
	return {
		...requeue({ mapping, recorder }, direction, source.id, 'referenceDeferred'),
		fields: missing.map(({ field }) => field),
		unresolved: missing,
		sourceVersion: source.version,
		...(before ? { attempts: before.attempts + 1, since: before.since } : {}),
	};
}

/**
 * A couple was compared because the mapping's fields changed: the opposite direction is to do its part. Null where it has none. `due`: keys of fields whose
 * values cross otherwise than before in that direction.
 */
export function requeueCompared(
	{ mapping, direction, recorder, target, options }: Pick<PassContext, 'mapping' | 'direction' | 'recorder' | 'target' | 'options'>,
	due: readonly string[],
	coupling: Coupling,
): RequeuedRecord | null {
	if (options.writesSource === false || (due.length === 0 && versionOn(coupling, target.side) !== null)) return null;
	return { ...requeue({ mapping, recorder }, opposite(direction), idOn(coupling, target.side), 'fieldsChanged'), fields: due };
}

/** The record was created without these values of its template; every run tries to deliver them. `known`: how it was requeued before. */
export function requeueOwed(
	{ mapping, direction, recorder }: Pick<PassContext, 'mapping' | 'direction' | 'recorder'>,
	sourceId: string,
	owed: OwedValues,
	known?: RequeuedRecord,
): RequeuedRecord {
	const first = { ...requeue({ mapping, recorder }, direction, sourceId, 'valuesOwed'), owed };
	return known?.owed ? { ...first, attempts: known.attempts + 1, since: known.since } : first;
}

/** What is left of a requeued record whose reason to be looked at at once is settled, or is a failure's matter now: the values and the fields it owes. */
export const stillOwed = (requeued: RequeuedRecord): RequeuedRecord | null =>
	requeued.owed ? { ...requeued, reason: 'valuesOwed' } : requeued.fields.length > 0 ? { ...requeued, reason: 'referenceDeferred' } : null;

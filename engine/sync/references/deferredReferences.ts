import type { ReferenceScope } from './referenceScope';
import { translate } from '../../mapping/translate';
import type { SystemRecord } from '../../model/record';
import type { Failure, UnresolvedReference } from '../../model/failure';

/**
 * Code of the note that a record leaves behind when it was delivered with a stand-in value. The note is kept like a failure that is
 * skipped until what it waits for has been created, but it is none: nothing is counted or logged.
 */
export const DEFERRED_REFERENCE = 'REFERENCE_AWAITED';

/** Fields that are to be delivered once more though nobody changed them, because what they refer to has been created. */
export const fieldsDue = (failure: Failure | undefined): ReadonlySet<string> | undefined =>
	failure?.errorCode === DEFERRED_REFERENCE ? new Set((failure.unresolved ?? []).map(({ field }) => field)) : undefined;

/** What the record, as it is delivered now, still waits for. Pure once the references of its page are prepared. */
export function deferredReferences(
	context: Pick<ReferenceScope, 'fields' | 'references' | 'direction'>,
	source: SystemRecord,
): UnresolvedReference[] {
	const { fields, references, direction } = context;
	if (references.translations.size === 0) return [];
	return fields.flatMap((field) => {
		if (!references.translations.has(field.key) || (field.direction !== 'bidirectional' && field.direction !== direction)) return [];
		const desired = translate(references, direction, field, source);
		if (desired.kind !== 'value' || !desired.waitsFor) return [];
		return [{ field: field.key, caption: field.caption, ...desired.waitsFor }];
	});
}

import type { ReferenceScope } from './referenceScope';
import { translate } from '../../mapping/translate';
import type { SystemRecord } from '../../model/record';
import type { Failure, MissingReference } from '../../model/failure';

/**
 * Code of the note that a record leaves behind when it was delivered with a stand-in value. The note is kept like a failure that is
 * skipped until what it waits for has been created, but it is none: nothing is counted or logged.
 */
export const AWAITED = 'REFERENCE_AWAITED';

/** Fields that are to be delivered once more though nobody changed them, because what they refer to has been created. */
export const owedFields = (failure: Failure | undefined): ReadonlySet<string> | undefined =>
	failure?.errorCode === AWAITED ? new Set((failure.missing ?? []).map(({ field }) => field)) : undefined;

/** What the record, as it is delivered now, still waits for. Pure once the references of its page are prepared. */
export function awaitedBy(context: Pick<ReferenceScope, 'fields' | 'references' | 'direction'>, source: SystemRecord): MissingReference[] {
	const { fields, references, direction } = context;
	if (references.translations.size === 0) return [];
	return fields.flatMap((field) => {
		if (!references.translations.has(field.key) || (field.direction !== 'bidirectional' && field.direction !== direction)) return [];
		const desired = translate(references, direction, field, source);
		if (desired.kind !== 'value' || !desired.waitsFor) return [];
		return [{ field: field.key, caption: field.caption, ...desired.waitsFor }];
	});
}

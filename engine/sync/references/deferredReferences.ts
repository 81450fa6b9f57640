import type { ReferenceScope } from './referenceScope';
import { translate } from '../../mapping/translate';
import type { SystemRecord } from '../../model/record';
import type { UnresolvedReference } from '../../model/failure';
import type { RequeuedRecord } from '../../model/requeued';

/** Fields that are to be delivered once more though nobody changed them, because what they refer to has been created. */
export const fieldsDue = (requeued: RequeuedRecord | undefined): ReadonlySet<string> | undefined => requeued && new Set(requeued.fields);

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

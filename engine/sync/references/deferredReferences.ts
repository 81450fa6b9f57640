import { SyncError } from '../../model/errors';
import { furtherLook } from '../record/requeue';
import type { PassContext } from '../contract/passContext';
import { translate } from '../../mapping/translate';
import type { SystemRecord } from '../../model/record';
import type { Failure, MissingReference } from '../../model/failure';

/**
 * Code of the note that a record leaves behind when it was delivered with a value that does only for now. The note is kept like a failure that is
 * skipped until what it waits for has come into being, but it is none: nothing is counted or logged.
 */
export const AWAITED = 'REFERENCE_AWAITED';

/** Fields that are to be delivered once more though nobody changed them, because what they refer to has come into being. */
export const owedFields = (failure: Failure | undefined): ReadonlySet<string> | undefined =>
	failure?.errorCode === AWAITED ? new Set((failure.missing ?? []).map(({ field }) => field)) : undefined;

/** What the record, as it is delivered now, still waits for. Pure once the references of its page are prepared. */
export function awaitedBy(context: Pick<PassContext, 'fields' | 'references' | 'direction'>, source: SystemRecord): MissingReference[] {
	const { fields, references, direction } = context;
	if (references.translations.size === 0) return [];
	return fields.flatMap((field) => {
		if (!references.translations.has(field.key) || (field.direction !== 'bidirectional' && field.direction !== direction)) return [];
		const desired = translate(references, direction, field, source);
		if (desired.kind !== 'value' || !desired.waitsFor) return [];
		return [{ field: field.key, caption: field.caption, ...desired.waitsFor }];
	});
}

/** The note itself. */
export function noteOf(
	{ mapping, direction, recorder }: Pick<PassContext, 'mapping' | 'direction' | 'recorder'>,
	source: SystemRecord,
	missing: readonly MissingReference[],
	known: Failure | undefined,
): Failure {
	const list = missing.map(({ caption, mapping: name, value }) => `${caption} "${value}" (table mapping ${name})`).join(', ');
	const error = new SyncError({
		code: 'REFERENCE_AWAITED',
		errorClass: 'data',
		system: 'engine',
		message: `The record is delivered except for what is not coupled yet: ${list}.`,
		hint: 'Nothing to do here: couple or synchronize what it refers to, and the next run delivers the rest.',
	});
	const note = furtherLook({ mapping, recorder }, direction, source.id, error);
	return {
		...note,
		skipped: true,
		sourceVersion: source.version,
		missing,
		...(known?.errorCode === AWAITED && known.firstFailedAt ? { firstFailedAt: known.firstFailedAt } : {}),
	};
}

import type { PassContext } from '../contract/passContext';
import { type FieldMapping, fieldOn } from '../../model/fieldMapping';
import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import { canonical, fingerprint } from '../../mapping/normalize';
import type { RecordTemplate } from '../../model/tableMapping';

/**
 * Fingerprint of the target's value when both sides agreed, for a field whose value came from the record's template; undefined for all others.
 * @param sent what the insert carried
 */
export function markOfTemplate(context: PassContext, field: FieldMapping, source: SystemRecord, sent: FieldValue): string | undefined {
	const template = context.templateOf(source);
	const value = template ? valueFor(context, template, field) : undefined;
	const side = context.target.side;
	if (value === undefined || canonical(field, side, value) !== canonical(field, side, sent)) return undefined;
	return fingerprint(field, side, field.direction === context.direction ? sent : null);
}

export function valueFor({ target }: PassContext, template: RecordTemplate, field: FieldMapping): FieldValue | undefined {
	const name = fieldOn(field, target.side);
	const value = field.enabled && name !== null ? template.values[name] : undefined;
	return value === undefined ? undefined : plain(value);
}

/** A field of an additional page, written by a request of its own. */
export const isOnPage = (name: FieldName): boolean => name.includes('/');

export const plain = (value: RecordTemplate['values'][FieldName]): FieldValue =>
	value !== null && typeof value === 'object' ? value.id : value;

import type { PassContext } from '../contract/passContext';
import type { Intent } from '../../model/intent';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { OwedValues } from '../../model/requeued';
import { isOnPage, plain } from './templateMark';

/**
 * Values of additional pages that an interrupted insert was to bring and that no field of the mapping delivers: those of its template. Whether they
 * arrived is not known: what stands there is looked at before they are written.
 */
export function owedByIntent(
	{ mapping, direction, templateOf }: PassContext,
	intent: Intent,
	source: SystemRecord,
): OwedValues | undefined {
	const template = templateOf(source)?.values ?? {};
	const isMapped = (name: string): boolean =>
		mapping.fields.some(
			(field) => field.enabled && field.bcField === name && (field.direction === 'bidirectional' || field.direction === direction),
		);
	const isTemplates = (name: string, value: FieldValue): boolean =>
		template[name] === undefined ? !isMapped(name) : plain(template[name]) === value || !isMapped(name);
	return owedOf(
		Object.entries(intent.values).filter(([name, value]) => isOnPage(name) && isTemplates(name, value)),
		null,
	);
}

/** Undefined where nothing is owed. A blank value is none: a new record is blank there by itself. */
export function owedOf(entries: ReadonlyArray<[string, FieldValue]>, version: string | null): OwedValues | undefined {
	const filled = entries.filter(([, value]) => value !== null && value !== '');
	return filled.length > 0 ? { values: Object.fromEntries(filled), version } : undefined;
}

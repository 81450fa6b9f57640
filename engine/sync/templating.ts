import { canonical, fingerprint } from '../mapping/normalise';
import type { FieldMapping, RecordTemplate } from '../mapping/tableMapping';
import type { FieldName, FieldValue, SystemRecord } from '../systems/system';
import type { Insertion } from './insertion';
import type { PassContext } from './passContext';

/**
 * Puts the values of the record's template over the mapped ones (sync-semantics 10.4; 22.14: before the insert, so nothing is left behind).
 * For the baseline, a template's value is an edit made in the target: a field that travels back takes it to the source, and one that does not is
 * left alone until the source changes.
 */
export function applyTemplates(context: PassContext, insertions: readonly Insertion[]): void {
	for (const insertion of insertions) {
		const template = context.templateOf(insertion.source);
		if (!template) continue;
		Object.assign(insertion.values, template.values);
		for (const field of context.mapping.fields) {
			const value = valueFor(context, template, field);
			if (value === undefined) continue;
			const { key } = field;
			insertion.writes = insertion.writes.filter((write) => write.field.key !== key);
			insertion.left = insertion.left.filter((each) => each !== key);
			insertion.blank = insertion.blank.filter((each) => each !== key);
			if (field.direction === context.direction) insertion.writes.push({ field, value, before: undefined });
			else insertion.blank.push(key);
		}
	}
}

/** Values of the template that are not among the insertion's writes, for what a preview tells. */
export function furtherValues({ target, templateOf }: PassContext, { source, writes }: Insertion): Array<[FieldName, FieldValue]> {
	const told = new Set(writes.map(({ field }) => (target.side === 'crm' ? field.crmField : field.bcField)));
	const values = Object.entries(templateOf(source)?.values ?? {});
	return values.flatMap(([name, value]) => (told.has(name) ? [] : [[name, plain(value)] as [FieldName, FieldValue]]));
}

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

function valueFor({ target }: PassContext, template: RecordTemplate, field: FieldMapping): FieldValue | undefined {
	const name = target.side === 'crm' ? field.crmField : field.bcField;
	const value = field.enabled && name !== null ? template.values[name] : undefined;
	return value === undefined ? undefined : plain(value);
}

const plain = (value: RecordTemplate['values'][FieldName]): FieldValue => (value !== null && typeof value === 'object' ? value.id : value);

import type { PassContext } from '../contract/passContext';
import type { FieldName, FieldValue } from '../../model/record';
import type { Insertion } from '../contract/insertion';
import { owedOf } from '../recover/owedByIntent';
import { isOnPage, plain, valueFor } from '../recover/templateMark';
import type { SystemRecord } from '../../model/record';
import type { OwedValues } from '../../model/requeued';
import { fieldOn } from '../../model/fieldMapping';

/**
 * Puts the values of the record's template over the mapped ones, before the insert, so that no record is left without them.
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
			insertion.untouched = insertion.untouched.filter((each) => each !== key);
			insertion.blank = insertion.blank.filter((each) => each !== key);
			if (field.direction === context.direction) insertion.writes.push({ field, value, before: undefined });
			else insertion.blank.push(key);
		}
	}
}

/** Values of the template that the record, created just now, was not given: their page could not be written. */
export function owedByInsertion({ templateOf }: PassContext, { source }: Insertion, created: SystemRecord): OwedValues | undefined {
	const values = Object.entries(templateOf(source)?.values ?? {}).filter(([name]) => isOnPage(name) && created.values[name] === undefined);
	return owedOf(
		values.map(([name, value]) => [name, plain(value)]),
		created.version,
	);
}

/** Values of the template that are not among the insertion's writes, for what is told of it. */
export function furtherValues({ target, templateOf }: PassContext, { source, writes }: Insertion): Array<[FieldName, FieldValue]> {
	const told = new Set(writes.map(({ field }) => fieldOn(field, target.side)));
	const values = Object.entries(templateOf(source)?.values ?? {});
	return values.flatMap(([name, value]) => (told.has(name) ? [] : [[name, plain(value)] as [FieldName, FieldValue]]));
}

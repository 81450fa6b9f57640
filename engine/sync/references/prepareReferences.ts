import type { RuleContext } from '../../mapping/rules';
import type { ReferenceScope } from './referenceScope';
import type { SystemRecord } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Crossing } from '../../mapping/desired';

/** Loads everything the records refer to, in batches, so that deciding them needs no request. They are the ones that may be translated from now on. */
export async function prepareReferences(
	context: RuleContext & Pick<ReferenceScope, 'fields' | 'rules' | 'references'>,
	records: readonly SystemRecord[],
): Promise<void> {
	const { references, direction, mapping, fields, rules } = context;
	const own = new Map<string, Crossing>();
	for (const field of translatedFields(fields, rules.translations)) {
		own.set(field.key, await rules.translations![field.key]!(context, field, records));
	}
	references.translations = own;
	await references.prepare(direction, mapping, fields, records);
}

const translatedFields = (fields: readonly FieldMapping[], translations: ReferenceScope['rules']['translations']): FieldMapping[] =>
	fields.filter(({ key }) => translations?.[key]);

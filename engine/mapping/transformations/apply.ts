import { SyncError } from '../../model/errors';
import { isBlank } from './blank';
import { checked } from './parameters';
import { transformationOf, TRANSFORMATIONS } from './registry';
import { TransformationProblem } from './transformation';
import type { FieldValue } from '../../model/record';
import { type PassDirection, sourceSide } from '../../model/direction';
import { SYSTEM_NAMES } from '../../model/side';
import type { FieldMapping, TransformationRule } from '../../model/fieldMapping';

type Prepared = (value: FieldValue) => FieldValue;

/** Rules of a mapping that is in use; a mapping loaded anew has new ones. */
const prepared = new WeakMap<TransformationRule, Prepared>();

/** The rules of a field for a direction, in order; most fields have none. */
export const rulesFor = (field: FieldMapping, direction: PassDirection): readonly TransformationRule[] =>
	field.transform?.[direction] ?? [];

/**
 * The rule, ready to be used.
 * @throws TransformationProblem when there is no such rule, or its parameters make no sense
 */
export function prepareRule(rule: TransformationRule): Prepared {
	const known = prepared.get(rule);
	if (known) return known;
	const found = transformationOf(rule.rule);
	if (!found) {
		throw new TransformationProblem(
			`there is no transformation rule "${rule.rule}"`,
			`Choose one of: ${TRANSFORMATIONS.map(({ name }) => name).join(', ')}.`,
		);
	}
	const apply = found.prepare(checked(found.parameters, rule.parameters));
	const ready: Prepared = (value) => (isBlank(value) && !found.seesBlank ? value : apply(value));
	prepared.set(rule, ready);
	return ready;
}

/**
 * A source value as the field's rules make it, one after the other. They are those of one field mapping: another field that
 * reads the same source sees it as it is.
 * @throws SyncError `TRANSFORMATION` (data): the rules cannot be applied to this value
 */
export function transformed(field: FieldMapping, direction: PassDirection, value: FieldValue): FieldValue {
	let current = value;
	for (const rule of rulesFor(field, direction)) {
		try {
			current = prepareRule(rule)(current);
		} catch (error) {
			if (!(error instanceof TransformationProblem)) throw error;
			throw new SyncError({
				code: 'TRANSFORMATION',
				errorClass: 'data',
				system: sourceSide(direction),
				field: field.caption,
				message: `${field.caption}: the transformation rule "${transformationOf(rule.rule)?.caption ?? rule.rule}" cannot be applied: ${error.message}.`,
				hint: `Correct ${field.caption} in ${SYSTEM_NAMES[sourceSide(direction)]}, or the rule in Table Mappings: ${error.hint} The record is tried again when it changes; after another rule with Couple Records → Retry.`,
			});
		}
	}
	return current;
}

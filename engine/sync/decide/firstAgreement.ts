import { canonical } from '../../mapping/normalize';
import { otherSide, type Side } from '../../model/side';
import type { FieldValue } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';

/** Blank, or what a column holds where nobody entered anything: Business Central knows no missing number, and a choice of yes or no begins as no. */
const isUnset = (field: FieldMapping, side: Side, value: FieldValue): boolean => {
	const text = canonical(field, side, value);
	return (
		text === '' || (field.kind === 'boolean' && text === 'false') || ((field.kind === 'number' || field.kind === 'money') && text === '0')
	);
};

/** How the sides stand to each other in a field that a synchronized couple has never agreed on: it was added, or shown, later. */
export function firstAgreement(
	field: FieldMapping,
	source: Side,
	sourceValue: FieldValue,
	targetValue: FieldValue,
): 'bothBlank' | 'sourceBlank' | 'targetBlank' | 'different' {
	const [there, here] = [isUnset(field, source, sourceValue), isUnset(field, otherSide(source), targetValue)];
	if (there) return here ? 'bothBlank' : 'sourceBlank';
	return here ? 'targetBlank' : 'different';
}

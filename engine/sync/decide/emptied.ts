import { canonical, fingerprint } from '../../mapping/normalize';
import type { FieldBaseline } from '../../model/coupling';
import { otherSide, type Side } from '../../model/side';
import type { FieldValue } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import { indexOf, markIn } from '../../mapping/baseline';
import type { FieldWrite } from './decision';

/**
 * Whether a write puts a blank in the place of a value: one that was read, or one that both sides agreed on. A yes or no is never blank. A number is
 * where the source holds none: 0 is a value, for a balance is paid and a stock is sold; Business Central, which has no blank number, gets 0 for one.
 */
export function empties({ field, value, before }: FieldWrite, target: Side, source: FieldValue, base: FieldBaseline | undefined): boolean {
	const blank = isNumber(field)
		? canonical(field, otherSide(target), source) === '' && Number(value ?? 0) === 0
		: canonical(field, target, value) === '';
	if (!blank) return false;
	if (before !== undefined) return !isNothing(field, target, before);
	const mark = base === undefined ? undefined : markIn(base[indexOf(target)]);
	return mark !== undefined && mark !== fingerprint(field, target, null) && !(isNumber(field) && mark === fingerprint(field, target, 0));
}

const isNumber = ({ kind }: FieldMapping): boolean => kind === 'number' || kind === 'money';

/** 0 in the place of a number that is 0 takes nothing away, whatever the other system calls it. */
const isNothing = (field: FieldMapping, side: Side, value: FieldValue): boolean => {
	const text = canonical(field, side, value);
	return text === '' || (isNumber(field) && text === '0');
};

import { SyncError } from '../model/errors';
import { directionFrom } from '../model/direction';
import { type FieldMapping, lengthOn } from '../model/fieldMapping';
import { otherSide, type Side } from '../model/side';
import type { FieldBaseline } from '../model/coupling';
import type { FieldValue } from '../model/record';
import { cutText } from '../model/cutText';
import { canonical, fingerprint, fit, sameValue } from './normalize';
import { transformed } from './transformations/apply';

/**
 * Text that one side cannot hold in full is the same text: what stands behind the cut, the tail, is known to the longer side alone. It is neither an
 * edit nor a conflict, and nothing is written for it. Baselines keep fingerprints of whole values; the tail is left aside where they are compared.
 */

/** Whether the value is text of which the other side holds the beginning only. */
export const isCut = (field: FieldMapping, from: Side, value: FieldValue | undefined): boolean => headOf(field, from, value) !== null;

/** What the other side holds of a text that it cuts, after the field's transformation rules; null where the text crosses as a whole. */
function headOf(field: FieldMapping, from: Side, value: FieldValue | undefined): string | null {
	const length = lengthOn(field, otherSide(from));
	// Most text is short, and this is asked of every value.
	if (!isText(field) || length === undefined || typeof value !== 'string') return null;
	const arriving = arrivingText(field, from, value);
	if (arriving === null || arriving.length <= length) return null;
	return cutText(arriving, length);
}

/** Whether the value was edited since both sides agreed; another tail is no edit. */
export function isEdited(field: FieldMapping, side: Side, value: FieldValue, base: FieldBaseline): boolean {
	const [own, other] = side === 'businessCentral' ? base : [base[1], base[0]];
	if (fingerprint(field, side, value) === own) return false;
	const head = headOf(field, side, value);
	return head === null || fingerprint(field, otherSide(side), head) !== other;
}

export interface ComparedValues {
	/** As the source holds it. */
	source: FieldValue;
	/** What the source's value becomes in the target. */
	desired: FieldValue;
	/** As the target holds it. */
	target: FieldValue;
}

/** Whether the target holds what it is to hold: the value itself, or that value with a tail for which the source has no room. */
export function agrees(field: FieldMapping, source: Side, values: ComparedValues): boolean {
	const target = otherSide(source);
	if (sameValue(field, target, values.desired, values.target)) return true;
	if (!isText(field) || typeof values.target !== 'string' || typeof values.source !== 'string') return false;
	const own = canonical(field, source, values.source);
	const head = headOf(field, target, values.target);
	return (head !== null && canonical(field, source, head) === own) || isLongerBySome(field, source, values);
}

/**
 * The same told from the source's side, for rules that have no way back: had the source room for what stands in the target behind the value, it
 * would become the target's value.
 */
function isLongerBySome(field: FieldMapping, source: Side, values: ComparedValues): boolean {
	const target = otherSide(source);
	const length = lengthOn(field, source);
	const there = canonical(field, target, values.target);
	const tail = there.slice(canonical(field, target, values.desired).length);
	if (length === undefined || tail === '') return false;
	const own = canonical(field, source, values.source);
	const whole = own + tail;
	if (whole.length <= length || cutText(whole, length) !== own) return false;
	const arriving = arrivingText(field, source, whole);
	return arriving !== null && canonical(field, target, fit(field, target, arriving)) === there;
}

/** The text as the field's rules make it on its way to the other side; null where they cannot be applied. */
function arrivingText(field: FieldMapping, from: Side, value: string): string | null {
	try {
		return canonical(field, from, transformed(field, directionFrom(from), value));
	} catch (error) {
		if (error instanceof SyncError) return null;
		throw error;
	}
}

/** Codes are never cut. */
const isText = ({ kind }: FieldMapping): boolean => kind === 'text';

import { SyncError } from '../model/errors';
import { isGuid, ZERO_GUID } from '../model/guid';
import { instantOf } from './days';
import { canonical } from './normalize';
import { otherSide, type Side, SYSTEM_NAMES } from '../model/side';
import type { FieldValue } from '../model/record';
import { type FieldMapping, lengthOn } from '../model/fieldMapping';

const DATE = /^\d{4}-\d{2}-\d{2}(?:T|$)/;

/** Also a day of the calendar: 30 February would be taken for 2 March somewhere on the way. */
function isDate(text: string): boolean {
	if (!DATE.test(text)) return false;
	const day = text.slice(0, 10);
	const at = new Date(`${day}T00:00:00Z`);
	return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
}

/**
 * Why a value cannot be what its field holds, or null when it can. Such a value would otherwise read as blank and empty the field of the other
 * system: a number beyond what numbers hold (JSON's `1e400`), a word where a number stands, a date of the year 10000.
 */
export function implausible(field: FieldMapping, side: Side, value: FieldValue): SyncError | null {
	if (value === null || value === '') return null;
	switch (field.kind) {
		case 'number':
		case 'money':
			return Number.isFinite(Number(value)) ? null : refusal(field, side, value, 'a number');
		case 'date':
			return isDate(String(value)) ? null : refusal(field, side, value, 'a date between the years 0001 and 9999');
		case 'dateTime':
			return isDate(String(value)) && !Number.isNaN(instantOf(value))
				? null
				: refusal(field, side, value, 'a date and time between the years 0001 and 9999');
		case 'code': {
			const length = lengthOn(field, otherSide(side));
			return length !== undefined && canonical(field, side, value).length > length
				? refusal(field, side, value, `a code of at most ${length} characters, which is what ${SYSTEM_NAMES[otherSide(side)]} takes`)
				: null;
		}
		case 'guid':
			return isGuid(canonical(field, side, value) || ZERO_GUID) ? null : refusal(field, side, value, 'an id (GUID)');
		default:
			return null;
	}
}

function refusal(field: FieldMapping, side: Side, value: FieldValue, expected: string): SyncError {
	return new SyncError({
		code: 'VALUE_IMPLAUSIBLE',
		errorClass: 'data',
		system: side,
		field: field.caption,
		message: `${field.caption} holds "${String(value).slice(0, 60)}", which is not ${expected}.`,
		hint: `Correct ${field.caption} in ${SYSTEM_NAMES[side]}; the record is tried again then.`,
	});
}

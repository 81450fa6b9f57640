import { hash } from 'node:crypto';
import { round } from './transformations/numbers';
import { upperCase } from '../model/upperCase';
import { ZERO_GUID } from '../model/guid';
import { otherSide, type Side } from '../model/side';
import type { FieldValue } from '../model/record';
import { type FieldMapping, lengthOn } from '../model/fieldMapping';
import { cutText } from '../model/cutText';
import { BLANK_DATE, BLANK_INSTANT, dayOf, noonOf, secondOf } from './days';

/**
 * The one spelling of a value that fingerprints and comparisons use, so that blanks, letter case of codes, padding of decimals and blank dates
 * are never taken for a change. Blank is the empty string on both sides.
 */
export function canonical(field: FieldMapping, side: Side, value: FieldValue | undefined): string {
	// A choice that was never made reads as no: Business Central knows no third state.
	if (field.kind === 'boolean') return value === true || value === 'true' ? 'true' : 'false';
	if (value === null || value === undefined) return '';
	switch (field.kind) {
		case 'text':
			return String(value).replace(/\r\n?/g, '\n').trim();
		case 'code':
			return upperCase(String(value).trim());
		case 'number':
		case 'money':
			return value === '' ? '' : rounded(Number(value), decimalsOf(field));
		case 'date':
			return dayOf(value, field.dayOf?.[side]);
		case 'dateTime':
			return secondOf(value);
		case 'guid': {
			const id = String(value)
				.trim()
				.replace(/^\{(.*)\}$/, '$1')
				.toLowerCase();
			return id === ZERO_GUID ? '' : id;
		}
		case 'lookup':
		case 'currency':
		case 'owner':
		case 'choice':
			return reference(side, value);
	}
}

/** References are codes on the BC side and ids (lower case) or choice numbers on the CRM side. */
function reference(side: Side, value: FieldValue): string {
	const text = String(value).trim();
	if (side === 'businessCentral') return upperCase(text);
	return text === ZERO_GUID ? '' : text.toLowerCase();
}

function decimalsOf(field: FieldMapping): number {
	return field.decimals ?? (field.kind === 'money' ? 2 : 10);
}

function rounded(value: number, decimals: number): string {
	if (!Number.isFinite(value)) return '';
	return String(round(value, decimals, 'nearest'));
}

/** Blank is by far the most frequent value. */
const BLANK = digest('');

/** 72 bits of SHA-256, base64url: two different values share it with a chance of about 1 in 10^21. */
export function fingerprint(field: FieldMapping, side: Side, value: FieldValue | undefined): string {
	const text = canonical(field, side, value);
	return text === '' ? BLANK : digest(text);
}

function digest(text: string): string {
	// The one-shot function: a Hash object for each value would hold native memory until the collector comes by.
	return hash('sha256', text, 'base64url').slice(0, 12);
}

/** The value as the side can hold it: text cut to its length, decimals rounded, blanks in the side's own spelling. */
export function fit(field: FieldMapping, side: Side, value: FieldValue): FieldValue {
	switch (field.kind) {
		case 'text':
		case 'code': {
			const text = canonical({ ...field, kind: field.kind }, side, value);
			const length = lengthOn(field, side);
			// A code that is cut is another code: one that is too long is refused before (`implausible`).
			const cut = length === undefined || field.kind === 'code' ? text : cutText(text, length);
			// Dataverse spells blank text as null, Business Central as ""
			return cut === '' && side === 'crm' ? null : cut;
		}
		case 'number':
		case 'money': {
			const text = canonical(field, side, value);
			return text === '' ? (side === 'crm' ? null : 0) : Number(text);
		}
		case 'boolean':
			return canonical(field, side, value) === 'true';
		case 'date': {
			// The value comes from the other side, and is read by that side's rule.
			const text = canonical(field, otherSide(side), value);
			const holdsTime = field.dayOf?.[side] !== undefined;
			if (text === '') return side === 'crm' ? null : holdsTime ? BLANK_INSTANT : BLANK_DATE;
			return holdsTime ? noonOf(text) : text;
		}
		case 'dateTime':
			return canonical(field, side, value) || (side === 'crm' ? null : BLANK_INSTANT);
		// As nothing, which Business Central's system knows how to write.
		case 'guid':
			return canonical(field, side, value) || null;
		default:
			return value;
	}
}

/** Whether the side already holds the value that would be written. */
export function sameValue(field: FieldMapping, side: Side, wanted: FieldValue, current: FieldValue | undefined): boolean {
	return canonical(field, side, fit(field, side, wanted)) === canonical(field, side, current);
}

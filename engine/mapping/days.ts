import type { FieldValue } from '../model/record';

/** Business Central has no null: a blank date is this one. */
export const BLANK_DATE = '0001-01-01';
export const BLANK_INSTANT = '0001-01-01T00:00:00Z';

const DAY = 24 * 60 * 60_000;
const ZONED = /(Z|[+-]\d{2}:?\d{2})$/i;

/** Milliseconds since the epoch of a date, or date and time, as services write it; without a zone it is UTC, never that of this machine. NaN for anything else. */
export function instantOf(value: FieldValue): number {
	const text = String(value).trim();
	if (!/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return NaN;
	return Date.parse(text.length === 10 || ZONED.test(text) ? text : `${text}Z`);
}

/** Whole seconds, which is what Dataverse keeps; empty for a blank date. */
export function secondOf(value: FieldValue): string {
	const at = isBlankDate(value) ? NaN : instantOf(value);
	return Number.isNaN(at) ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/**
 * The day of a date, or of a date and time; empty for a blank date. Noon UTC, as days are written, is its own day by either rule.
 * @param rule `midnight`: what people entered is midnight in their zone, anywhere from 11 hours behind UTC to 11 ahead of it
 */
export function dayOf(value: FieldValue, rule: 'utc' | 'midnight' | undefined): string {
	const text = String(value).trim();
	if (isBlankDate(value)) return '';
	if (rule === undefined || text.length === 10) return text.slice(0, 10);
	const at = instantOf(value);
	if (Number.isNaN(at)) return '';
	// The nearest beginning of a day; of noon, which is as far from both, the one before it.
	return new Date(rule === 'midnight' ? at + DAY / 2 - 1 : at).toISOString().slice(0, 10);
}

/** A day as a column for dates and times takes it: noon is the same day in nearly every zone. */
export const noonOf = (day: string): string => `${day}T12:00:00Z`;

const isBlankDate = (value: FieldValue): boolean => value === null || value === '' || String(value).startsWith(BLANK_DATE);

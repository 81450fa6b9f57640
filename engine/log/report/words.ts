import type { FieldValue } from '../../model/record';
import type { PassDirection } from '../../model/direction';

export const count = (value: number): string => value.toLocaleString('en-US');

export const plural = (value: number, one: string, many = `${one}s`): string => `${count(value)} ${value === 1 ? one : many}`;

/** `7 Mar 2026, 09:30` in the zone. */
export const moment = (at: string | number, timeZone: string): string =>
	new Intl.DateTimeFormat('en-GB', {
		timeZone,
		day: 'numeric',
		month: 'short',
		year: 'numeric',
		hour: '2-digit',
		minute: '2-digit',
	}).format(typeof at === 'string' ? Date.parse(at) : at);

/** `7 Mar` or, in periods of up to two days, `09:30`. */
export const tick = (at: number, periodMs: number, timeZone: string): string =>
	new Intl.DateTimeFormat(
		'en-GB',
		periodMs <= 48 * 60 * 60_000 ? { timeZone, hour: '2-digit', minute: '2-digit' } : { timeZone, day: 'numeric', month: 'short' },
	).format(at);

/** `40 minutes`, `5 hours`, `3 days`. */
export function duration(minutes: number): string {
	if (minutes < 90) return plural(Math.max(1, Math.round(minutes)), 'minute');
	const hours = minutes / 60;
	return hours < 48 ? plural(Math.round(hours), 'hour') : plural(Math.round(hours / 24), 'day');
}

export const arrow = (direction: PassDirection | null): string =>
	direction === null ? '' : direction === 'toCrm' ? 'Business Central → CRM' : 'CRM → Business Central';

export const value = (content: FieldValue): string => (content === null || content === '' ? '(blank)' : String(content));

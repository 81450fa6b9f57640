import { SyncError } from '../model/errors';

/** Milliseconds since the epoch. @throws SyncError `STORE_BAD_STAMP` when the text is not a date and time. */
export function stampMs(stamp: string): number {
	const ms = Date.parse(stamp);
	if (Number.isNaN(ms)) {
		throw new SyncError({
			code: 'STORE_BAD_STAMP',
			errorClass: 'setup',
			system: 'store',
			message: `"${stamp}" is not a date and time.`,
			hint: 'Give the time as ISO 8601 in UTC, for instance 2026-01-31T12:00:00Z.',
		});
	}
	return ms;
}

/**
 * The stamp with nine decimals of a second, so that text order is time order. Services leave out trailing zeros
 * (`…:14Z`, `…:14.79Z`), which plain text order would get wrong.
 */
export function stampKey(stamp: string): string {
	const iso = new Date(stampMs(stamp)).toISOString();
	const fraction = /\.(\d+)/.exec(stamp)?.[1] ?? '';
	return `${iso.slice(0, 19)}.${fraction.padEnd(9, '0').slice(0, 9)}Z`;
}

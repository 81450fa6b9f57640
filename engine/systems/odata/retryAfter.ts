import type { HttpResponse } from './transport';

/**
 * Milliseconds of a `Retry-After` header: seconds or an HTTP date (RFC 9110 §10.2.3); null when absent or unreadable. A date is one of the service's clock,
 * which the answer tells as well (`Date`).
 * @param now our own clock, for answers that do not
 */
export function retryAfterMs({ headers }: Pick<HttpResponse, 'headers'>, now: number): number | null {
	const header = headers['retry-after'];
	if (header === undefined) return null;
	const text = header.trim();
	if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
	const at = Date.parse(text);
	const there = Date.parse(headers['date'] ?? '');
	return Number.isNaN(at) ? null : Math.max(0, at - (Number.isNaN(there) ? now : there));
}

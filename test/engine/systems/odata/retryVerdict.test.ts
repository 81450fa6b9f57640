import { retryVerdict } from '../../../../engine/systems/odata/retryVerdict';
import { NoAnswer } from '../../../../engine/systems/odata/transport';

const NOW = Date.parse('2026-03-07T08:00:00Z');
const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers, body: '' });
const verdict = (outcome: ReturnType<typeof answer> | NoAnswer, repeatable: boolean, attempt = 1, random = 0) =>
	retryVerdict({ attempt, repeatable, outcome, now: NOW, random });

describe('a write that may not be sent twice', () => {
	test.each([
		['it never left', new NoAnswer('refused', false), true],
		['its answer was lost', new NoAnswer('reset', true), false],
		['429', answer(429), true],
		['503', answer(503), true],
		['408', answer(408), false],
		['500', answer(500), false],
		['502', answer(502), false],
		['504', answer(504), false],
		['200', answer(200), false],
		['400', answer(400), false],
		['401', answer(401), false],
		['403', answer(403), false],
		['404', answer(404), false],
		['409', answer(409), false],
		['412', answer(412), false],
	])('%s: repeated %#', (_, outcome, repeated) => {
		expect(verdict(outcome, false).repeat).toBe(repeated);
	});
});

describe('a read, or a write with a condition', () => {
	test.each([
		['its answer was lost', new NoAnswer('reset', true), true],
		['408', answer(408), true],
		['500', answer(500), true],
		['502', answer(502), true],
		['504', answer(504), true],
		['400', answer(400), false],
		['404', answer(404), false],
		['409', answer(409), false],
		['412', answer(412), false],
	])('%s: repeated %#', (_, outcome, repeated) => {
		expect(verdict(outcome, true).repeat).toBe(repeated);
	});
});

test('waits grow exponentially, are spread by chance, and end', () => {
	const waits = [1, 2, 3, 4].map((attempt) => verdict(answer(502), true, attempt));
	expect(waits).toEqual([500, 1000, 2000, 4000].map((waitMs) => ({ repeat: true, waitMs })));
	expect(verdict(answer(502), true, 2, 1)).toEqual({ repeat: true, waitMs: 2000 });
	expect(verdict(answer(502), true, 5).repeat).toBe(false);
	expect(verdict(answer(429), false, 9, 1)).toEqual({ repeat: true, waitMs: 60_000 });
	expect(verdict(answer(429), false, 10).repeat).toBe(false);
});

test('Retry-After is obeyed in seconds and as a date; a wish beyond ten minutes is left to the next run', () => {
	expect(verdict(answer(429, { 'retry-after': '17' }), false)).toEqual({ repeat: true, waitMs: 17_000 });
	expect(verdict(answer(503, { 'retry-after': 'Sat, 07 Mar 2026 08:00:30 GMT' }), false)).toEqual({ repeat: true, waitMs: 30_000 });
	expect(verdict(answer(429, { 'retry-after': '3600' }), false).repeat).toBe(false);
	expect(verdict(answer(429, { 'retry-after': 'soon' }), false)).toEqual({ repeat: true, waitMs: 500 });
});

import { sinceOf } from '../../../engine/sync/reading/since';

const NOON = Date.parse('2026-03-07T12:00:00Z');
const HOUR = 3_600_000;
const OVERLAP = 660_000;
const mark = (at: number, clockAheadMs: number | null = 0) => ({
	mapping: 'M',
	side: 'crm' as const,
	stamp: new Date(at).toISOString(),
	clockAheadMs,
});
const iso = (at: number): string => new Date(at).toISOString();

test.each([
	['clocks that go on as they did', mark(NOON), { at: NOON + HOUR, ahead: 0 }, iso(NOON - OVERLAP), false],
	['a second more or less', mark(NOON), { at: NOON + HOUR, ahead: -1_000 }, iso(NOON - OVERLAP), false],
	[
		'the service set back five hours, and passed the watermark since',
		mark(NOON),
		{ at: NOON + HOUR, ahead: -5 * HOUR },
		iso(NOON - 5 * HOUR - OVERLAP),
		true,
	],
	['the service set ahead', mark(NOON), { at: NOON + 9 * HOUR, ahead: 5 * HOUR }, iso(NOON - OVERLAP), false],
	['ours set ahead by a day', mark(NOON), { at: NOON + HOUR, ahead: -24 * HOUR }, iso(NOON - 24 * HOUR - OVERLAP), true],
	['ahead when it was noted, right again', mark(NOON + 5 * HOUR, 5 * HOUR), { at: NOON + HOUR, ahead: 0 }, iso(NOON - OVERLAP), true],
	['a watermark of the future that nothing explains', mark(NOON + 8760 * HOUR, null), { at: NOON, ahead: 0 }, null, true],
	['the same with a clock that stands as it did', mark(NOON + 8760 * HOUR, 0), { at: NOON, ahead: 0 }, null, true],
	['answers without a time', mark(NOON), null, iso(NOON - OVERLAP), false],
])('%s', (_what, watermark, now, stamp, earlier) => {
	expect(sinceOf(watermark, OVERLAP, now, NOON + HOUR)).toEqual({ stamp, earlier });
});

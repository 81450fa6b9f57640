import { canonical, fit } from '../../../engine/mapping/normalize';
import { dayOf, instantOf, noonOf, secondOf } from '../../../engine/mapping/days';
import type { FieldMapping } from '../../../engine/model/fieldMapping';

const date = (dayOfSides: FieldMapping['dayOf']): FieldMapping => ({
	key: 'd',
	caption: 'D',
	bcField: 'd',
	crmField: 'd',
	direction: 'bidirectional',
	kind: 'date',
	enabled: true,
	...(dayOfSides ? { dayOf: dayOfSides } : {}),
});
const ZONES = Array.from({ length: 26 }, (_, index) => index - 11);
const here = process.env['TZ'];
afterEach(() => {
	if (here === undefined) delete process.env['TZ'];
	else process.env['TZ'] = here;
});

test.each(['Pacific/Pago_Pago', 'America/Los_Angeles', 'UTC', 'Europe/Berlin', 'Asia/Kolkata', 'Pacific/Auckland', 'Pacific/Kiritimati'])(
	'the zone of the machine (%s) makes no difference',
	(zone) => {
		process.env['TZ'] = zone;
		for (const rule of ['utc', 'midnight'] as const) {
			expect(dayOf(noonOf('2026-01-31'), rule)).toBe('2026-01-31');
			expect(dayOf('2026-01-31T12:00:00', rule)).toBe('2026-01-31');
			expect(dayOf('2026-01-31', rule)).toBe('2026-01-31');
		}
		expect(instantOf('2026-01-31T00:30:00')).toBe(Date.UTC(2026, 0, 31, 0, 30));
		expect(secondOf('2026-01-31T23:59:59.999')).toBe('2026-01-31T23:59:59Z');
	},
);

test.each(ZONES)('noon UTC, read by either rule, is its own day; midnight %d hours from UTC is that day up to 11 hours east', (hours) => {
	const midnight = new Date(Date.UTC(2026, 0, 31) - hours * 3_600_000).toISOString();
	expect(dayOf(midnight, 'midnight')).toBe(hours <= 11 ? '2026-01-31' : '2026-01-30');
	for (const rule of ['utc', 'midnight'] as const) expect(dayOf('2026-01-31T12:00:00Z', rule)).toBe('2026-01-31');
});

test.each([
	[{ crm: 'utc' }, 'crm', '2026-01-31', '2026-01-31T12:00:00Z'],
	[{ crm: 'midnight' }, 'crm', '2026-01-31', '2026-01-31T12:00:00Z'],
	[{ crm: 'utc' }, 'businessCentral', '2026-01-31T23:30:00Z', '2026-01-31'],
	[{ crm: 'midnight' }, 'businessCentral', '2026-01-30T23:00:00Z', '2026-01-31'],
	[{ businessCentral: 'utc' }, 'businessCentral', '2026-01-31', '2026-01-31T12:00:00Z'],
	[{ businessCentral: 'utc' }, 'businessCentral', null, '0001-01-01T00:00:00Z'],
	[{ businessCentral: 'utc' }, 'crm', '2026-01-31T23:30:00.123Z', '2026-01-31'],
	[{ crm: 'utc' }, 'crm', '0001-01-01', null],
	[{ crm: 'utc' }, 'businessCentral', null, '0001-01-01'],
	[undefined, 'crm', '2026-01-31', '2026-01-31'],
] as const)('%j: into %s goes %s as %s, and fits no other way a second time', (rules, side, value, expected) => {
	const field = date(rules);
	expect(fit(field, side, value)).toBe(expected);
	expect(fit(field, side, expected)).toBe(expected);
});

test('points in time are compared to the second, whatever their spelling', () => {
	const field: FieldMapping = { ...date(undefined), kind: 'dateTime' };
	expect(canonical(field, 'businessCentral', '2026-01-31T10:00:00.987Z')).toBe(canonical(field, 'crm', '2026-01-31T11:00:00+01:00'));
	expect(canonical(field, 'businessCentral', '0001-01-01T00:00:00Z')).toBe(canonical(field, 'crm', null));
	expect(fit(field, 'crm', '0001-01-01T00:00:00Z')).toBeNull();
	expect(fit(field, 'businessCentral', null)).toBe('0001-01-01T00:00:00Z');
});

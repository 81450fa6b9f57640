import { company } from '../products/shop';
import { openVisits, type Visits } from './visits';

let visits: Visits;
beforeEach(async () => {
	visits = await openVisits();
});
afterEach(() => visits.close());

const resource = (No: string, Employment_Date = '0001-01-01') =>
	void company(visits.world).seed('ResourceCard', [
		{ No, Name: `Resource ${No}`, Type: 'Person', Base_Unit_of_Measure: 'HOUR', Employment_Date },
	]);
const employed = (No: string): unknown =>
	company(visits.world)
		.rows('ResourceCard')
		.find((row) => row['No'] === No)!['Employment_Date'];
const both = 'I0 M0 F0 / I0 M0 F0';

describe.each([
	['a date and time of the user’s zone', 'cr1_instant'],
	['a day in the user’s zone', 'cr1_entered'],
	['a date and time without zone', 'cr1_wall'],
])('a day into %s', (_what, crmField) => {
	test('is noon UTC there, and the same day again when it comes back', async () => {
		resource('R1', '2026-01-31');
		resource('R2');
		const warnings = await visits.save([{ bcField: 'Employment_Date', crmField, direction: 'bidirectional' }]);
		expect(warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining('noon UTC'));
		expect(await visits.run()).toBe('I2 M0 F0 / I0 M0 F0');
		expect(visits.rows().map((row) => row[crmField] ?? null)).toEqual(['2026-01-31T12:00:00Z', null]);
		expect(await visits.run()).toBe(both);
		const [first] = visits.rows();
		visits.change(first!['cr1_visitid'], { [crmField]: '2026-02-28T12:00:00Z' });
		expect(await visits.run()).toBe('I0 M0 F0 / I0 M1 F0');
		expect(employed('R1')).toBe('2026-02-28');
		visits.change(first!['cr1_visitid'], { [crmField]: null });
		expect(await visits.run()).toBe('I0 M0 F0 / I0 M1 F0');
		expect(employed('R1')).toBe('0001-01-01');
	});

	test('another time of the same day is no edit', async () => {
		resource('R1', '2026-01-31');
		await visits.save([{ bcField: 'Employment_Date', crmField, direction: 'bidirectional' }]);
		await visits.run();
		visits.change(visits.rows()[0]!['cr1_visitid'], { [crmField]: '2026-01-31T10:15:00Z' });
		expect(await visits.run()).toBe(both);
		expect(employed('R1')).toBe('2026-01-31');
	});
});

test.each([-11, -8, -3.5, -1, 0, 1, 2, 5.5, 9, 11])(
	'a day that somebody enters %s hours from UTC, which the service keeps as midnight there, is that day',
	async (hours) => {
		await visits.save([{ bcField: 'Employment_Date', crmField: 'cr1_entered', direction: 'bidirectional' }]);
		resource('R1', '2026-01-15');
		await visits.run();
		const midnight = new Date(Date.UTC(2026, 1, 28) - hours * 3_600_000).toISOString();
		visits.change(visits.rows()[0]!['cr1_visitid'], { cr1_entered: midnight });
		expect(await visits.run()).toBe('I0 M0 F0 / I0 M1 F0');
		expect(employed('R1')).toBe('2026-02-28');
	},
);

test('a column of days takes the day', async () => {
	resource('R1', '2026-01-31');
	await visits.save([{ bcField: 'Employment_Date', crmField: 'cr1_day', direction: 'bidirectional' }]);
	expect(await visits.run()).toBe('I1 M0 F0 / I0 M0 F0');
	expect(visits.rows()[0]!['cr1_day']).toBe('2026-01-31');
	visits.change(visits.rows()[0]!['cr1_visitid'], { cr1_day: '2026-03-01' });
	expect(await visits.run()).toBe('I0 M0 F0 / I0 M1 F0');
	expect(employed('R1')).toBe('2026-03-01');
});

test('a date with time crosses as date with time; its day only into a column of days', async () => {
	const { id } = company(visits.world).insert('customers', { displayName: 'Adatum' });
	const at = String(company(visits.world).get('customers', String(id))!['lastModifiedDateTime']);
	const warnings = await visits.save([], {
		businessCentral: { table: 'customers' },
		direction: 'toCrm',
		fields: [
			{ bcField: 'displayName', crmField: 'cr1_name', direction: 'toCrm' },
			{ bcField: 'lastModifiedDateTime', crmField: 'cr1_instant', direction: 'toCrm' },
			{ bcField: 'lastModifiedDateTime', crmField: 'cr1_wall', direction: 'toCrm' },
			{ bcField: 'lastModifiedDateTime', crmField: 'cr1_day', direction: 'toCrm' },
		],
	});
	expect(warnings.map(({ message }) => message)).toContainEqual(expect.stringContaining('only the day of lastModifiedDateTime travels'));
	expect(await visits.run()).toBe('I1 M0 F0');
	const second = `${at.slice(0, 19)}Z`;
	expect(visits.rows()[0]).toMatchObject({ cr1_instant: second, cr1_wall: second, cr1_day: at.slice(0, 10) });
	expect(await visits.run()).toBe('I0 M0 F0');
});

test.each([
	['cr1_instant', '2026-01-31', '2026-01-31T12:00:00Z'],
	['cr1_instant', '2026-01-31T08:30:00Z', '2026-01-31T08:30:00Z'],
	['cr1_day', '2026-01-31', '2026-01-31'],
])('a constant for %s: %s', async (crmField, constant, kept) => {
	resource('R1');
	await visits.save([{ bcField: null, crmField, constant, direction: 'toCrm' }]);
	expect(await visits.run()).toBe('I1 M0 F0 / I0 M0 F0');
	expect(visits.rows()[0]![crmField]).toBe(kept);
});

import type { Case, Topic } from './expectation';

/** A date of a Business Central record and what happens to it in a column of CRM that holds days. */
export interface DateCase extends Case {
	/** As Business Central sends it. */
	sent: unknown;
	/** As CRM holds it afterwards; absent where the case is an error. */
	becomes?: string | null;
}

const works = (
	what: string,
	sent: unknown,
	becomes: string | null,
	how = 'it is the same day on both sides, whatever the time zone',
): DateCase => ({
	what,
	sent,
	becomes,
	expect: { works: how },
});
const implausible = (what: string, sent: unknown): DateCase => ({
	what,
	sent,
	expect: { errorClass: 'data', code: 'VALUE_IMPLAUSIBLE', message: 'is not a date' },
});
const refused = (what: string, sent: unknown): DateCase => ({
	what,
	sent,
	expect: { errorClass: 'data', code: 'CRM_REFUSED', message: 'Dataverse answered 400' },
});

export const dates: Topic<DateCase> = {
	title: 'Dates at their limits',
	cases: [
		works('an ordinary day', '2026-03-07', '2026-03-07'),
		works('a leap day', '2024-02-29', '2024-02-29'),
		works('the night in which an hour is missing (summer time begins)', '2026-03-29', '2026-03-29'),
		works('the night in which an hour comes twice (summer time ends)', '2026-10-25', '2026-10-25'),
		works('a point in time, late in the evening of UTC', '2026-03-07T23:59:59Z', '2026-03-07'),
		works(
			'a point in time of the service with an hour of its own',
			'2026-03-08T00:30:00+01:00',
			'2026-03-08',
			'the day counts as it is written',
		),
		works("Business Central's blank date, 0001-01-01", '0001-01-01', null, 'it is blank (null) in CRM'),
		works('its blank point in time', '0001-01-01T00:00:00Z', null, 'it is blank (null) in CRM'),
		works('null', null, null, 'it is blank (null) in CRM'),
		works('an empty text', '', null, 'it is blank (null) in CRM'),
		works('the last day of the calendar, 9999-12-31', '9999-12-31', '9999-12-31', 'it arrives'),
		works("the first day CRM's calendar knows, 1753-01-01", '1753-01-01', '1753-01-01', 'it arrives'),
		refused('a day before 1753, which CRM does not know', '1752-12-31'),
		implausible('a day that does not exist, 30 February', '2026-02-30'),
		implausible('the year 10000', '10000-01-01'),
		implausible('the year 10000 as JavaScript writes it', '+010000-01-01T00:00:00Z'),
		implausible('month 13', '2026-13-01'),
		implausible('day 0', '2026-01-00'),
		implausible('day and month the other way round', '31.12.2026'),
		works('the day that a leap year of a century has, 29 February 2000', '2000-02-29', '2000-02-29'),
		implausible('the day that a century without a leap year lacks, 29 February 1900', '1900-02-29'),
		works('the last hour of a year in a zone ahead', '2027-01-01T00:30:00+14:00', '2027-01-01', 'the day counts as it is written'),
		works('the last hour of a year in a zone behind', '2026-12-31T23:30:00-11:00', '2026-12-31', 'the day counts as it is written'),
		implausible('31 June', '2026-06-31'),
		implausible('a date with a blank in it', '2026-03- 7'),
		implausible('a date without hyphens', '20260307'),
		implausible('yes', true),
		implausible('a word', 'tomorrow'),
		implausible('a number', 20_260_307),
		implausible('a year before the first', '-0001-01-01'),
	],
};

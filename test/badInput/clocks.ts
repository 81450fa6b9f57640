import type { Case, Topic } from './expectation';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A clock that is wrong, or is set while everything runs. Milliseconds. */
export interface ClockCase extends Case {
	/** How far the clock of n8n's machine jumps, and when. */
	jump?: { by: number; when: 'between two runs' | 'in the middle of a run' };
	/** How far the clock of a service is ahead (or, negative, behind) all the time. */
	skew?: { businessCentral?: number; crm?: number };
}

const works = (what: string, change: Pick<ClockCase, 'jump' | 'skew'>): ClockCase => ({
	what,
	...change,
	expect: { works: 'every edit arrives, none twice' },
});

export const clocks: Topic<ClockCase> = {
	title: 'Clocks that are wrong',
	cases: [
		works("n8n's clock is set back by a day between two runs", { jump: { by: -DAY, when: 'between two runs' } }),
		works("n8n's clock is set forward by ten years between two runs", { jump: { by: 10 * YEAR, when: 'between two runs' } }),
		works("n8n's clock is set back by an hour in the middle of a run (summer time ends)", {
			jump: { by: -HOUR, when: 'in the middle of a run' },
		}),
		works("n8n's clock is set back by a year in the middle of a run", { jump: { by: -YEAR, when: 'in the middle of a run' } }),
		works("n8n's clock is set forward by a day in the middle of a run", { jump: { by: DAY, when: 'in the middle of a run' } }),
		works("Business Central's clock is an hour ahead", { skew: { businessCentral: HOUR } }),
		works("Business Central's clock is a year behind", { skew: { businessCentral: -YEAR } }),
		works("CRM's clock is a year ahead", { skew: { crm: YEAR } }),
		works('both clocks are wrong, in opposite directions', { skew: { businessCentral: DAY, crm: -DAY } }),
	],
};

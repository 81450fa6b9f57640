import { failingMappings, gatherReport, needsAttention, overdue, waiting } from './gather';
import { renderPage } from './page';
import { renderSummary } from './summary';
import type { ReportRequest } from './types';

export type { ReportRequest } from './types';

export interface Report {
	html: string;
	/** The same in a few plain lines. */
	summary: string;
	from: string;
	to: string;
	/** Jobs of the period. */
	jobs: number;
	/** Times that records failed in the period: the sum of the jobs' counters. */
	failed: number;
	/** Records that somebody has to look at now, skipped ones included, and mappings that cannot run. */
	needsAttention: number;
	/** Names of mappings whose last run could not be carried out: credentials, privileges, a missing page or field, a service out of reach. */
	mappingsFailing: string[];
	/** Of these, the ones that are left alone. */
	skipped: number;
	/** Records that did not fail and are looked at again by themselves: by the next run, or once what they refer to is coupled. */
	waiting: number;
	/** Names of mappings that have not run for longer than twice their interval. */
	overdue: string[];
}

/** What happened in a period, and what is to be done, as a page to read or to mail. Reads only the store. */
export async function renderReport(request: ReportRequest): Promise<Report> {
	const data = await gatherReport(request);
	return {
		html: renderPage(data),
		summary: renderSummary(data),
		from: data.from,
		to: data.to,
		jobs: data.totals.jobs,
		failed: data.totals.failed,
		needsAttention: needsAttention(data),
		mappingsFailing: failingMappings(data).map(({ mapping }) => mapping),
		skipped: data.skipped.total,
		waiting: waiting(data),
		overdue: overdue(data).map(({ mapping }) => mapping),
	};
}

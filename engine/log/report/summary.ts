import { failingMappings, openRecords, overdue } from './gather';
import { verdictText, waitingText } from './page';
import type { AttentionRow, ReportData } from './types';
import { count, duration, plural } from './words';

/** Records named in the text. */
const NAMED = 10;

/** The report in a few plain lines, for a chat message or the text part of a mail. */
export function renderSummary(data: ReportData): string {
	const { totals } = data;
	const named = [...data.failing.rows, ...data.skipped.rows].slice(0, NAMED);
	const waits = waitingText(data);
	const lines = [
		verdictText(data).text,
		...(waits === null ? [] : [waits]),
		`${plural(totals.jobs, 'job')}: ${count(totals.inserted)} created, ${count(totals.modified)} changed, ${count(totals.deleted)} deleted, ${count(totals.failed)} failed.`,
		...failingMappings(data).map(({ caption, failing }) => `${caption} cannot run: ${oneLine(failing!)}`),
		...overdue(data).map(
			({ caption, intervalMinutes }) => `${caption} has not run for longer than twice its interval of ${duration(intervalMinutes!)}.`,
		),
		...named.map((row) => `- ${recordName(row)} (${row.mapping}): ${oneLine(row.message)}`),
	];
	const unnamed = openRecords(data) - named.length;
	return [...lines, ...(unnamed > 0 ? [`- and ${count(unnamed)} more`] : [])].join('\n');
}

function recordName({ businessCentral, crm }: AttentionRow): string {
	const ref = businessCentral ?? crm;
	return oneLine([ref?.number, ref?.name].filter(Boolean).join(' ') || (ref?.id ?? 'record'));
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

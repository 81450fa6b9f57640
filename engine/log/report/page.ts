import { html, type Html } from './escape';
import { failingMappings, openRecords, overdue, waiting } from './gather';
import { waitsForReferences } from '../../model/requeued';
import { chart, failing, mappings, overwritten, reasons, skipped, warnings } from './sections';
import { as, SHEET, type Role } from './style';
import { triggers } from './triggerSection';
import type { ReportData } from './types';
import { count, duration, moment, plural } from './words';

/** The report as one page that needs nothing else: no script, no picture, no address to load anything from. */
export function renderPage(data: ReportData): string {
	const { timeZone } = data;
	const page = html`<!DOCTYPE html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width,initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<meta name="supported-color-schemes" content="light dark" />
				<title>${data.title}</title>
				<style>
					${SHEET}
				</style>
			</head>
			<body ${as('page')}>
				<div ${as('page')}>
					<div ${as('wrap')}>
						<h1 ${as('h1')}>${data.title}</h1>
						<p ${as('muted', 'margin:2px 0 0')}>${moment(data.from, timeZone)} – ${moment(data.to, timeZone)} (${timeZone})</p>
						${verdict(data)}${late(data)}${cards(data)}${waits(data)} ${failing(data.failing, timeZone)}${skipped(data.skipped, timeZone)}
						${chart(data)}${mappings(data)}${triggers(data.triggers)}${reasons(data.reasons)}${overwritten(data.overwritten, timeZone)}${warnings(data.warnings)}
						<p ${as('foot')}>
							Written ${moment(data.now, timeZone)} by Read Sync Log of n8n-nodes-dynamics365-sync. “Now” figures (records that need
							someone, skipped, overdue) are of that moment; all others are of the period.
						</p>
					</div>
				</div>
			</body>
		</html>`;
	return page.text;
}

/** The one sentence a reader in a hurry needs. */
export function verdictText(data: ReportData): { good: boolean; text: string } {
	const open = openRecords(data);
	const broken = failingMappings(data);
	if (broken.length > 0) {
		const which = `${plural(broken.length, 'table mapping')} cannot run: ${broken.map(({ caption }) => caption).join(', ')}.`;
		return { good: false, text: open > 0 ? `${which} ${plural(open, 'record needs', 'records need')} someone.` : which };
	}
	if (open > 0) {
		const alone = data.skipped.total;
		const left =
			alone === 0
				? ''
				: alone < open
					? `, ${count(alone)} of them left alone`
					: open === 1
						? ', and is left alone'
						: ', and all are left alone';
		return { good: false, text: `${plural(open, 'record needs', 'records need')} someone${left}${alone === 0 ? '' : ' until then'}.` };
	}
	if (data.totals.jobs === 0) return { good: false, text: 'Nothing ran in this period.' };
	if (data.totals.broken > 0)
		return { good: false, text: `No record needs anyone, but ${plural(data.totals.broken, 'job')} did not come to an end.` };
	const waiting = data.recovering > 0 ? ` ${plural(data.recovering, 'record is', 'records are')} tried again by the next run.` : '';
	return { good: true, text: `All is well: no record needs anyone.${waiting}` };
}

/** What waits and needs nobody, in one sentence; null when nothing does. */
export function waitingText(data: ReportData): string | null {
	if (waiting(data) === 0) return null;
	const deferred = data.waiting.filter(waitsForReferences);
	const soon = data.waiting.filter((each) => !waitsForReferences(each));
	const sum = (list: ReportData['waiting']): number => list.reduce((total, { records }) => total + records, 0);
	const names = [...new Set(deferred.map(({ mapping }) => mapping))].join(', ');
	const parts = [
		...(deferred.length > 0 ? [`${count(sum(deferred))} for records they refer to, to be coupled first (${names})`] : []),
		...(soon.length > 0 ? [`${count(sum(soon))} for the next run`] : []),
	];
	return `${plural(waiting(data), 'record waits', 'records wait')} and need${waiting(data) === 1 ? 's' : ''} no one: ${parts.join(', ')}.`;
}

function waits(data: ReportData): Html | null {
	const text = waitingText(data);
	return text === null ? null : html`<p ${as('muted')}>${text}</p>`;
}

function verdict(data: ReportData): Html {
	const { good, text } = verdictText(data);
	return html`<div ${as(good ? 'goodBox' : 'badBox')}><strong>${text}</strong></div>`;
}

function late(data: ReportData): Html[] {
	return overdue(data).map(({ caption, last, intervalMinutes }) => {
		const since = (Date.parse(data.now) - Date.parse(last!.at)) / 60_000;
		return html`<div ${as('warnBox')}>
			${caption} has not run for ${duration(since)}, although it should run every ${duration(intervalMinutes!)}. Is its workflow active?
		</div>`;
	});
}

function cards({ totals, failing: open, skipped: alone, recovering, overwritten: lost }: ReportData): Html {
	const card = (figure: number, words: string, role: Role = 'big'): Html =>
		html`<td ${as('card')}><span ${as(role)}>${count(figure)}</span><span ${as('muted')}>${words}</span></td>`;
	return html`<table role="presentation" ${as('cards')}>
		<tr>
			${card(totals.inserted, 'records created')}${card(totals.modified + totals.deleted, 'records changed or deleted')}${card(totals.coupled + totals.uncoupled, 'coupled or uncoupled')}${card(lost.total, 'values overwritten')}
		</tr>
		<tr>
			${card(open.total, 'failing now', open.total > 0 ? 'bigBad' : 'big')}${card(alone.total, 'skipped now', alone.total > 0 ? 'bigBad' : 'big')}${card(recovering, 'recovering by themselves')}${card(totals.jobs, totals.broken > 0 ? `jobs, ${count(totals.broken)} cut short` : 'jobs')}
		</tr>
	</table>`;
}

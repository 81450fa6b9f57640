import { type Html, html, isWebAddress, name } from './escape';
import { as } from './style';
import type { AttentionRow, List, MappingFigures, OverwrittenRow, Reason, ReportData, Stretch } from './types';
import { arrow, count, duration, moment, plural, tick, value } from './words';
import type { LogField, LogRecordRef } from '../../model/logEntry';

const heading = (text: string, lead: string): Html =>
	html`<h2 ${as('h2')}>${text}</h2>
		<p ${as('lead')}>${lead}</p>`;

const cell = (label: string, content: Html | string): Html => html`<td ${as('td')} data-label="${label}">${content}</td>`;

const number = (label: string, figure: number, bad = false): Html =>
	html`<td ${as('number')} data-label="${label}">
		<span ${as(figure === 0 ? 'zero' : bad ? 'badText' : 'figure')}>${count(figure)}</span>
	</td>`;

const table = (columns: ReadonlyArray<string | { number: string }>, rows: readonly Html[]): Html =>
	html`<table role="table" ${as('table')}>
		<thead>
			<tr>
				${columns.map((column) => (typeof column === 'string' ? html`<th ${as('th')}>${column}</th>` : html`<th ${as('thNumber')}>${column.number}</th>`))}
			</tr>
		</thead>
		<tbody>
			${rows}
		</tbody>
	</table>`;

const more = (list: List<unknown>): Html | null =>
	list.total > list.rows.length
		? html`<p ${as('muted')}>
				${count(list.total - list.rows.length)} more are not listed here. Read Sync Log with the operation Get Errors lists them all.
			</p>`
		: null;

/** The record with its number and name, linked where it can be opened. */
function record(ref: LogRecordRef | null): Html {
	if (!ref) return html`<span ${as('muted')}>not there</span>`;
	const words = [ref.number, ref.name].filter((word) => word !== '').join(' ') || ref.id;
	return isWebAddress(ref.url)
		? html`<a ${as('link')} href="${ref.url}" rel="noopener noreferrer" target="_blank">${name(words)}</a>`
		: name(words);
}

const fieldList = (fields: readonly LogField[]): Html | null =>
	fields.length === 0
		? null
		: html`<span ${as('hint')}
				>${fields.map((field, index) => html`${index > 0 ? html`<br />` : null}${field.name}: ${name(value(field.businessCentral))} in Business Central, ${name(value(field.crm))} in CRM`)}</span
			>`;

/** Runs over time: a table, because mail clients show no drawings. */
export function chart(data: ReportData): Html {
	const highest = Math.max(1, ...data.stretches.map(({ delivered, failed }) => delivered + failed));
	const length = data.stretches[0]!.to - data.stretches[0]!.from;
	const period = length * data.stretches.length;
	const slots = data.stretches.map(
		(stretch) => html`<td ${as('slot')} title="${titleOf(stretch, length, data.timeZone)}">${bars(stretch, highest)}</td>`,
	);
	const step = Math.max(1, Math.ceil(data.stretches.length / 7));
	const ticks: Html[] = [];
	for (let index = 0; index < data.stretches.length; index += step) {
		const span = Math.min(step, data.stretches.length - index);
		ticks.push(html`<td ${as('axis')} colspan="${span}">${tick(data.stretches[index]!.from, period, data.timeZone)}</td>`);
	}
	return html`${heading('Runs over time', `Each column is ${duration(length / 60_000)}: records delivered, with failed ones in red on top. A grey line means runs without changes, no line no runs. The highest column is ${plural(highest, 'record')}.`)}
		<table role="img" aria-label="Records delivered and failed over time" ${as('chart')}>
			<tr>
				${slots}
			</tr>
			<tr>
				${ticks}
			</tr>
		</table>`;
}

const titleOf = (stretch: Stretch, length: number, timeZone: string): string =>
	`${moment(stretch.from, timeZone)} (${duration(length / 60_000)}): ${plural(stretch.jobs, 'job')}, ${count(stretch.delivered)} delivered, ${count(stretch.failed)} failed${stretch.broken > 0 ? `, ${plural(stretch.broken, 'job')} did not come to an end` : ''}`;

function bars({ jobs, delivered, failed, broken }: Stretch, highest: number): Html | null {
	if (jobs === 0) return null;
	const height = (records: number): number => (records === 0 ? 0 : Math.max(3, Math.round((records * 88) / highest)));
	const bar = (role: 'bar' | 'badBar' | 'idle', pixels: number): Html => html`<div ${as(role, `height:${pixels}px`)}>&nbsp;</div>`;
	if (delivered + failed === 0) return bar(broken > 0 ? 'badBar' : 'idle', 3);
	return html`${failed > 0 ? bar('badBar', height(failed)) : null}${delivered > 0 ? bar('bar', height(delivered)) : null}`;
}

export function mappings(data: ReportData): Html {
	const rows = data.mappings.map(
		(figures) =>
			html`<tr>
				${cell('Mapping', html`<strong>${figures.caption}</strong>`)}${cell('Last run', lastRun(figures, data))}${number('Jobs', figures.jobs)}${number('Created', figures.counters.inserted)}${number('Changed', figures.counters.modified)}${number('Deleted', figures.counters.deleted)}${number('Coupled', figures.counters.coupled)}${number('Skipped', figures.counters.skipped)}${number('Failed', figures.counters.failed, true)}
			</tr>`,
	);
	const columns = [
		'Mapping',
		'Last run',
		...['Jobs', 'Created', 'Changed', 'Deleted', 'Coupled', 'Skipped', 'Failed'].map((each) => ({ number: each })),
	];
	return html`${heading('Mappings', 'What the runs of the period did, in both directions together, and when each mapping ran last.')}${rows.length === 0 ? html`<p ${as('muted')}>No mapping has run yet.</p>` : table(columns, rows)}`;
}

function lastRun({ last, intervalMinutes, overdue }: MappingFigures, data: ReportData): Html {
	const usual = intervalMinutes === null ? null : html`<span ${as('hint')}>usually every ${duration(intervalMinutes)}</span>`;
	const late = overdue ? html` <span ${as('badBadge')}>overdue</span>` : null;
	const badge =
		last!.status === 'finished' ? null : html` <span ${as(last!.status === 'running' ? 'badge' : 'warnBadge')}>${last!.status}</span>`;
	return html`${moment(last!.at, data.timeZone)}${badge}${late}${usual}`;
}

export function reasons(list: readonly Reason[]): Html | null {
	if (list.length === 0) return null;
	const rows = list.map(
		(reason) =>
			html`<tr>
				${cell('Reason', html`<strong>${breakable(reason.code)}</strong> ${kindOf(reason)}<span ${as('hint')}>${reason.mappings.join(', ')}</span>`)}${cell('What to do', html`${name(reason.message)}<span ${as('hint')}>${reason.hint}</span>`)}${number('Records', reason.records)}${number('Times', reason.entries)}
			</tr>`,
	);
	return html`${heading('Why records failed', 'All failures of the period by reason, with an example and the remedy. Most frequent first.')}${table(['Reason', 'Example, and what to do', { number: 'Records' }, { number: 'Times' }], rows)}`;
}

/** Long codes break at their underscores. */
const breakable = (code: string): Html[] => code.split('_').map((part, index) => (index === 0 ? html`${part}` : html`_<wbr />${part}`));

const kindOf = ({ errorClass }: Reason): Html => {
	if (errorClass === 'transient') return html`<span ${as('badge')}>passes by itself</span>`;
	return errorClass === 'setup' ? html`<span ${as('badBadge')}>set-up</span>` : html`<span ${as('warnBadge')}>data</span>`;
};

export function failing(list: List<AttentionRow>, timeZone: string): Html | null {
	return attention(
		list,
		timeZone,
		'Records that need someone',
		'They fail in each run until somebody changes something. Both records open from here.',
	);
}

export function skipped(list: List<AttentionRow>, timeZone: string): Html | null {
	return attention(
		list,
		timeZone,
		'Skipped records',
		'Failed twice for the same reason, and are left alone until one of the two records changes or somebody chooses Retry in the node Couple Records.',
	);
}

function attention(list: List<AttentionRow>, timeZone: string, title: string, lead: string): Html | null {
	if (list.total === 0) return null;
	const rows = list.rows.map(
		(row) =>
			html`<tr>
				${cell('Mapping', html`${row.mapping}<span ${as('hint')}>${row.directions.map((direction, index) => html`${index > 0 ? html`<br />` : null}${arrow(direction)}`)}</span>`)}${cell('Business Central', record(row.businessCentral))}${cell('CRM', record(row.crm))}${cell('What is wrong', html`${name(row.message)}${fieldList(row.fields)}<span ${as('hint')}>${row.hint}</span>`)}${cell('Since', moment(row.since, timeZone))}
			</tr>`,
	);
	return html`${heading(`${title} (${count(list.total)})`, lead)}${table(['Mapping', 'Business Central', 'CRM', 'What is wrong, and what to do', 'Since'], rows)}${more(list)}`;
}

export function overwritten(list: List<OverwrittenRow>, timeZone: string): Html | null {
	if (list.total === 0) return null;
	const rows = list.rows.map(
		(row) =>
			html`<tr>
				${cell('When', moment(row.at, timeZone))}${cell('Business Central', record(row.businessCentral))}${cell('CRM', record(row.crm))}${cell('Values', html`${row.direction === 'toCrm' ? 'Business Central won.' : 'CRM won.'}${fieldList(row.fields)}`)}
			</tr>`,
	);
	return html`${heading(`Overwritten values (${count(list.total)})`, 'The same field was changed in both systems, and the chosen strategy decided. Both values are kept here in case the other one was right.')}${table(['When', 'Business Central', 'CRM', 'Values'], rows)}${more(list)}`;
}

export function warnings(list: ReportData['warnings']): Html | null {
	if (list.rows.length === 0) return null;
	const rows = list.rows.map(
		(warning) =>
			html`<tr>
				${cell('Mapping', warning.mapping)}${cell('Warning', name(warning.message))}${number('Times', warning.times)}
			</tr>`,
	);
	return html`${heading('Warnings', 'What runs met without failing.')}${table(['Mapping', 'Warning', { number: 'Times' }], rows)}${more({ total: list.rows.length + list.more, rows: list.rows })}`;
}

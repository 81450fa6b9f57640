import type { TriggerView } from '../../trigger/view';
import { type Html, html, name } from './escape';
import { as } from './style';
import { count, duration, plural } from './words';

const STATES: Readonly<Record<TriggerView['state'], string>> = {
	awake: 'awake',
	asleep: 'asleep',
	started: 'started',
	waiting: 'waiting',
	gone: 'no trigger at work',
};

/** What triggers do about each mapping; nothing where there are none. */
export function triggers(views: readonly TriggerView[]): Html | null {
	if (views.length === 0) return null;
	const woken = views.reduce((sum, { wokenByChanges }) => sum + wokenByChanges, 0);
	const slowest = Math.max(0, ...views.map(({ slowestDeliverySeconds }) => slowestDeliverySeconds ?? 0));
	const lead = `Woken by changes ${plural(woken, 'time')}; the slowest change waited ${slowest < 120 ? plural(slowest, 'second') : duration(slowest / 60)} for its run to begin. All since the trigger was made.`;
	const notices = [...new Set(views.flatMap((view) => view.notices))];
	return html`<h2 ${as('h2')}>Trigger</h2>
		<p ${as('lead')}>${lead}</p>
		${notices.map((notice) => html`<div ${as('warnBox')}>${name(notice)}</div>`)}
		<table role="table" ${as('table')}>
			<thead>
				<tr>
					<th ${as('th')}>Mapping</th>
					<th ${as('th')}>Now</th>
					<th ${as('thNumber')}>Starts</th>
					<th ${as('thNumber')}>Woken</th>
				</tr>
			</thead>
			<tbody>
				${views.map(
					(view) =>
						html`<tr>
							<td ${as('td')} data-label="Mapping">${name(view.mapping)}</td>
							<td ${as('td')} data-label="Now">${STATES[view.state]}<span ${as('hint')}>${name(view.message)}</span></td>
							<td ${as('number')} data-label="Starts">${count(view.starts)}</td>
							<td ${as('number')} data-label="Woken">${count(view.wokenByChanges)}</td>
						</tr>`,
				)}
			</tbody>
		</table>
		${webhooks(views)}`;
}

/** What makes the systems call; each once, however many mappings it tells of. */
function webhooks(views: readonly TriggerView[]): Html | null {
	const all = new Map(
		views.flatMap((view) => view.webhooks.map((each) => [`${view.trigger} ${each.system} ${each.resource}`, each] as const)),
	);
	if (all.size === 0) return null;
	return html`<table role="table" ${as('table')}>
		<thead>
			<tr>
				<th ${as('th')}>Webhook</th>
				<th ${as('th')}>Of</th>
				<th ${as('th')}>Expires</th>
				<th ${as('th')}>Last told</th>
			</tr>
		</thead>
		<tbody>
			${[...all.values()].map(
				({ system, mappings, registered, expires, lastTold, error }) =>
					html`<tr>
						<td ${as('td')} data-label="Webhook">
							${system}<span ${as('hint')}>${name(error ?? (registered ? 'registered' : 'not registered'))}</span>
						</td>
						<td ${as('td')} data-label="Of">${name(mappings.join(', '))}</td>
						<td ${as('td')} data-label="Expires">${expires === null ? 'never' : minutesOf(expires)}</td>
						<td ${as('td')} data-label="Last told">${lastTold === null ? 'not yet' : minutesOf(lastTold)}</td>
					</tr>`,
			)}
		</tbody>
	</table>`;
}

const minutesOf = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

import { NO_COUNTERS } from '../../jobs/recorder';
import { withoutDeadLinks } from '../deadLinks';
import { eachRow } from '../pages';
import { gatherAttention } from './attention';
import { addJob, addLastRun, blankFigures } from './mappingFigures';
import { addToStretch, cutPeriod, isBroken } from './stretches';
import type { MappingFigures, OverwrittenRow, Reason, ReportData, ReportRequest } from './types';
import { triggerViews } from '../../trigger/view';
import type { Job } from '../../model/job';
import type { LogEntry } from '../../model/logEntry';

const ROWS = 50;
/** Different records counted per reason; beyond that the number of entries is used. */
const RECORDS = 100_000;

/** Everything the report tells, read page by page; asks neither system. */
export async function gatherReport(request: ReportRequest): Promise<ReportData> {
	const { store, from, to, now, timeZone, title } = request;
	const rows = request.rows ?? ROWS;
	const totals = { ...NO_COUNTERS, jobs: 0, broken: 0 };
	const stretches = cutPeriod(Date.parse(from), Date.parse(to));
	const mappings = new Map([...request.mappings].map(([name, caption]) => [name, blankFigures(name, caption)]));

	for await (const job of eachRow<Job>((limit, next) => store.jobs({ from, to, limit, ...(next ? { next } : {}) }))) {
		totals.jobs++;
		if (isBroken(job)) totals.broken++;
		for (const name of Object.keys(NO_COUNTERS) as Array<keyof typeof NO_COUNTERS>) totals[name] += job[name];
		addToStretch(stretches, job);
		const figures = mappings.get(job.mapping) ?? blankFigures(job.mapping, job.mapping);
		mappings.set(job.mapping, figures);
		addJob(figures, job);
	}
	const settings = await store.settings();
	const triggers = await triggerViews(store, Date.parse(now));
	const watched = new Set(triggers.flatMap(({ mapping, state }) => (state === 'gone' ? [] : [mapping])));
	for (const figures of mappings.values()) {
		const known = settings.get(figures.mapping);
		await addLastRun(figures, store, Date.parse(now), request.intervalMinutes);
		// A trigger that is at work starts it when there is something to do; until then it may sleep for half a day.
		if (watched.has(figures.mapping)) figures.overdue = false;
		// Switched off, it is not meant to run.
		if ((known?.definition ?? known)?.enabled === false) Object.assign(figures, { failing: null, overdue: false });
	}
	return {
		...{ title, from, to, now, timeZone, totals, stretches },
		mappings: [...mappings.values()].filter(({ last }) => last !== null),
		...(await readLog(request, rows)),
		...(await gatherAttention(store, rows)),
		waiting: await store.countRequeued(),
		triggers,
	};
}

/** Reasons, overwritten values and warnings of the period. */
async function readLog(request: ReportRequest, rows: number): Promise<Pick<ReportData, 'reasons' | 'overwritten' | 'warnings'>> {
	const reasons = new Map<string, Reason & { seen: Set<string> }>();
	const overwritten: OverwrittenRow[] = [];
	const warnings = new Map<string, { message: string; mapping: string; times: number }>();
	const unlisted = new Set<string>();
	let replaced = 0;
	const { store, from, to } = request;
	for await (const entry of eachRow<LogEntry>((limit, next) => store.log({ from, to, limit, ...(next ? { next } : {}) }))) {
		if (entry.kind === 'error') addReason(reasons, entry);
		else if (entry.kind === 'overwritten') {
			replaced++;
			const { at, mapping, direction, businessCentral, crm, fields } = entry;
			if (overwritten.length < rows) overwritten.push({ at, mapping, direction, businessCentral, crm, fields });
		} else {
			const key = `${entry.mapping}\n${entry.message}`;
			const known = warnings.get(key);
			if (known) known.times++;
			else if (warnings.size < rows) warnings.set(key, { message: entry.message, mapping: entry.mapping, times: 1 });
			else if (unlisted.size < RECORDS) unlisted.add(key);
		}
	}
	const ordered = [...reasons.values()].sort((a, b) => b.entries - a.entries);
	return {
		reasons: ordered.map(({ seen, ...reason }) => ({ ...reason, records: seen.size })),
		overwritten: { total: replaced, rows: await withoutDeadLinks(store, overwritten) },
		warnings: { rows: [...warnings.values()], more: unlisted.size },
	};
}

function addReason(reasons: Map<string, Reason & { seen: Set<string> }>, entry: LogEntry): void {
	const { code, errorClass, message, hint, mapping, businessCentral, crm } = entry;
	const reason = reasons.get(code) ?? { code, errorClass, message, hint, entries: 0, records: 0, mappings: [], seen: new Set<string>() };
	reasons.set(code, reason);
	reason.entries++;
	if (!reason.mappings.includes(mapping)) reason.mappings.push(mapping);
	const id = businessCentral?.id ?? crm?.id;
	if (id && reason.seen.size < RECORDS) reason.seen.add(`${mapping} ${id}`);
}

/** Records that need somebody. */
export const openRecords = (data: ReportData): number => data.failing.total + data.skipped.total;
/** Mappings whose last run could not be carried out: nothing of them travels until somebody does something. */
export const failingMappings = (data: ReportData): MappingFigures[] => data.mappings.filter(({ failing }) => failing !== null);
/** Records and mappings that need somebody. */
export const needsAttention = (data: ReportData): number => openRecords(data) + failingMappings(data).length;
/** Mappings that should have run. */
export const overdue = (data: ReportData): MappingFigures[] => data.mappings.filter((mapping) => mapping.overdue);
/** Records that are looked at again though they did not fail. */
export const waiting = (data: ReportData): number => data.waiting.reduce((sum, { records }) => sum + records, 0);

import { RunStopped } from '../../model/errors';
import type { SideFilter } from '../../mapping/filter';
import { idsInside } from '../../mapping/filters/reading';
import type { ChangeQuery } from '../../ports/recordSystem';
import { compareAgain, rememberFieldSet } from './compareAgain';
import { handleDeleted } from './deletedPartners';
import { leftRecords } from './lookAgain';
import { RetryNow } from './retryNow';
import { processPage } from './page';
import type { PassContext } from '../contract/passContext';
import type { Pass } from './passState';
import { beginProgress, tellProgress } from './progress';
import { eventsOf } from '../../jobs/describeEnd';
import type { PassRange } from '../contract/passRange';
import { idOn } from '../../model/coupling';
import { SYSTEM_NAMES } from '../../model/side';

/** One pass: earlier failures, requeued records and pending couplings by id, then changes page by page. Answers whether it finished. */
export async function runPass(pass: Pass, range: PassRange): Promise<'complete' | 'limit'> {
	const { context, state } = pass;
	const { session, mapping, recorder } = context;
	await pass.unit.begin();

	const from = await rememberFieldSet(context);
	if (range.ids) {
		await byId(pass, range.ids, range, range.outsideFilter ? null : context.filter);
		return 'complete';
	}
	await handleDeleted(pass, range);
	await lookAgain(pass, range);
	await compareAgain(pass, range, from);
	await deliverPending(pass, range);

	const { source } = context;
	recorder.watermark = await session.store.watermark(mapping.name, source.side);
	const query = await changeQuery(context, range);
	let read = 0;
	const progress = (state.progress = await beginProgress(context, query.filter, range));
	for await (const page of range.changes ?? source.system.readChanges(query)) {
		await range.checkpoint();
		const before = eventsOf(recorder.job);
		await processPage(pass, page, 'changes');
		read += page.length;
		progress.done += page.length;
		tellProgress(session, { ...progress, mapping: mapping.name, direction: context.direction }, eventsOf(recorder.job) > before);
		if (range.recordLimit !== undefined && read >= range.recordLimit) return 'limit';
		if (range.stopAt !== undefined && session.clock.now() >= range.stopAt) throw new RunStopped('timeBudget');
	}
	for (const warning of source.system.warnings) recorder.warn(warning);
	for (const warning of context.target.system.warnings) recorder.warn(warning);
	return 'complete';
}

/** What the pass reads: the filter's records since the watermark, less the overlap. */
export async function changeQuery(context: PassContext, range: PassRange): Promise<ChangeQuery> {
	const { session, mapping, rules, source } = context;
	const wholeTable = rules.everyRun || source.table.page !== undefined || source.table.choice !== undefined;
	const stamp = range.fromStart || wholeTable ? null : await session.store.watermark(mapping.name, source.side);
	// A watermark ahead of now, which an earlier clock may have left behind, must not hide what changes until then.
	const sinceOf = (watermark: string): string =>
		new Date(Math.min(Date.parse(watermark), session.clock.now()) - mapping.overlapMs[source.side]).toISOString();
	return {
		table: source.table,
		fields: source.fields,
		filter: context.filter.odata,
		since: stamp === null ? (wholeTable ? null : (range.resumption?.since ?? null)) : sinceOf(stamp),
		pageSize: range.pageSize,
	};
}

/** What failed before is tried again, inserts included, and what was requeued is looked at; the rest when its reason may be gone. */
async function lookAgain(pass: Pass, range: PassRange): Promise<void> {
	const due = new RetryNow(pass.context, pass.state.processed);
	for await (const records of leftRecords(pass.context, range.pageSize)) {
		await range.checkpoint();
		const { tryNow, cured } = await due.of(records);
		for (const id of cured) pass.state.retryNow.add(id);
		await byId(pass, tryNow, range);
	}
}

/** A coupling made without synchronizing is delivered by the next run. */
async function deliverPending(pass: Pass, range: PassRange): Promise<void> {
	const { session, mapping, source } = pass.context;
	let next: string | undefined;
	do {
		const page = await session.store.findCouplings({
			mapping: mapping.name,
			state: 'pending',
			limit: range.pageSize,
			...(next ? { next } : {}),
		});
		next = page.next;
		if (page.rows.length === 0) return;
		await range.checkpoint();
		await byId(
			pass,
			page.rows.map((coupling) => idOn(coupling, source.side)),
			range,
		);
	} while (next);
}

async function byId(pass: Pass, ids: readonly string[], range: PassRange, filter: SideFilter | null = null): Promise<void> {
	const { context, state } = pass;
	const wanted = ids.filter((id) => !state.processed.has(id));
	for (let start = 0; start < wanted.length; start += range.pageSize) {
		const part = wanted.slice(start, start + range.pageSize);
		const { system, table, fields } = context.source;
		const records = filter ? await idsInside(system, table, part, fields, filter) : await system.readByIds(table, part, fields);
		await processPage(pass, [...records.values()], 'byId');
		const unread = part.filter((id) => !records.has(id));
		// Those that are there are outside the filter, or hidden from the user: what is known of them stays.
		const there = unread.length > 0 ? await system.existing(table, unread) : new Set<string>();
		if (filter !== null) leaveOutside(context, there);
		await forgetMissing(
			context,
			unread.filter((id) => !there.has(id)),
		);
	}
}

/** A record asked for by name is not synchronized when the filter of the mapping leaves it out. */
function leaveOutside({ recorder, mapping, source }: PassContext, ids: ReadonlySet<string>): void {
	for (const id of ids) {
		recorder.count('skipped');
		const side = SYSTEM_NAMES[source.side];
		recorder.warn(`${id} is outside the filter that the table mapping ${mapping.name} has on ${side}, so it was left alone.`);
	}
}

/** A failed or requeued record that was deleted needs no further try; its partner's own pass notices the deletion. */
async function forgetMissing(context: PassContext, gone: readonly string[]): Promise<void> {
	const { session, mapping, direction, lease, recorder } = context;
	if (gone.length === 0) return;
	if (context.selected) {
		for (const id of gone) {
			recorder.count('skipped');
			recorder.warn(`${id} does not exist in ${SYSTEM_NAMES[context.source.side]} (any more).`);
		}
	}
	const keys = gone.map((sourceId) => ({ mapping: mapping.name, direction, sourceId }));
	await session.store.commit({ failuresDone: keys, requeuedDone: keys }, lease);
}

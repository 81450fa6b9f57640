import { RunStopped } from '../../model/errors';
import type { SideFilter } from '../../mapping/filter';
import { idsInside } from '../../mapping/filters/reading';
import { compareAgain, rememberFieldSet } from './compareAgain';
import { countUncoupled } from './countUncoupled';
import { handleDeleted } from './deletedPartners';
import { leftRecords } from './lookAgain';
import { Probes } from './probes';
import { RetryNow } from './retryNow';
import { noteDeleted } from './deletedNoted';
import { dueOf, frontierOf } from './due';
import { Readings } from './readings';
import { processPage } from './page';
import { partsOf } from './parts';
import type { PassContext } from '../contract/passContext';
import type { Pass } from './passState';
import { beginProgress, tellProgress } from './progress';
import { tellMissing } from './tellMissing';
import { eventsOf } from '../../jobs/describeEnd';
import type { PassRange } from '../contract/passRange';
import type { Frontier } from '../reading/frontier';
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
	const due = await dueOf(context, range);
	const progress = (state.progress = await beginProgress(context, due.terms.query.filter, range));
	const readings = await Readings.open(context, range, due, range.reading);
	state.frontier = frontierOf(context, due, readings.first);
	if (readings.first.beginsEarlier) await clockWasSet(context);
	let read = 0;
	for await (const reading of readings.all()) {
		for await (const found of partsOf(context, state, reading, range)) {
			// What is read to make sure was counted before, but for what turns out to be new.
			const part = reading === readings.first ? found : { ...found, rows: found.records.length };
			await range.checkpoint();
			const before = eventsOf(recorder.job);
			await processPage(pass, part.records, 'changes', { part });
			await noteDeleted(pass, part.deleted ?? []);
			read += part.records.length;
			progress.done += part.rows;
			const eventful = eventsOf(recorder.job) > before;
			// What is read once more to make sure, and turns out to be known, is no progress.
			if (reading === readings.first || part.rows > 0 || eventful)
				tellProgress(session, { ...progress, mapping: mapping.name, direction: context.direction }, eventful);
			if (range.recordLimit !== undefined && read >= range.recordLimit) return 'limit';
			if (range.budget?.isSpent) throw new RunStopped('timeBudget');
		}
	}
	await noteEnd(context, state.frontier, readings);
	await countUncoupled(context);
	for (const warning of source.system.warnings) recorder.warn(warning);
	for (const warning of context.target.system.warnings) recorder.warn(warning);
	return 'complete';
}

/** All that changed is dealt with: until when, the next pass begins there. */
async function noteEnd({ session, lease, recorder }: PassContext, frontier: Frontier | null, readings: Readings): Promise<void> {
	const watermark = frontier?.end();
	const changeToken = readings.tokenAtEnd();
	if (!watermark && !changeToken) return;
	await session.store.commit({ ...(watermark ? { watermark } : {}), ...(changeToken ? { changeToken } : {}) }, lease);
	if (watermark) recorder.watermark = watermark.stamp;
}

/**
 * A clock was set since the last run. What can be told by stamps is read anew; what bears none of its own time, because the clock went there and back, only
 * a comparison of the whole table finds. So that comparison is due, whenever it was made last.
 */
async function clockWasSet({ session, mapping, source, lease }: PassContext): Promise<void> {
	session.log(
		'info',
		`${mapping.name}: the clock of ${SYSTEM_NAMES[source.side]} or that of n8n was set, so changes are read from before that.`,
	);
	const comparison = await session.store.comparison(mapping.name, source.side);
	if (comparison) await session.store.commit({ comparison: { ...comparison, checkedAt: null } }, lease);
}

/** What failed before is tried again, inserts included, and what was requeued is looked at; the rest when its reason may be gone. */
async function lookAgain(pass: Pass, range: PassRange): Promise<void> {
	const due = new RetryNow(pass.context, pass.state.handled);
	const probes = new Probes(pass.context);
	for await (const records of leftRecords(pass.context, range.pageSize)) {
		await range.checkpoint();
		const { tryNow, cured } = await due.of(records);
		for (const id of cured) pass.state.retryNow.add(id);
		await byId(pass, tryNow, range);
		const tried = new Set(tryNow);
		probes.note(records.filter(({ sourceId }) => !tried.has(sourceId)));
	}
	await probe(pass, probes, range);
}

/** Whether a cause is cured is tried with one record; what shares it follows. */
async function probe(pass: Pass, probes: Probes, range: PassRange): Promise<void> {
	const { session, mapping } = pass.context;
	const due = await probes.due();
	if (due.length === 0) return;
	await range.checkpoint();
	for (const { sourceId } of due) pass.state.retryNow.add(sourceId);
	await byId(
		pass,
		due.map(({ sourceId }) => sourceId),
		range,
	);
	for await (const ids of probes.freedBy(due, range.pageSize)) {
		await range.checkpoint();
		session.log('info', `${mapping.name}: a cause of failures is cured, so ${ids.length} skipped records are tried again.`);
		for (const id of ids) pass.state.retryNow.add(id);
		await byId(pass, ids, range);
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
	const wanted = ids.filter((id) => !state.handled.has(id));
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
	if (context.byHand) await tellMissing(context, gone);
	else if (context.selected)
		for (const id of gone) recorder.warn(`${id} does not exist in ${SYSTEM_NAMES[context.source.side]} (any more).`);
	const keys = gone.map((sourceId) => ({ mapping: mapping.name, direction, sourceId }));
	await session.store.commit({ failuresDone: keys, requeuedDone: keys }, lease);
}

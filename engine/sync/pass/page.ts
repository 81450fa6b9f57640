import { inside } from '../../mapping/filters/reading';
import type { SystemRecord } from '../../model/record';
import { throwIfStopping } from '../../ports/stopping';
import type { PendingWrite } from '../contract/plannedWrite';
import type { FoundDeleted, PageOrigin } from '../contract/workItem';
import { PageRecord } from '../record/pageRecord';
import { bringIn } from './bringIn';
import type { Pass } from './passState';
import { writePage } from './writePage';

/** How often a record is written before it is left to the next run: once, and three times more because somebody changed its partner meanwhile. */
const ROUNDS = 4;

/**
 * One page: pair, decide, write, record. Everything the page learned is committed in one transaction at the end; what a crash in between loses
 * is found again by the versions, baselines and intents that are already durable.
 */
export async function processPage(pass: Pass, records: readonly SystemRecord[], origin: PageOrigin, found?: FoundDeleted): Promise<void> {
	const { unit, context, state } = pass;
	const page = new PageRecord(context, state.inDoubt, followedBy(pass));
	const items = await unit.pair(state, await taken(pass, records, origin), page, origin);
	await unit.prepare(items);
	await bringIn(pass, items);
	// What was to be brought in may have been left for later.
	throwIfStopping(context.session);
	const decided = await unit.decide(items, page);
	for (const id of decided.later) state.processed.delete(id);
	for (const coupling of found?.bothGone ?? []) page.dropBoth(coupling);
	let failure: unknown;
	try {
		await writeUntilSettled(pass, decided.pending, page);
		await page.finish();
	} catch (error) {
		failure = error; // what was written before is recorded first
		page.leaveFollowUps();
	}
	if (origin === 'changes' && failure === undefined) page.advanceTo(newest(records), records.length);
	if (found && failure === undefined) page.deletedPartnersDone(found.pairs);
	await page.commit();
	if (failure !== undefined) throw failure;
}

/**
 * Before anything is created, uncoupled or deleted, the target is asked for partners that exist already. What turns out to be stale is read and
 * decided again, until nothing is left or it has been tried often enough.
 */
async function writeUntilSettled(pass: Pass, decided: readonly PendingWrite[], page: PageRecord): Promise<void> {
	const { unit } = pass;
	let pending = decided;
	for (let round = 1; ; round++) {
		throwIfStopping(pass.context.session);
		pending = await unit.askFirst(pending, page);
		const stale = await writePage(pass, pending, page);
		if (stale.length === 0) return;
		if (round === ROUNDS) return unit.giveUp(stale, page);
		await unit.refresh(stale);
		pending = (await unit.decide(stale, page)).pending;
	}
}

/** The records of the page that the filter selects and that this pass has not dealt with yet. */
async function taken({ context, state }: Pass, records: readonly SystemRecord[], origin: PageOrigin): Promise<SystemRecord[]> {
	const { system, table } = context.source;
	const selected = origin === 'changes' ? await inside(system, table, records, context.filter) : records;
	const fresh = selected.filter(({ id }) => !state.processed.has(id));
	for (const { id } of fresh) state.processed.add(id);
	return fresh;
}

const followedBy = ({ duties: { follower }, state: { progress } }: Pass) => (follower && progress ? { follower, progress } : null);

/** Pages and choices have no stamps, and nothing to go on from. */
const newest = (records: readonly SystemRecord[]): string | null =>
	records.reduce<string | null>(
		(latest, { modifiedAt: stamp }) => (stamp !== '' && (latest === null || Date.parse(stamp) > Date.parse(latest)) ? stamp : latest),
		null,
	);

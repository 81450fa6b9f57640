import { inside } from '../../mapping/filters/reading';
import type { SystemRecord } from '../../model/record';
import { throwIfStopping } from '../../ports/stopping';
import type { PendingWrite } from '../contract/plannedWrite';
import type { FoundDeleted, PageOrigin } from '../contract/workItem';
import { PageRecord } from '../record/pageRecord';
import { bringIn } from './bringIn';
import type { Part } from './parts';
import { prepareEach } from './prepareEach';
import type { Pass } from './passState';
import { writePage } from './writePage';

/** How often a record is written before it is left to the next run: once, and three times more because somebody changed its partner meanwhile. */
const ROUNDS = 4;

/**
 * One page: pair, decide, write, record. Everything the page learned is committed in one transaction at the end; what a crash in between loses
 * is found again by the versions, baselines and intents that are already durable.
 */
export async function processPage(
	pass: Pass,
	records: readonly SystemRecord[],
	origin: PageOrigin,
	{ found, part }: { found?: FoundDeleted; part?: Part } = {},
): Promise<void> {
	const { unit, context, state } = pass;
	const page = new PageRecord(context, state.inDoubt, followedBy(pass));
	const fresh = await taken(pass, records, origin);
	const items = await prepareEach(pass, await unit.pair(state, fresh, page, origin), page);
	await bringIn(pass, items);
	// What was to be brought in may have been left for later.
	throwIfStopping(context.session);
	const decided = await unit.decide(items, page);
	for (const id of decided.later) state.handled.drop(id);
	for (const coupling of found?.bothGone ?? []) page.dropBoth(coupling);
	let failure: unknown;
	try {
		await writeUntilSettled(pass, decided.pending, page);
		await page.finish();
	} catch (error) {
		failure = error; // what was written before is recorded first
		page.leaveFollowUps();
	}
	if (part && failure === undefined) page.advanceTo(state.frontier?.upTo(part.upTo) ?? null, part.rows);
	if (found && failure === undefined) page.deletedPartnersDone(found.pairs);
	await page.commit();
	// What a run writes to its own source, such as the company of a row, is no news to it.
	for (const [id, version] of page.versionsNow()) if (state.handled.has(id)) state.handled.add(id, version);
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

/**
 * The records of the page that the filter selects and that this pass has not dealt with yet. Changes are told by their version: somebody may have edited
 * a record since its turn.
 */
async function taken({ context, state }: Pass, records: readonly SystemRecord[], origin: PageOrigin): Promise<SystemRecord[]> {
	const { system, table } = context.source;
	const selected = origin === 'changes' ? await inside(system, table, records, context.filter) : records;
	const fresh = selected.filter((record) => !(origin === 'changes' ? state.handled.hasVersion(record) : state.handled.has(record.id)));
	for (const { id, version } of fresh) state.handled.add(id, version);
	// A survivor that changes at the very moment is not deleted after all because its change is read: the next run looks at it.
	if (origin === 'deleted') for (const { id } of fresh) state.handled.addForGood(id);
	return fresh;
}

const followedBy = ({ duties: { follower }, state: { progress } }: Pass) => (follower && progress ? { follower, progress } : null);

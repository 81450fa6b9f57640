import { inside } from '../../mapping/filters/reading';
import { SyncError } from '../../model/errors';
import type { SystemRecord } from '../../model/record';
import { throwIfStopping } from '../../ports/stopping';
import type { PassContext } from '../contract/passContext';
import type { PendingWrite } from '../contract/plannedWrite';
import type { FoundDeleted, PageOrigin } from '../contract/workItem';
import { askBeforeCreating } from '../evidence/beforeCreating';
import { askBeforeRemoving } from '../evidence/beforeRemoving';
import { pairPage } from '../pair/pairPage';
import { PageRecord } from '../record/pageRecord';
import { prepareReferences } from '../references/prepareReferences';
import { writeDecisions } from '../write/write';
import { bringIn } from './bringIn';
import { decideRecords, readPartners } from './decideRecords';

/** How often a record is written before it is left to the next run: once, and three times more because somebody changed its partner meanwhile. */
const ROUNDS = 4;

/**
 * One page: pair, decide, write, record. Everything the page learned is committed in one transaction at the end; what a crash in between loses
 * is found again by the versions, baselines and intents that are already durable.
 */
export async function processPage(
	context: PassContext,
	records: readonly SystemRecord[],
	origin: PageOrigin,
	found?: FoundDeleted,
): Promise<void> {
	const page = new PageRecord(context);
	const { system, table } = context.source;
	const selected = origin === 'changes' ? await inside(system, table, records, context.filter) : records;
	const items = await pairPage(context, selected, page, origin);
	await prepareReferences(
		context,
		items.map((item) => item.source),
	);
	await bringIn(context, items);
	// What was to be brought in may have been left for later.
	throwIfStopping(context.session);
	const decided = await decideRecords(context, items, page);
	for (const coupling of found?.bothGone ?? []) page.dropBoth(coupling);
	let failure: unknown;
	try {
		await writeUntilSettled(context, decided, page);
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
 * Before anything is created, uncoupled or deleted, the target is asked for partners that exist already; what is found is decided as a couple. What turns out to be stale
 * is read and decided again, until nothing is left or it has been tried often enough.
 */
async function writeUntilSettled(context: PassContext, decided: readonly PendingWrite[], page: PageRecord): Promise<void> {
	let pending = decided;
	for (let round = 1; ; round++) {
		throwIfStopping(context.session);
		const asked = await askBeforeCreating(context, pending, page);
		const found = [...asked.found, ...(await askBeforeRemoving(context, page))];
		pending = [...asked.open, ...(found.length > 0 ? await decideRecords(context, found, page) : [])];
		const stale = await writeDecisions(context, pending, page);
		if (stale.length === 0) return;
		if (round === ROUNDS) {
			for (const item of stale) page.fail(item, changedMeanwhile(context), []);
			return;
		}
		await readPartners(
			context,
			stale.filter((item) => item.coupling && item.partner === 'unread'),
		);
		pending = await decideRecords(context, stale, page);
	}
}

const changedMeanwhile = (context: PassContext): SyncError =>
	new SyncError({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: context.target.side,
		message: 'The record kept being changed by others while it was being written.',
		hint: 'Nothing to do: the next run tries again.',
	});

/** Pages and choices have no stamps, and nothing to go on from. */
const newest = (records: readonly SystemRecord[]): string | null =>
	records.reduce<string | null>(
		(latest, { modifiedAt: stamp }) => (stamp !== '' && (latest === null || Date.parse(stamp) > Date.parse(latest)) ? stamp : latest),
		null,
	);

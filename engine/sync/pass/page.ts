import { inside } from '../../mapping/filters/reading';
import { decideAll } from './decideRecords';
import { throwIfStopping } from '../../ports/stopping';
import type { PassContext } from '../contract/passContext';
import { pairPage } from '../pair/pairPage';
import { PageRecord } from '../record/pageRecord';
import { prepareReferences } from '../references/prepareReferences';
import { writeRounds } from '../write/write';
import type { SystemRecord } from '../../model/record';
import type { FoundDeleted, PageOrigin } from '../contract/workItem';
import { bringIn } from './bringIn';

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
	const pending = await decideAll(context, items, page);
	for (const coupling of found?.bothGone ?? []) page.dropBoth(coupling);
	let failure: unknown;
	try {
		await writeRounds(context, pending, page);
		await page.finish();
	} catch (error) {
		failure = error; // what was written before is recorded first
		page.leaveFollowUps();
	}
	if (origin === 'changes' && failure === undefined) page.advanceTo(newest(records), records.length);
	if (found && failure === undefined) page.missingDone(found.pairs);
	await page.commit();
	if (failure !== undefined) throw failure;
}

/** Pages and choices have no stamps, and nothing to go on from. */
const newest = (records: readonly SystemRecord[]): string | null =>
	records.reduce<string | null>(
		(latest, { stamp }) => (stamp !== '' && (latest === null || Date.parse(stamp) > Date.parse(latest)) ? stamp : latest),
		null,
	);

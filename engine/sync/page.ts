import { inside } from '../mapping/filters/reading';
import type { Coupling, Failure, Intent, MissingPartner } from '../store/store';
import type { SystemRecord } from '../systems/system';
import { decideAll } from './deciding';
import { throwIfStopping } from '../stopping';
import type { PassContext } from './passContext';
import { pairPage } from './pairing';
import { PageRecord } from './pageRecord';
import { prepareReferences } from './preparing';
import { bringIn } from './pulling';
import { writeRounds } from './writing';

/** One source record on its way through a page. */
export interface WorkItem {
	source: SystemRecord;
	coupling: Coupling | null;
	partner: SystemRecord | 'unread' | 'missing' | 'hidden';
	failure: Failure | undefined;
	/** Failure of its partner in the other direction. */
	opposite?: Failure | undefined;
	/** The open insert this record settles, when it was recovered. */
	settles?: Intent;
	/** It was coupled in this page, because it is recognisable (sync-semantics 8.8). */
	matched?: boolean;
	/** Its partner was found deleted earlier: it is looked for once more, and the record is left to the rest of the pass if it is there. */
	suspect?: boolean;
	/** The CRM row is not the one that was coupled, though it has its id. */
	recreated?: true;
	/** Id of the CRM row it had once, for the one that is created. */
	formerId?: string;
	/** Id of the CRM row that is to be created for it, and its generation; see `newRows`. */
	newId?: string;
	generation?: number;
	/** It was coupled with a record that was met when its partner was about to be created. */
	met?: true;
	/** Coupling with a partner that is gone, replaced by the new one. */
	replaces?: Coupling;
	/** Coupling of the new partner with a record that is gone. */
	frees?: Coupling;
}

/** Where the records of a page come from: changes move the watermark, records read by id, or because their partner is gone, do not. */
export type PageOrigin = 'changes' | 'byId' | 'deleted';

/** What a page of origin `deleted` settles. */
export interface FoundDeleted {
	pairs: readonly MissingPartner[];
	/** Couplings of which neither record is left. */
	bothGone: readonly Coupling[];
}

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

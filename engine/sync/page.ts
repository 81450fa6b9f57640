import type { Coupling, Failure, Intent } from '../store/store';
import type { SystemRecord } from '../systems/system';
import { decideAll } from './deciding';
import type { PassContext } from './passContext';
import { pairPage } from './pairing';
import { PageRecord } from './pageRecord';
import { writeRounds } from './writing';

/** One source record on its way through a page. */
export interface WorkItem {
	source: SystemRecord;
	coupling: Coupling | null;
	partner: SystemRecord | 'unread' | 'missing';
	failure: Failure | undefined;
	/** Failure of its partner in the other direction. */
	opposite?: Failure | undefined;
	/** The open insert this record settles, when it was recovered. */
	settles?: Intent;
	/** Coupling with a partner that is gone, replaced by the new one. */
	replaces?: Coupling;
}

/** Where the records of a page come from: changes move the watermark, records read by id do not. */
export type PageOrigin = 'changes' | 'byId';

/**
 * One page: pair, decide, write, record. Everything the page learned is committed in one transaction at the end; what a crash in between loses
 * is found again by the versions, baselines and intents that are already durable.
 */
export async function processPage(context: PassContext, records: readonly SystemRecord[], origin: PageOrigin): Promise<void> {
	const page = new PageRecord(context);
	const items = await pairPage(context, records, page);
	await context.references.prepare(
		context.direction,
		context.mapping,
		context.fields,
		items.map((item) => item.source),
	);
	const pending = await decideAll(context, items, page);
	let failure: unknown;
	try {
		await writeRounds(context, pending, page);
	} catch (error) {
		failure = error; // what was written before is recorded first
	}
	if (origin === 'changes' && failure === undefined) page.advanceTo(newest(records), records.length);
	await page.commit();
	if (failure !== undefined) throw failure;
}

const newest = (records: readonly SystemRecord[]): string | null =>
	records.reduce<string | null>((latest, { stamp }) => (latest === null || Date.parse(stamp) > Date.parse(latest) ? stamp : latest), null);

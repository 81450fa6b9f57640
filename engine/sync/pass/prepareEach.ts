import { SyncError } from '../../model/errors';
import { SYSTEM_NAMES } from '../../model/side';
import type { WorkItem } from '../contract/workItem';
import type { PageRecord } from '../record/pageRecord';
import type { Pass } from './passState';

/** What a service answers when it cannot read what one record refers to; the rest (sign-in, privileges, throttling) concerns all of them. */
const OF_ONE_RECORD: ReadonlySet<number> = new Set([400, 404, 409, 422, 500]);
/** So many records of one page are told one by one; with more, the fault is not theirs. */
const MOST = 5;

/**
 * Loads what deciding needs to know. Where the service fails on what one record refers to, that record fails with its answer, and the others go on:
 * the page is asked for in halves until the record is found, twice as often as its size has bits. Answers the items that can be decided. Throws what
 * concerns them all.
 */
export async function prepareEach({ unit }: Pass, items: readonly WorkItem[], page: PageRecord): Promise<readonly WorkItem[]> {
	const guilty = new Map<WorkItem, SyncError>();
	const search = async (some: readonly WorkItem[]): Promise<void> => {
		try {
			await unit.prepare(some);
		} catch (error) {
			if (!isOfOneRecord(error)) throw error;
			if (some.length === 1) guilty.set(some[0]!, error);
			if (guilty.size > MOST || isOfAll(guilty.size, items.length, error)) throw error;
			if (some.length === 1) return;
			const middle = Math.ceil(some.length / 2);
			await search(some.slice(0, middle));
			await search(some.slice(middle));
		}
	};
	await search(items);
	if (guilty.size === 0) return items;
	const innocent = items.filter((item) => !guilty.has(item));
	if (innocent.length > 0) await unit.prepare(innocent);
	for (const [item, error] of guilty) page.fail(item, ofRecord(error), []);
	return innocent;
}

/** A page of one record has no others to tell by: then what the service failed at (500) is the record's, what it refused is the set-up's. */
const isOfAll = (guilty: number, all: number, { httpStatus }: SyncError): boolean => guilty === all && (all > 1 || httpStatus !== 500);

const isOfOneRecord = (error: unknown): error is SyncError =>
	error instanceof SyncError && error.httpStatus !== undefined && OF_ONE_RECORD.has(error.httpStatus) && error.errorClass !== 'transient';

/** The same for one record: it is tried again, and skipped in the end, while the others go on. */
function ofRecord(error: SyncError): SyncError {
	const { system } = error;
	return error.with({
		errorClass: 'data',
		message: `What this record refers to could not be read. ${error.message}`,
		hint: `Open what the record refers to in ${system === 'crm' || system === 'businessCentral' ? SYSTEM_NAMES[system] : 'the service'}: it cannot be read there either, or the service's own log says why. Then retry the record.`,
	});
}

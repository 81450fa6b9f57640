import type { TableSource } from '../../../model/record';
import { keyTableOf } from '../../../model/recordIdentity';
import { type Addresses, extensionPageOf } from '../address';
import { feedProperties } from './offer';
import { FEED_TABLES, type FeedTable } from './tables';

/**
 * Usual service name of the page that a table is read from, where the change feed could stand for it: the mapping writes nothing, or the page is away, and
 * reading is all that is left. Null: it could not. Records that a mapping knows by their SystemIds are those of the extension alone: before the feed is read,
 * they are known by their keys again.
 */
export function feedNameOf({ away }: Addresses, table: TableSource): string | null {
	const { name, page, written } = table;
	const standardName = keyTableOf(table);
	const mayRead = written?.length === 0 || away?.has(name) === true;
	return page && mayRead && standardName in FEED_TABLES ? standardName : null;
}

/** The table of the change feed that is read instead of a published page; null where another place is read. */
export function feedTableOf(addresses: Addresses, table: TableSource): FeedTable | null {
	const name = feedNameOf(addresses, table);
	if (name === null || addresses.keptOnPages?.has(table.name) || extensionPageOf(addresses, name)) return null;
	return feedProperties(addresses.feed, name) && FEED_TABLES[name]!;
}

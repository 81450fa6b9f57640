import { type Addresses, apiAddress, type EntityAddress, extensionPageOf, hasStamp, pageAddress } from './address';
import { feedTableOf } from './changeFeed/serves';
import type { FeedTable } from './changeFeed/tables';
import { EXTENSION_PAGES, EXTENSION_ROUTE, type ExtensionPage } from './extensionPages';
import { type Naming, namingOf, renaming, unchanged } from './naming';
import { keyTableOf, pageOf } from '../../model/recordIdentity';
import type { TableSource } from '../../model/record';

/**
 * One place where rows of a mapping's primary table are: the entity set, a page, or the page of the extension that stands for it. A table that several
 * pages show has one for each; the mapping speaks the names of the first.
 */
export interface PrimarySet extends EntityAddress, Naming {
	/** Rows carry `lastModifiedDateTime`, which runs read by. */
	stamped: boolean;
	/** A page of the extension stands for the published one: rows are addressed by their SystemId, `id`, whether or not they are known by it. */
	extension: boolean;
	/** The change feed stands for the published page. */
	feed: FeedTable | null;
}

/** Never empty; the first is the one whose names the mapping uses. */
export function primarySets(addresses: Addresses, table: TableSource): PrimarySet[] {
	const standing = table.extension && EXTENSION_PAGES[keyTableOf(table)];
	if (standing) return [extensionSet(addresses, standing, true)];
	const pages = pageOf(table);
	if (!pages) {
		const address = apiAddress(addresses, table.name);
		return [{ ...address, stamped: hasStamp(address.set), extension: false, feed: null, ...unchanged }];
	}
	const own = addresses.keptOnPages?.has(table.name) ? null : extensionPageOf(addresses, keyTableOf(table));
	// All rows of the table, those of further pages included.
	if (own) return [extensionSet(addresses, own, false)];
	const first: PrimarySet = { ...pageAddress(addresses, table.name), stamped: false, extension: false, feed: null, ...unchanged };
	const feed = feedTableOf(addresses, table);
	// All rows of the table, too.
	if (feed) return [{ ...first, feed }];
	return [
		first,
		...(pages.also ?? []).map((page): PrimarySet => ({
			...pageAddress(addresses, page.service),
			stamped: false,
			extension: false,
			feed: null,
			...renaming(page.properties),
		})),
	];
}

/** `stamped`: records are known by their SystemIds, and read by their stamps. */
const extensionSet = (addresses: Addresses, page: ExtensionPage, stamped: boolean): PrimarySet => ({
	...apiAddress(addresses, `${EXTENSION_ROUTE}/${page.set}`),
	stamped,
	extension: true,
	feed: null,
	...namingOf(page),
});

/** The entity set or page whose names the mapping uses. */
export const primarySet = (addresses: Addresses, table: TableSource): PrimarySet => primarySets(addresses, table)[0]!;

/** Why the feed does not serve a table: nobody agreed to it, the user may not, it does not have the table, or the table is too large for it. */
export type FeedRefusal = 'consent' | 'permission' | 'table' | 'size';

/** What the feed says of the table that a published page shows: properties as mappings name them, and the numbers of fields it does not have. */
export type FeedPage = { properties: ReadonlySet<string>; unavailable: ReadonlySet<number> } | { refused: FeedRefusal };

/** What an environment says of its change feed: whether it is there, and of tables that were asked about. */
export interface FeedOffer {
	/** It answers, and can show records. Null: it said nothing that would last. */
	there: boolean | null;
	/** The user may not call it. */
	forbidden: boolean;
	/** When it was first asked, in milliseconds since the epoch; null while it said nothing that would last. */
	seenAt: number | null;
	/** By usual service name of the published page. */
	pages: ReadonlyMap<string, FeedPage>;
}

export const NO_FEED: FeedOffer = { there: null, forbidden: false, seenAt: null, pages: new Map() };

/** Properties that the feed shows of a page; null where it does not serve it, or was not asked. */
export function feedProperties(offer: FeedOffer | undefined, standardName: string): ReadonlySet<string> | null {
	const page = offer?.pages.get(standardName);
	return page && 'properties' in page ? page.properties : null;
}

/** Why the feed does not serve a page; null where that is not known, or it does. */
export function feedRefusal(offer: FeedOffer | undefined, standardName: string): FeedRefusal | null {
	if (offer?.forbidden) return 'permission';
	const page = offer?.pages.get(standardName);
	return page && 'refused' in page ? page.refused : null;
}

/** Numbers of fields that the environment does not have. */
export function unavailableIn(offer: FeedOffer | undefined, standardName: string): ReadonlySet<number> {
	const page = offer?.pages.get(standardName);
	return page && 'unavailable' in page ? page.unavailable : new Set();
}

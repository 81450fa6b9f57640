import { SyncError } from '../../../model/errors';
import type { FeedClient } from './client';
import { FeedRefused } from './errors';
import type { FeedOffer, FeedPage } from './offer';
import { probe } from './rows';
import { FEED_TABLES } from './tables';

/**
 * The offer, with answers for these pages as well. Asks only what it does not hold yet. Whatever the service answers, it is no reason for a run to fail:
 * what it refuses, does not know, or says in a way nobody reads does not count as offered, and what may pass by itself is asked once more another time.
 */
export async function withPages(client: FeedClient, offer: FeedOffer, names: readonly string[]): Promise<FeedOffer> {
	const open = [...new Set(names)].filter((name) => name in FEED_TABLES && !offer.pages.has(name));
	if (open.length === 0 || offer.there === false) return offer;
	const here = offer.there === null ? await present(client, offer) : offer;
	if (!here.there) return here;
	const pages = new Map(here.pages);
	for (const name of open) {
		const page = await pageOf(client, name);
		if (page !== null) pages.set(name, page);
	}
	return { ...here, pages };
}

async function present(client: FeedClient, offer: FeedOffer): Promise<FeedOffer> {
	try {
		return { ...offer, there: (await client.features()).has('records') };
	} catch (error) {
		if (!(error instanceof SyncError)) throw error;
		const forbidden = isForbidden(error);
		return { ...offer, there: forbidden || lasts(error) ? false : null, forbidden };
	}
}

async function pageOf(client: FeedClient, name: string): Promise<FeedPage | null> {
	const feed = FEED_TABLES[name]!;
	try {
		const unavailable = await probe(client, feed);
		const shown = [...feed.fields].filter(([, { no }]) => no === null || !unavailable.has(no)).map(([property]) => property);
		return { properties: new Set([...shown, ...Object.keys(feed.workedOut)]), unavailable };
	} catch (error) {
		if (error instanceof FeedRefused) return { refused: error.why };
		if (!(error instanceof SyncError)) throw error;
		return isForbidden(error) ? { refused: 'permission' } : lasts(error) ? { refused: 'table' } : null;
	}
}

const isForbidden = ({ httpStatus, code }: SyncError): boolean =>
	httpStatus === 401 || httpStatus === 403 || code === 'BC_PERMISSION_MISSING';

/** An answer that says something of the environment, and nothing of the moment. */
const lasts = ({ httpStatus, errorClass }: SyncError): boolean =>
	httpStatus !== undefined && (errorClass !== 'transient' || httpStatus === 200) && httpStatus < 500;

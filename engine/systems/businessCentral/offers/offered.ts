import { z } from 'zod/v4';
import { EXTENSION_PAGES } from '../extensionPages';
import { type FeedOffer, type FeedPage, NO_FEED } from '../changeFeed/offer';

/** What an environment offers beside API v2.0 and published pages. */
export interface Offered {
	/** When the extension was looked for, in milliseconds since the epoch; null while nobody looked. */
	seenAt: number | null;
	/** Entity sets of the extension and their properties; empty where it is not installed. */
	extension: ReadonlyMap<string, ReadonlySet<string>>;
	feed: FeedOffer;
	/** See `Addresses.away`. */
	away: ReadonlySet<string>;
}

export const NOTHING_SEEN: Offered = { seenAt: null, extension: new Map(), feed: NO_FEED, away: new Set() };

const names = z.array(z.string().max(200)).max(500);
const refusal = z.enum(['consent', 'permission', 'table', 'size']);
const shape = z.object({
	extension: z.array(z.tuple([z.string(), names])).max(200),
	away: names,
	feed: z.object({
		there: z.boolean().nullable(),
		forbidden: z.boolean(),
		seenAt: z.number().nullable(),
		pages: z
			.array(
				z.tuple([
					z.string(),
					z.union([z.object({ refused: refusal }), z.object({ properties: names, unavailable: z.array(z.number().int()).max(500) })]),
				]),
			)
			.max(200),
	}),
});

/** As the store keeps it: JSON. */
export function offerText({ extension, feed, away }: Offered): string {
	const pages = [...feed.pages].map(([name, page]) => [
		name,
		'refused' in page ? { refused: page.refused } : { properties: [...page.properties], unavailable: [...page.unavailable] },
	]);
	return JSON.stringify({
		extension: [...extension].map(([set, properties]) => [set, [...properties]]),
		away: [...away],
		feed: { there: feed.there, forbidden: feed.forbidden, seenAt: feed.seenAt, pages },
	});
}

/** Null for what is no offer: another version wrote it, or somebody changed it. */
export function offerOf(text: string, seenAt: number): Offered | null {
	const found = shape.safeParse(jsonOf(text));
	if (!found.success) return null;
	const { extension, feed, away } = found.data;
	const sets = new Set(Object.values(EXTENSION_PAGES).map(({ set }) => set));
	return {
		seenAt,
		away: new Set(away),
		extension: new Map(extension.filter(([set]) => sets.has(set)).map(([set, properties]) => [set, new Set(properties)])),
		feed: {
			...feed,
			pages: new Map(
				feed.pages.map(([name, page]): [string, FeedPage] => [
					name,
					'refused' in page ? page : { properties: new Set(page.properties), unavailable: new Set(page.unavailable) },
				]),
			),
		},
	};
}

function jsonOf(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

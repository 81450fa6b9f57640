import type { FieldName, TableSource } from '../../model/record';
import type { Surface } from '../../model/shape';
import type { Addresses } from './address';
import { FEED_SERVICE } from './changeFeed/client';
import type { FeedTable } from './changeFeed/tables';
import { companionFields, ownFields } from './fields';
import { type PrimarySet, primarySets } from './primary';

/** "Deprecated features in the platform": OData on pages of Microsoft ends with this release. */
const PAGES_END_WITH = '30';

const ORDER: ReadonlyArray<Surface['kind']> = ['apiV2', 'ownApi', 'extension', 'changeFeed', 'publishedPages'];

/** The places that the fields of a table are read from, in order of preference. */
export function surfacesOf(addresses: Addresses, table: TableSource, fields: readonly FieldName[]): Surface[] {
	const found = new Map<Surface['kind'], Surface>();
	const add = (kind: Surface['kind'], names: readonly string[], more: readonly FieldName[]): void => {
		const known = found.get(kind) ?? { kind, names: [], fields: [], endsWith: kind === 'publishedPages' ? PAGES_END_WITH : null };
		found.set(kind, { ...known, names: [...new Set([...known.names, ...names])], fields: [...known.fields, ...more] });
	};
	const sets = primarySets(addresses, table);
	add(
		kindOf(table, sets[0]!),
		sets.map(({ set, feed }) => (feed ? feedName(feed) : set)),
		[...new Set(ownFields(fields))],
	);
	for (const { place, properties } of companionFields(addresses, table, fields)) {
		const named = properties.map((property) => `${place.service}/${property}`);
		add(place.kind === 'published' ? 'publishedPages' : place.kind, [place.feed ? feedName(place.feed) : place.set], named);
	}
	return ORDER.flatMap((kind) => found.get(kind) ?? []);
}

function kindOf(table: TableSource, { extension, feed }: PrimarySet): Surface['kind'] {
	if (extension) return 'extension';
	if (!table.page) return table.name.includes('/') ? 'ownApi' : 'apiV2';
	return feed ? 'changeFeed' : 'publishedPages';
}

/** `MDMCrossEnvSource 291`: the service, and the number of the table. */
const feedName = ({ tableNo }: FeedTable): string => `${FEED_SERVICE} ${tableNo}`;

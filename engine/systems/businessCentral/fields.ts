import { type Addresses, type EntityAddress, apiAddress, extensionPageOf, pageAddress } from './address';
import { feedProperties } from './changeFeed/offer';
import { FEED_TABLES, type FeedTable } from './changeFeed/tables';
import { type CodeById, CODES_BY_ID } from './codesById';
import { EXTENSION_ROUTE } from './extensionPages';
import { type Naming, namingOf, unchanged } from './naming';
import type { PrimarySet } from './primary';
import { identityFields } from './records';
import type { CompanionSource, FieldName, TableSource } from '../../model/record';

/** Fields of the entity set itself. */
export const ownFields = (fields: readonly FieldName[]): FieldName[] => fields.filter((field) => !field.includes('/'));

/**
 * One place that shows further fields of a table: the published page of a companion, the page of the extension or the table of the change feed that stands
 * for it, or API v2.0, which has some of them by the id of another record.
 */
export interface CompanionPlace extends EntityAddress, Naming {
	/** Prefix of the fields' names in mappings. */
	service: string;
	/** Field of the record that joins a row to it. */
	primaryKey: FieldName;
	/** Property of the row with the same value, by its name there. */
	rowKey: string;
	kind: 'extension' | 'published' | 'apiV2' | 'changeFeed';
	/** Of API v2.0: its properties that hold ids of codes. */
	codes: Readonly<Record<FieldName, CodeById>>;
	/** The page's usual service name. */
	standardName: string;
	/** Of the change feed. */
	feed: FeedTable | null;
}

/** A place and the properties asked of it, by the mapping's names without the prefix. */
export interface CompanionRead {
	place: CompanionPlace;
	properties: string[];
}

/**
 * Properties asked of each companion that has a field in the list. The extension comes first for what it shows of them, by the id of the record; the rest
 * is asked of the published page. Where that is not there, API v2.0 is asked for what it has, then the change feed for what is only read: both cost requests
 * that the page, read anyway, does not.
 */
export function companionFields(addresses: Addresses, table: TableSource, fields: readonly FieldName[]): CompanionRead[] {
	return (table.companions ?? []).flatMap((companion) => {
		const prefix = `${companion.service}/`;
		const properties = [...new Set(fields.filter((field) => field.startsWith(prefix)).map((field) => field.slice(prefix.length)))];
		const own = extensionPlace(addresses, companion);
		const there = own ? properties.filter((property) => addresses.offered!.get(own.set)!.has(own.there(property))) : [];
		const byId = addresses.withoutPage?.has(companion.service) ? apiPlace(addresses, table, companion) : null;
		const inApi = properties.filter((property) => !there.includes(property) && byId !== null && property in byId.codes);
		const left = properties.filter((property) => !there.includes(property) && !inApi.includes(property));
		const inFeed = left.filter((property) => isReadInFeed(addresses, table, companion, property));
		const rest = left.filter((property) => !inFeed.includes(property));
		return [
			...(byId && inApi.length > 0 ? [{ place: byId, properties: inApi }] : []),
			...(own && there.length > 0 ? [{ place: own, properties: there }] : []),
			...(inFeed.length > 0 ? [{ place: feedPlace(addresses, companion), properties: inFeed }] : []),
			...(rest.length > 0 ? [{ place: publishedPlace(addresses, companion), properties: rest }] : []),
		];
	});
}

/** The published page of a companion. */
export const publishedPlace = (
	addresses: Addresses,
	{ service, primaryKey, companionKey, standardName = service }: CompanionSource,
): CompanionPlace => ({
	...pageAddress(addresses, service),
	standardName,
	...unchanged,
	service,
	primaryKey,
	rowKey: companionKey,
	kind: 'published',
	codes: {},
	feed: null,
});

const standardNameOf = ({ service, standardName }: CompanionSource): string => standardName ?? service;

/** A field that nothing is written to, where the page is away and the feed shows it. */
function isReadInFeed(addresses: Addresses, { written }: TableSource, companion: CompanionSource, property: string): boolean {
	if (!addresses.withoutPage?.has(companion.service) || !written || written.includes(`${companion.service}/${property}`)) return false;
	return isInFeed(addresses, companion, property);
}

/** Whether the feed shows a property of a companion. */
export const isInFeed = (addresses: Addresses, companion: CompanionSource, property: string): boolean =>
	feedProperties(addresses.feed, standardNameOf(companion))?.has(property) === true;

const feedPlace = (addresses: Addresses, companion: CompanionSource): CompanionPlace => ({
	...publishedPlace(addresses, companion),
	primaryKey: 'id',
	rowKey: 'id',
	kind: 'changeFeed',
	feed: FEED_TABLES[standardNameOf(companion)]!,
});

/** The page of the extension that stands for a companion; null where it is not offered. */
export function extensionPlace(addresses: Addresses, { service, standardName }: CompanionSource): CompanionPlace | null {
	const page = extensionPageOf(addresses, standardName ?? service);
	if (!page) return null;
	const address = apiAddress(addresses, `${EXTENSION_ROUTE}/${page.set}`);
	return {
		...address,
		...namingOf(page),
		standardName: standardName ?? service,
		service,
		primaryKey: 'id',
		rowKey: 'id',
		kind: 'extension',
		codes: {},
		feed: null,
	};
}

/** API v2.0, for what it has of a companion's fields; null where that is nothing. */
function apiPlace(addresses: Addresses, { name }: TableSource, { service, standardName }: CompanionSource): CompanionPlace | null {
	const codes = CODES_BY_ID[name]?.[standardName ?? service];
	if (!codes) return null;
	const there = (property: FieldName): FieldName => codes[property]?.property ?? property;
	return {
		...apiAddress(addresses, name),
		...unchanged,
		there,
		standardName: standardName ?? service,
		service,
		primaryKey: 'id',
		rowKey: 'id',
		kind: 'apiV2',
		codes,
		feed: null,
	};
}

/** Companions of a table of which API v2.0 has something. */
export const companionsByCode = ({ name, companions }: TableSource): CompanionSource[] =>
	(companions ?? []).filter(({ service, standardName }) => CODES_BY_ID[name]?.[standardName ?? service] !== undefined);

/** `$select` of a read, with the names of that set: what identifies a record, the fields asked for, and what joins the companions asked for. */
export function selection(addresses: Addresses, table: TableSource, set: PrimarySet, fields: readonly FieldName[]): string {
	const names = [
		...identityFields(table),
		...(set.stamped ? ['lastModifiedDateTime'] : []),
		...(table.numberField === null ? [] : [table.numberField]),
		table.nameField,
		...companionFields(addresses, table, fields).map(({ place }) => place.primaryKey),
		...ownFields(fields),
	];
	return [...new Set(names.map((name) => set.there(name)))].join(',');
}

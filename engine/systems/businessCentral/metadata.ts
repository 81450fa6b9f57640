import type { Clock } from '../../ports/clock';
import type { Connection } from '../odata/connection';
import { CsdlDocument, type CsdlProperty } from '../odata/csdl';
import { SyncError } from '../../model/errors';
import { METADATA_LIFE_MS, TimedCache } from '../odata/timedCache';
import { KnownFields } from '../odata/knownFields';
import type { Addresses } from './address';
import { feedReadOnly, feedTooLarge, REFUSALS } from './changeFeed/errors';
import { feedProperties, feedRefusal } from './changeFeed/offer';
import { columnOf } from './changeFeed/fieldTypes';
import { FEED_TABLES, type FeedTable } from './changeFeed/tables';
import { type CompanionPlace, companionFields, companionsByCode, extensionPlace, isInFeed, ownFields, publishedPlace } from './fields';
import { extensionGone, pageNotPublished } from './pageErrors';
import { guessedKey, type PageKey } from './pageKeys';
import { memberText } from './naming';
import { primarySet, type PrimarySet, primarySets } from './primary';
import { isReadOnly } from './readOnlyProperties';
import { asCode } from './codes';
import { STANDARD_PAGES } from './standardPages';
import { tableListings } from './tables';
import type { CompanionSource, FieldName, TableSource } from '../../model/record';
import { keyTableOf, pageOf } from '../../model/recordIdentity';
import type { ColumnShape, AbsentColumn, TableListing, TableShape } from '../../model/shape';

const documents = new TimedCache<CsdlDocument>(METADATA_LIFE_MS);

/** Fields that were seen in the metadata. */
export const knownFields = new KnownFields();

export function clearDocuments(): void {
	documents.clear();
	knownFields.clear();
}

/** Roots whose metadata tells about a table and its companions. */
const rootsOf = (addresses: Addresses, table: TableSource): string[] => [
	primarySet(addresses, table).root,
	...(table.companions ?? []).flatMap((companion) => placesOf(addresses, companion).map(({ root }) => root)),
];

/** Where a companion's fields may be, the preferred place first. */
const placesOf = (addresses: Addresses, companion: CompanionSource): CompanionPlace[] => {
	const own = extensionPlace(addresses, companion);
	return [...(own ? [own] : []), publishedPlace(addresses, companion)];
};

/** The document of a root is asked for once more. */
export const documentAfresh = (connection: Connection, root: string): void => documents.forget(connection.addressed(root));

export const documentsRemembered = (connection: Connection, addresses: Addresses, table: TableSource, clock: Clock): boolean =>
	rootsOf(addresses, table).some((root) => documents.has(connection.addressed(root), clock));

export const forgetDocuments = (connection: Connection, addresses: Addresses, table: TableSource): void =>
	rootsOf(addresses, table).forEach((root) => documents.forget(connection.addressed(root)));

/** What is asked about an environment beside its metadata, and told of it. */
interface PageOffers {
	/** What the change feed says of pages, by their usual service names, is to be known. */
	askFeed(names: readonly string[]): Promise<void>;
	/** The page of a table that mappings write is not there, or it is back. */
	markAway(service: string, isAway: boolean): Promise<void>;
}

/** Fields that metadata does not know; the error when it does not know the table. */
export async function missingIn(
	connection: Connection,
	addresses: Addresses,
	clock: Clock,
	{ table, fields, offers }: { table: TableSource; fields: readonly FieldName[]; offers: PageOffers },
): Promise<AbsentColumn[] | SyncError> {
	const missing: AbsentColumn[] = [];
	const writes = table.written?.length !== 0;
	if (writes && addresses.away?.has(table.name) && (await pageIsThere(table.name))) await offers.markAway(table.name, false);
	for (const set of primarySets(addresses, table)) {
		const names = set.feed && writes ? null : await namesOf(set, table);
		if (names === null) return pageOf(table) ? await nothingShows(set) : tableMissing(table.name);
		for (const field of ownFields(fields)) {
			if (!names.has(set.there(field)) && !missing.some((each) => each.field === field)) missing.push({ field, page: null });
		}
	}
	await lookForPages();
	for (const { place, properties } of companionFields(addresses, table, fields)) {
		if (place.feed) continue;
		const shown = (await optionalDocument(connection, place.root, clock))?.propertiesOf(place.set) ?? null;
		const names = new Set(shown?.map(({ name }) => name));
		const companion = table.companions!.find(({ service }) => service === place.service)!;
		for (const property of properties) {
			if (names.has(place.there(property))) continue;
			const readOnly = shown === null && isInFeed(addresses, companion, property);
			missing.push({
				field: `${place.service}/${property}`,
				page: shown === null ? place.service : null,
				...(readOnly ? { readOnly } : {}),
			});
		}
	}
	return missing;

	/** Null: the set is not there. */
	async function namesOf(set: PrimarySet, table: TableSource): Promise<ReadonlySet<string> | null> {
		if (set.feed) return feedProperties(addresses.feed, keyTableOf(table));
		const csdl = pageOf(table) ? await optionalDocument(connection, set.root, clock) : await document(connection, set.root, clock);
		const properties = csdl?.propertiesOf(set.set) ?? null;
		return properties && new Set(properties.map(({ name }) => name));
	}

	async function pageIsThere(service: string): Promise<boolean> {
		const pages = await optionalDocument(connection, addresses.odataRoot, clock);
		return pages !== null && pages.propertiesOf(service) !== null;
	}

	/** Which companions are read elsewhere, because their published page is not there. */
	async function lookForPages(): Promise<void> {
		const open = companionFields(addresses, table, fields).filter(({ place }) => place.kind !== 'extension');
		const services = new Set([...companionsByCode(table).map(({ service }) => service), ...open.map(({ place }) => place.service)]);
		addresses.withoutPage ??= new Set();
		for (const service of services) {
			if (await pageIsThere(service)) addresses.withoutPage.delete(service);
			else addresses.withoutPage.add(service);
		}
		const away = (table.companions ?? []).filter(({ service }) => addresses.withoutPage!.has(service));
		await offers.askFeed(away.filter(({ service }) => open.some(({ place }) => place.service === service)).map(usualName));
	}

	/** What the change feed could do about it is part of the error; so is that another place shows the records by their keys. */
	async function nothingShows({ set, extension }: PrimarySet): Promise<SyncError> {
		const name = keyTableOf(table);
		const service = extension ? await firstPageAway(connection, addresses, clock, table) : set;
		if (service === null) return extensionGone(table);
		await offers.askFeed([name]);
		const inFeed = feedProperties(addresses.feed, name) !== null;
		if (inFeed && writes) {
			await offers.markAway(table.name, true);
			return feedReadOnly(table.name);
		}
		if (inFeed && table.extension) return extensionGone(table);
		const why = feedRefusal(addresses.feed, name);
		if (why === 'size') return feedTooLarge(table.name, FEED_TABLES[name]!.tableNo);
		const error = pageNotPublished(service, service === table.name ? name : undefined);
		return why === null || REFUSALS[why] === '' ? error : error.with({ hint: `${error.hint} ${REFUSALS[why]}` });
	}
}

const usualName = ({ service, standardName }: CompanionSource): string => standardName ?? service;

/** Entity sets of API v2.0 and published pages. */
export async function listTables(connection: Connection, addresses: Addresses, clock: Clock): Promise<TableListing[]> {
	const api = await document(connection, addresses.apiRoot, clock);
	return tableListings(api, await optionalDocument(connection, addresses.odataRoot, clock), readable);
}

/** Columns of the primary table and of its companions, from `$metadata`. `onAbsent` is told of companions that are not published. */
export async function describeTable(
	connection: Connection,
	addresses: Addresses,
	clock: Clock,
	table: TableSource,
	onAbsent: (service: string) => void,
): Promise<TableShape> {
	const set = primarySet(addresses, table);
	const { columns, uncarried } = set.feed
		? { columns: feedColumns(set.feed, ''), uncarried: new Map<string, string>() }
		: await primaryColumns(connection, addresses, clock, table);
	for (const companion of table.companions ?? []) {
		let found = false;
		for (const place of placesOf(addresses, companion)) {
			const pages = await optionalDocument(connection, place.root, clock);
			const properties = pages?.propertiesOf(place.set) ?? null;
			if (pages === null || properties === null) continue;
			found = true;
			for (const property of place.kind === 'extension' ? namedHere(place, properties) : properties) {
				const writable = property.name !== companion.companionKey && !SYSTEM_PROPERTIES.has(property.name);
				const access = { writable, creatable: writable };
				for (const [name, column] of entry(pages, property, `${companion.service}/`, access))
					if (!columns.has(name)) columns.set(name, asCode(place.kind === 'extension' ? inPlainText(column) : column, null));
			}
		}
		const feed = isShownByFeed(addresses, companion);
		for (const [name, column] of feed ? feedColumns(feed, `${companion.service}/`) : []) if (!columns.has(name)) columns.set(name, column);
		if (!found && !feed) onAbsent(companion.service);
	}
	return { name: table.name, label: STANDARD_PAGES[keyTableOf(table)]?.caption ?? readable(set.set), columns, uncarried };
}

/** Columns of the primary table, and what holds no value. */
async function primaryColumns(connection: Connection, addresses: Addresses, clock: Clock, table: TableSource) {
	const { csdl, properties, set } = await primaryType(connection, addresses, clock, table);
	const shown = properties.flatMap((property) => entry(csdl, property, '', accessOf(table, set.set, property.name)));
	const columns = new Map(shown.map(([name, column]) => [name, asCode(set.extension ? inPlainText(column) : column, table.numberField)]));
	const uncarried = new Map(properties.flatMap(({ name, type }) => (columns.has(name) ? [] : [[name, notCarried(type)] as const])));
	return { columns, uncarried };
}

/** The table of the feed, where it shows a companion whose page is away. */
const isShownByFeed = (addresses: Addresses, companion: CompanionSource): FeedTable | null =>
	addresses.withoutPage?.has(companion.service) && feedProperties(addresses.feed, usualName(companion))
		? FEED_TABLES[usualName(companion)]!
		: null;

const feedColumns = ({ fields }: FeedTable, prefix: string): Map<string, ColumnShape> =>
	new Map([...fields].map(([name, field]) => [prefix + name, columnOf(prefix + name, readable(name), field)]));

/** The properties by which rows of a page are named, as its service types them. `whole`: those that address a row there. */
export async function pageKeys(
	connection: Connection,
	addresses: Addresses,
	clock: Clock,
	table: TableSource,
): Promise<{ keys: PageKey[]; whole: string[] }> {
	const { csdl, properties, set } = await primaryType(connection, addresses, clock, table);
	const keys = (pageOf(table)?.keys ?? []).map((name): PageKey => {
		const property = properties.find((each) => each.name === name);
		if (!property) return guessedKey(name);
		const type = edmTypes[property.type];
		return {
			name,
			type: type === 'guid' ? 'guid' : type === 'integer' || type === 'decimal' ? 'number' : 'text',
			maxLength: property.maxLength,
		};
	});
	// Rows of the extension are addressed by their SystemId, whatever they are known by.
	return { keys, whole: set.extension ? [] : csdl.keysOf(set.set) };
}

async function primaryType(connection: Connection, addresses: Addresses, clock: Clock, table: TableSource) {
	const set = primarySet(addresses, table);
	const csdl = pageOf(table) ? await optionalDocument(connection, set.root, clock) : await document(connection, set.root, clock);
	const properties = csdl?.propertiesOf(set.set) ?? null;
	if (csdl === null || properties === null)
		throw pageOf(table) ? await notThere(connection, addresses, clock, table, set) : tableMissing(table.name);
	return { csdl, properties: set.extension ? namedHere(set, properties) : properties, set };
}

/** Properties of a place with the names mappings give them; of the extension those that have one. */
function namedHere(place: Pick<PrimarySet, 'here'>, properties: readonly CsdlProperty[]): CsdlProperty[] {
	return properties.flatMap((property) => {
		const names = Object.keys(place.here({ [property.name]: '' })).filter((name) => name !== property.name);
		return (names.length > 0 ? names : Object.keys(place.here({ [property.name]: '' }))).map((name) => ({ ...property, name }));
	});
}

/** Of a table that the extension showed: whether its pages are there. */
async function notThere(
	connection: Connection,
	addresses: Addresses,
	clock: Clock,
	table: TableSource,
	{ set, extension }: PrimarySet,
): Promise<SyncError> {
	const service = extension ? await firstPageAway(connection, addresses, clock, table) : set;
	return service === null ? extensionGone(table) : pageNotPublished(service, service === table.name ? keyTableOf(table) : undefined);
}

/** Service name of a published page that is not there, of those that would show the table; null where all are. */
async function firstPageAway(connection: Connection, addresses: Addresses, clock: Clock, table: TableSource): Promise<string | null> {
	const pages = await optionalDocument(connection, addresses.odataRoot, clock);
	const services = [table.name, ...(pageOf(table)?.also ?? []).map(({ service }) => service)];
	return services.find((service) => !pages?.propertiesOf(service)) ?? null;
}

/** The key of a page's row is given when the row is made, and never changes. */
function accessOf(table: TableSource, set: string, property: string): { writable: boolean; creatable: boolean } {
	const pages = pageOf(table);
	if (!pages) {
		const writable = !isReadOnly(set, property);
		return { writable, creatable: writable };
	}
	const known = STANDARD_PAGES[keyTableOf(table)];
	const creatable = !known?.readOnly && !known?.fixed?.includes(property) && !SYSTEM_PROPERTIES.has(property) && !pages.also?.length;
	return { writable: creatable && !pages.keys.includes(property), creatable };
}

const document = (connection: Connection, root: string, clock: Clock): Promise<CsdlDocument> =>
	documents.get(connection.addressed(root), clock, async () => new CsdlDocument(await connection.getXml(`${root}/$metadata`)));

/** Null where the service root is not offered at all: ODataV4, or the API of an extension. */
export async function optionalDocument(connection: Connection, root: string, clock: Clock): Promise<CsdlDocument | null> {
	try {
		return await document(connection, root, clock);
	} catch (error) {
		if (error instanceof SyncError && (error.httpStatus === 404 || error.httpStatus === 405)) return null;
		throw error;
	}
}

function entry(
	document: CsdlDocument,
	property: CsdlProperty,
	prefix: string,
	{ writable, creatable }: { writable: boolean; creatable: boolean },
): Array<[string, ColumnShape]> {
	const members = property.type.startsWith('Edm.') ? null : document.membersOf(property.type);
	const type = members ? 'enum' : edmTypes[property.type];
	if (type === undefined) return [];
	const column: ColumnShape = {
		name: prefix + property.name,
		label: readable(property.name),
		type,
		maxLength: type === 'text' ? property.maxLength : null,
		writable: writable && !property.computed,
		creatable: creatable && !property.computed,
		...(members ? { options: members.map((member) => ({ value: member, label: decodeMember(member) })) } : {}),
	};
	return [[column.name, column]];
}

/** Members of enums as published pages show them: plain text. */
const inPlainText = (column: ColumnShape): ColumnShape => ({
	...column,
	...(column.options ? { options: column.options.map(({ value, label }) => ({ value: memberText(String(value)), label })) } : {}),
});

/** Set by the platform on every page of the extension. */
const SYSTEM_PROPERTIES = new Set(['id', 'SystemId', 'lastModifiedDateTime']);

/** Streams and complex types have no place in a mapping. */
const edmTypes: Readonly<Record<string, ColumnShape['type']>> = {
	'Edm.String': 'text',
	'Edm.Guid': 'guid',
	'Edm.Boolean': 'boolean',
	'Edm.Byte': 'integer',
	'Edm.Int16': 'integer',
	'Edm.Int32': 'integer',
	'Edm.Int64': 'integer',
	'Edm.Decimal': 'decimal',
	'Edm.Double': 'decimal',
	'Edm.Single': 'decimal',
	'Edm.Date': 'date',
	'Edm.DateTimeOffset': 'dateTime',
	'Edm.Duration': 'duration',
	'Edm.TimeOfDay': 'duration',
};

const notCarried = (type: string): string =>
	type === 'Edm.Stream' || type === 'Edm.Binary' ? 'a picture or a file' : `a structure of several values (${type})`;

/** `Non_x002D_Inventory` → `Non-Inventory`; the blank member reads as such. */
export const decodeMember = (member: string): string =>
	member.replace(/_x([0-9A-F]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))).trim() || '(blank)';

/** `paymentTermsId` → `Payment terms id`. */
export function readable(name: string): string {
	const words = name
		.replace(/_/g, ' ')
		.replace(/([a-z\d])([A-Z])/g, '$1 $2')
		.trim();
	return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

function tableMissing(table: string): SyncError {
	return new SyncError({
		code: 'BC_TABLE_NOT_FOUND',
		errorClass: 'setup',
		system: 'businessCentral',
		table,
		message: `Business Central has no API page "${table}".`,
		hint: 'Check the name in the table mapping, and that the extension with the page is installed and published.',
	});
}

/** An additional page turned out not to be there: what metadata was seen to hold of pages is not believed any more. */
export function forgetPages(connection: Connection, addresses: Addresses): void {
	documents.forget(connection.addressed(addresses.odataRoot));
	knownFields.forgetAll(`${connection.addressed(addresses.apiRoot)} ${addresses.odataRoot} `);
}

/** Nothing remembered of the environment is believed any more, the APIs of extensions included. */
export function forgetDocumentsOf(connection: Connection, { apiRoot, odataRoot }: Addresses): void {
	for (const beginning of [apiRoot.replace(/v\d+\.\d+$/, ''), odataRoot]) documents.forgetAll(beginning);
	knownFields.forgetAll(`${connection.addressed(apiRoot)} ${odataRoot} `);
}

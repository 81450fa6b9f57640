import type { Clock } from '../../ports/clock';
import type { FieldName, TableSource } from '../../model/record';
import { keyTableOf, pageOf } from '../../model/recordIdentity';
import type { Connection } from '../odata/connection';
import { KNOWN_FIELDS_LIFE_MS } from '../odata/knownFields';
import { TimedCache } from '../odata/timedCache';
import { type Addresses, extensionRoot } from './address';
import { EXTENSION_PAGES } from './extensionPages';
import { clearDocuments, optionalDocument } from './metadata';

type Offered = ReadonlyMap<string, ReadonlySet<string>>;

/** What environments offer of the extension, across sessions of one process. */
const offers = new TimedCache<Offered>(KNOWN_FIELDS_LIFE_MS);

/** Forgets the metadata of all environments. */
export function clearBusinessCentralMetadata(): void {
	clearDocuments();
	offers.clear();
}

/** Whether the rows of the table, or any of the fields, could be those of a page of the extension. */
export const mayUseExtension = (table: TableSource, fields: readonly FieldName[]): boolean =>
	(pageOf(table) !== undefined && keyTableOf(table) in EXTENSION_PAGES) ||
	(fields.some((field) => field.includes('/')) &&
		(table.companions ?? []).some(({ service, standardName }) => (standardName ?? service) in EXTENSION_PAGES));

/**
 * Entity sets of the extension and their properties, as its metadata has them; empty where it is not installed. One request a day for each process and
 * environment, whatever the answer. Where metadata may not be read the extension counts as not there.
 */
export function offeredBy(connection: Connection, addresses: Addresses, clock: Clock): Promise<Offered> {
	const root = extensionRoot(addresses);
	return offers.get(connection.addressed(root), clock, async () => {
		const document = await optionalDocument(connection, root, clock);
		const sets = new Set(Object.values(EXTENSION_PAGES).map(({ set }) => set));
		const offered = new Map<string, ReadonlySet<string>>();
		for (const set of sets) {
			const properties = document?.propertiesOf(set) ?? null;
			if (properties !== null) offered.set(set, new Set(properties.map(({ name }) => name)));
		}
		return offered;
	});
}

export const isOfferKnown = (connection: Connection, addresses: Addresses, clock: Clock): boolean =>
	offers.has(connection.addressed(extensionRoot(addresses)), clock);

/** What was seen is out of date: it was refused, or somebody wants to know for certain. */
export const forgetOffer = (connection: Connection, addresses: Addresses): void =>
	offers.forget(connection.addressed(extensionRoot(addresses)));

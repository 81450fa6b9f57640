import type { Clock } from '../../ports/clock';
import type { SyncError } from '../../model/errors';
import type { Connection } from '../odata/connection';
import type { Addresses } from './address';
import { companionFields } from './fields';
import { documentsRemembered, forgetDocuments, knownFields, missingIn } from './metadata';
import type { Offers } from './offers';
import { primarySet } from './primary';
import type { FieldName, TableSource } from '../../model/record';
import type { AbsentColumn } from '../../model/shape';

interface Environment {
	connection: Connection;
	addresses: Addresses;
	clock: Clock;
	offers: Offers;
}

/**
 * Which of the fields the service's metadata does not know. Costs nothing while all of them were seen within a day; a document that was read a
 * while ago is not believed when something is missing in it, and neither is what was remembered of the environment (`offerKnown`).
 * @throws SyncError (setup) when the table itself is missing
 */
export async function checkFields(
	{ connection, addresses, clock, offers }: Environment,
	table: TableSource,
	fields: readonly FieldName[],
	afresh: boolean,
): Promise<AbsentColumn[]> {
	const keyOf = (): string => knownKey(connection, addresses, table);
	// Without fields the table itself is what is looked for.
	const wanted = ['', ...fields];
	if (!afresh && knownFields.covers(keyOf(), wanted, clock)) return [];
	const look = async (): Promise<AbsentColumn[] | SyncError> => await missingIn(connection, addresses, clock, { table, fields, offers });
	const remembered = documentsRemembered(connection, addresses, table, clock);
	if (afresh) {
		forgetDocuments(connection, addresses, table);
		await offers.lookAgain(table, fields, true);
	}
	let found = await look();
	if (!afresh && isIncomplete(found)) {
		if (remembered) forgetDocuments(connection, addresses, table);
		const old = offers.mayBeOld;
		if (old) await offers.lookAgain(table, fields);
		if (remembered || old) found = await look();
	}
	// Records that are known by their SystemIds are read nowhere else.
	if (!table.extension && placeOf(addresses, table) !== '' && isIncomplete(found)) found = await onPage(addresses, table, look, found);
	const key = keyOf();
	if (!Array.isArray(found)) {
		knownFields.forget(key);
		throw found;
	}
	const missing = new Set(found.map(({ field }) => field));
	const passing = new Set<FieldName>();
	if (afresh) knownFields.forget(key);
	knownFields.drop(key, [...missing]);
	// What is asked elsewhere only because a page is away is looked at again with each run: the page may be back.
	const byId = companionFields(addresses, table, fields).filter(({ place }) => place.kind === 'apiV2' || place.kind === 'changeFeed');
	for (const { place, properties } of byId) for (const property of properties) passing.add(`${place.service}/${property}`);
	knownFields.add(
		key,
		wanted.filter((field) => !missing.has(field) && !passing.has(field)),
		clock,
	);
	return found;
}

/** Whether metadata was seen to hold the table within the day, at the place that is read now. */
export const wasSeen = (connection: Connection, addresses: Addresses, table: TableSource, clock: Clock): boolean =>
	knownFields.covers(knownKey(connection, addresses, table), [''], clock);

/** What was seen at one place says nothing of another. */
const knownKey = (connection: Connection, addresses: Addresses, table: TableSource): string =>
	`${connection.addressed(addresses.apiRoot)} ${addresses.odataRoot} ${table.name}${placeOf(addresses, table)}`;

/** Published pages have no name here. */
function placeOf(addresses: Addresses, table: TableSource): string {
	const { extension, feed } = primarySet(addresses, table);
	return extension ? ' of the extension' : feed ? ' of the change feed' : '';
}

const isIncomplete = (found: AbsentColumn[] | SyncError): boolean => !Array.isArray(found) || found.length > 0;

/**
 * The extension or the change feed lacks a field that is asked for: a published page that has all of them is kept for as long as the session lasts, so that versions of one
 * place are never compared with those of another.
 */
async function onPage(
	addresses: Addresses,
	table: TableSource,
	look: () => Promise<AbsentColumn[] | SyncError>,
	otherwise: AbsentColumn[] | SyncError,
): Promise<AbsentColumn[] | SyncError> {
	addresses.keptOnPages ??= new Set();
	addresses.keptOnPages.add(table.name);
	const found = await look();
	if (!isIncomplete(found)) return found;
	addresses.keptOnPages.delete(table.name);
	return otherwise;
}

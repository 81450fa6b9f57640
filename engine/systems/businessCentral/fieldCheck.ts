import type { Clock } from '../../ports/clock';
import type { SyncError } from '../../model/errors';
import type { Connection } from '../odata/connection';
import type { Addresses } from './address';
import { documentsRemembered, forgetDocuments, knownFields, missingIn } from './metadata';
import type { FieldName, TableSource } from '../../model/record';
import type { AbsentColumn } from '../../model/shape';

/**
 * Which of the fields the service's metadata does not know. Costs nothing while all of them were seen within a day; a document that was read a
 * while ago is not believed when something is missing in it.
 * @throws SyncError (setup) when the table itself is missing
 */
export async function checkFields(
	{ connection, addresses, clock }: { connection: Connection; addresses: Addresses; clock: Clock },
	table: TableSource,
	fields: readonly FieldName[],
	afresh: boolean,
): Promise<AbsentColumn[]> {
	const key = `${connection.addressed(addresses.apiRoot)} ${addresses.odataRoot} ${table.name}`;
	// Without fields the table itself is what is looked for.
	const wanted = ['', ...fields];
	if (!afresh && knownFields.covers(key, wanted, clock)) return [];
	const look = async (): Promise<AbsentColumn[] | SyncError> => await missingIn(connection, addresses, clock, table, fields);
	const remembered = documentsRemembered(connection, addresses, table, clock);
	if (afresh) forgetDocuments(connection, addresses, table);
	let found = await look();
	if (remembered && !afresh && (!Array.isArray(found) || found.length > 0)) {
		forgetDocuments(connection, addresses, table);
		found = await look();
	}
	if (!Array.isArray(found)) {
		knownFields.forget(key);
		throw found;
	}
	const missing = new Set(found.map(({ field }) => field));
	if (afresh) knownFields.forget(key);
	knownFields.drop(key, [...missing]);
	knownFields.add(
		key,
		wanted.filter((field) => !missing.has(field)),
		clock,
	);
	return found;
}

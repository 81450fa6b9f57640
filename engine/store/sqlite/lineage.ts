import type { Row } from './reader';

/**
 * Numbers in the head of a database file by which an older copy is known, and a log (-wal) that does not belong to the file it stands beside.
 * The first two are SQLite's to keep and the application's to use ("Pragma statements" of the SQLite documentation).
 */
export interface Lineage {
	/** Transactions the database has seen (`user_version`). */
	generation: number;
	/** As many of them at least are in the file itself and not only in its log (`application_id`). */
	settled: number;
	/** SQLite's count of changes to the schema; rewriting the whole database (`vacuum`) counts as one, also when it makes a copy. */
	schema: number;
}

export const LINEAGE_QUERY =
	'select (select user_version from pragma_user_version) as generation, (select application_id from pragma_application_id) as settled, (select schema_version from pragma_schema_version) as "schema"';

export const lineageOf = (row: Row | undefined): Lineage => ({
	generation: Number(row?.['generation'] ?? 0),
	settled: Number(row?.['settled'] ?? 0),
	schema: Number(row?.['schema'] ?? 0),
});

/** The same database seen three times, in this order: the file alone, the file with its log, the file alone. */
export interface Sighting {
	before: Lineage;
	merged: Lineage;
	after: Lineage;
}

/** The file and its log are of one database: the file is behind its log, and not further than the log says. */
export const belongsTogether = ({ before, merged, after }: Sighting): boolean =>
	before.generation <= merged.generation && before.schema <= merged.schema && after.generation >= merged.settled;

/** What is known of the database now: with the schema of the file alone. */
export const lineageIn = ({ merged, after }: Sighting): Lineage => ({
	generation: merged.generation,
	settled: Math.max(after.generation, merged.settled),
	schema: after.schema,
});

/** Whether it can be the database that was known, with what was done since. */
export const isContinued = (known: Lineage, { merged, after }: Sighting): boolean =>
	merged.generation >= known.generation &&
	after.generation >= known.settled &&
	(after.schema === merged.schema || after.schema === known.schema);

/** The same for the file alone, where log and file together cannot be read. */
export const isFileContinued = (known: Lineage, file: Lineage): boolean => file.generation >= known.settled && file.schema === known.schema;

import { requireLineage, requireWhole, WHOLE } from './continuity';
import type { Lineage } from './lineage';
import { openInOtherThread } from './otherThread';
import type { Row } from './reader';
import { FOREIGN, storeError } from './sqliteErrors';

export interface Inspection {
	lineage: Lineage;
	/** Runs one more statement in the other thread, and answers its rows. */
	rows(sql: string): Promise<Row[]>;
	/** Lets go of the file; until then its log need not be read anew by who opens it next. */
	close(): Promise<void>;
}

/**
 * Looks through the whole file, in another thread (half a second for 350 MB): its structure, and that tables and indexes agree; and
 * that the log beside it belongs to it. So a file is found that was cut off or only half copied, one over which an older copy was written
 * while it was in use, and a restored one beside which the log of the former file was left. Changes nothing.
 *
 * @param known what was last known of the database, when it is in use
 * @throws SyncError `STORE_CORRUPT`, `STORE_FOREIGN`, and `STORE_REPLACED` when it is not the one that was known but another that is whole
 * (setup); what SQLite answered when it cannot read the file
 */
export async function inspect(path: string, known?: Lineage): Promise<Inspection> {
	const thread = await openInOtherThread(path);
	try {
		const { lineage } = await requireLineage(path, thread, known);
		requireWhole(path, await thread.rows(WHOLE));
		const [tables] = await thread.rows(OWN_TABLES);
		if (Number(tables?.['total']) > 0 && Number(tables?.['own']) === 0) throw storeError(path, FOREIGN);
		return { lineage, rows: (sql) => thread.rows(sql), close: () => thread.close() };
	} catch (error) {
		await thread.close();
		throw error;
	}
}

const OWN_TABLES = `select count(*) as total, coalesce(sum(name in ('migration', 'migration_lock')), 0) as own from sqlite_master where type = 'table'`;

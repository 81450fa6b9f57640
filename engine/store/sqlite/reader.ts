import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import { loadDriver } from './driver';

export type Row = Record<string, unknown>;

/** Looks at a database file on connections of its own that change nothing. */
export interface Reader {
	/** Runs one statement and answers its rows. @throws what SQLite answered */
	rows(sql: string): Promise<Row[]>;
	/** The same on the file alone, as if no log were beside it. */
	rowsOfFileAlone(sql: string): Promise<Row[]>;
	close(): Promise<void>;
}

/** For what takes less than a millisecond; otherThread.ts for the rest. */
export async function openReader(file: string): Promise<Reader> {
	const { DatabaseSync: Database } = await loadDriver();
	let shared: DatabaseSync | undefined;
	return {
		rows: async (sql) => (shared ??= new Database(file, { readOnly: true, timeout: 20 })).prepare(sql).all(),
		rowsOfFileAlone: async (sql) => {
			// SQLite then looks at nothing but the file, and goes by what it saw first: each question has a connection of its own.
			const url = pathToFileURL(file);
			url.searchParams.set('immutable', '1');
			const alone = new Database(url, { readOnly: true });
			try {
				return alone.prepare(sql).all();
			} finally {
				alone.close();
			}
		},
		close: async () => shared?.close(),
	};
}

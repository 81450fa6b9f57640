import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

interface Prepared {
	statement: StatementSync;
	/** It answers rows. */
	reads: boolean;
}

/** Statements kept at most; a run needs about a hundred different ones. */
const MOST = 256;
/** Characters of a statement that is kept. Lists of hundreds of values are longer, hardly ever the same, and cheap in comparison with what they do. */
const LONGEST = 4_000;

/**
 * Prepares each statement once: for the small ones of which a run is made, preparing takes longer than carrying out. SQLite itself prepares one anew when
 * the schema has changed under it ("sqlite3_prepare_v3", sqlite.org); whether it answers rows does not change then.
 */
export class Statements {
	private readonly kept = new Map<string, Prepared>();

	constructor(private readonly database: DatabaseSync) {}

	/** Rows of a statement that answers some, else the number of rows it changed. */
	run(sql: string, values: readonly SQLInputValue[]): { rows: unknown[] } | { changes: number | bigint } {
		const { statement, reads } = this.prepared(sql);
		if (reads) return { rows: statement.all(...values) };
		return { changes: statement.run(...values).changes };
	}

	private prepared(sql: string): Prepared {
		const known = this.kept.get(sql);
		if (known) {
			// The least recently used one is the first.
			this.kept.delete(sql);
			this.kept.set(sql, known);
			return known;
		}
		const statement = this.database.prepare(sql);
		const fresh = { statement, reads: statement.columns().length > 0 };
		if (sql.length > LONGEST) return fresh;
		this.kept.set(sql, fresh);
		if (this.kept.size > MOST) this.kept.delete(this.kept.keys().next().value!);
		return fresh;
	}
}

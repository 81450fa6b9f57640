import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Statements kept ready: more than the store has, whose lists come in many lengths; each takes some kilobytes. */
const KEPT = 300;
/** What the store does again and again. Other statements, such as pragmas with a value, are a text of their own each time. */
const REPEATED = /^(?:select|insert|update|delete|with|begin|commit)\b/i;

/** A statement ready to run, and whether it answers rows. */
export interface Prepared {
	statement: StatementSync;
	answersRows: boolean;
}

/**
 * Prepared statements by their text, the least used ones given up first: a run asks the store hundreds of times, with a few dozen texts. SQLite itself
 * prepares a kept statement anew when the tables have changed since.
 */
export class Statements {
	private readonly ready = new Map<string, Prepared>();

	constructor(private readonly database: DatabaseSync) {}

	of(sql: string): Prepared {
		const known = this.ready.get(sql);
		if (known) {
			// The one used last is the last to go.
			this.ready.delete(sql);
			this.ready.set(sql, known);
			return known;
		}
		const statement = this.database.prepare(sql);
		const prepared = { statement, answersRows: statement.columns().length > 0 };
		if (!REPEATED.test(sql)) return prepared;
		this.ready.set(sql, prepared);
		if (this.ready.size > KEPT) this.ready.delete(this.ready.keys().next().value!);
		return prepared;
	}
}

import type { Clock } from '../../ports/clock';

/** How long what metadata was seen to hold is taken to be there still. A service that says otherwise makes it looked at again. */
export const KNOWN_FIELDS_LIFE_MS = 24 * 3_600_000;

/**
 * Fields that metadata was seen to hold, by table, across sessions of one process: a run that finds everything here asks for no metadata. What
 * was missing is never remembered, so that a page that is published is found by the next run.
 */
export class KnownFields {
	private readonly tables = new Map<string, Map<string, number>>();

	covers(table: string, fields: readonly string[], clock: Clock): boolean {
		const known = this.tables.get(table);
		const now = clock.now();
		// A moment that is still to come: another clock (a test's, or one that was set back).
		const holds = (at: number | undefined): boolean => at !== undefined && at <= now && now - at < KNOWN_FIELDS_LIFE_MS;
		return known !== undefined && fields.every((field) => holds(known.get(field)));
	}

	add(table: string, fields: readonly string[], clock: Clock): void {
		const known = this.tables.get(table) ?? new Map<string, number>();
		this.tables.set(table, known);
		for (const field of fields) known.set(field, clock.now());
	}

	/** These are gone. */
	drop(table: string, fields: readonly string[]): void {
		for (const field of fields) this.tables.get(table)?.delete(field);
	}

	forget(table: string): void {
		this.tables.delete(table);
	}

	/** Tables whose names begin so. */
	forgetAll(beginning: string): void {
		for (const table of this.tables.keys()) if (table.startsWith(beginning)) this.tables.delete(table);
	}

	clear(): void {
		this.tables.clear();
	}
}

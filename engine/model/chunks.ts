/** Rows per statement: small enough for one statement to take a few milliseconds, and for the databases' limits on parameters. */
export const CHUNK = 500;

export function* chunksOf<T>(rows: readonly T[], size = CHUNK): Generator<T[]> {
	for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

export function groupBy<T>(rows: Iterable<T>, keyOf: (row: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const row of rows) {
		const key = keyOf(row);
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return groups;
}

/** Rows of the same key collapse into the last one: one statement must not touch a row twice (PostgreSQL refuses that). */
export function lastByKey<T>(rows: readonly T[], keyOf: (row: T) => string): T[] {
	return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}

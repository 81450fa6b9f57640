/** A list of the store in order of a key, with what the overlay holds put into its place. */
export interface OrderedList<T> {
	/** Rows of the store after a key, at most so many. */
	read(after: string, limit: number): Promise<readonly T[]>;
	keyOf(row: T): string;
	/** The overlay knows better about this row of the store. */
	isHidden(row: T): boolean;
	/** Rows that the overlay holds, in any order. */
	own: readonly T[];
}

/** The first rows after a key. Empty only where there are no more. */
export async function firstAfter<T>({ read, keyOf, isHidden, own }: OrderedList<T>, after: string, limit: number): Promise<T[]> {
	const waiting = own.filter((row) => keyOf(row) > after).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
	const rows: T[] = [];
	let position = after;
	for (;;) {
		const part = await read(position, limit);
		const isLast = part.length < limit;
		const upTo = isLast ? undefined : keyOf(part.at(-1)!);
		const come = part.filter((row) => !isHidden(row));
		while (waiting.length > 0 && (upTo === undefined || keyOf(waiting[0]!) <= upTo)) come.push(waiting.shift()!);
		rows.push(...come.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)));
		if (rows.length >= limit || upTo === undefined) return rows.slice(0, limit);
		position = upTo;
	}
}

/** Entries read from the store at a time. */
const pageSize = 500;

/** Reads pages until there are enough rows. */
export async function readAll<T>(
	limit: number,
	readPage: (limit: number, next: string | undefined) => Promise<{ rows: T[]; next?: string }>,
): Promise<T[]> {
	const rows: T[] = [];
	let next: string | undefined;
	do {
		const page = await readPage(Math.min(limit - rows.length, pageSize), next);
		rows.push(...page.rows);
		next = page.next;
	} while (next !== undefined && rows.length < limit);
	return rows;
}

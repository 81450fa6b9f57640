import type { IExecuteFunctions } from 'n8n-workflow';
import { tellMore } from '../../shared/limit';

/** Entries read from the store at a time. */
const pageSize = 500;

/** Reads pages until there are enough rows, and says where there are more. */
export async function readAll<T>(
	context: IExecuteFunctions,
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
	if (next !== undefined) tellMore(context, rows.length);
	return rows;
}

import { z } from 'zod/v4';

/** One row as either service sends it: its fields, and annotations whose names hold an `@`. */
export type Row = Record<string, unknown>;

/** Rows are checked for being objects, not copied: a page may hold 20,000 of them. */
const row = z.custom<Row>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const page = z.object({ value: z.array(row), '@odata.nextLink': z.string().nullish() });

export interface RowPage {
	rows: Row[];
	nextLink: string | null;
}

/** Null when it is not the envelope of a collection. */
export function readPage(json: unknown): RowPage | null {
	const parsed = page.safeParse(json);
	return parsed.success ? { rows: parsed.data.value, nextLink: parsed.data['@odata.nextLink'] ?? null } : null;
}

/** Null when it is not an object. */
export function readRow(json: unknown): Row | null {
	const parsed = row.safeParse(json);
	return parsed.success ? parsed.data : null;
}

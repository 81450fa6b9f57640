import { z } from 'zod/v4';

/** One row as either service sends it: its fields, and annotations whose names hold an `@`. */
export type Row = Record<string, unknown>;

const page = z.object({
	value: z.array(z.record(z.string(), z.unknown())),
	'@odata.nextLink': z.string().optional(),
});
const row = z.record(z.string(), z.unknown());

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

import { SyncError } from '../model/errors';
import type { Page } from '../ports/storeQueries';

/** The sort key of a page's last row, as text that callers cannot take apart. */
export const encodeNext = (key: readonly (string | number)[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/** @throws SyncError `STORE_BAD_PAGE` (data) when the text did not come from `encodeNext` with the same kinds of parts. */
export function decodeNext<K extends readonly (string | number)[]>(
	next: string | undefined,
	kinds: { [I in keyof K]: 'string' | 'number' },
): K | undefined {
	if (next === undefined) return undefined;
	try {
		const key: unknown = JSON.parse(Buffer.from(next, 'base64url').toString());
		if (Array.isArray(key) && key.length === kinds.length && key.every((part, index) => typeof part === kinds[index])) {
			return key as unknown as K;
		}
	} catch {
		// Falls through to the one error below.
	}
	throw new SyncError({
		code: 'STORE_BAD_PAGE',
		errorClass: 'data',
		system: 'store',
		message: 'The position to continue the list from is not one that this list gave out.',
		hint: 'Start the list from its beginning.',
	});
}

/** A limit both databases accept, also for callers that ask for everything. */
export const rowLimit = (limit: number): number => Math.min(Math.max(1, Math.floor(limit)), 2 ** 31 - 2);

/** A list in the order of a key, read in slices; see `Backend.scanSlice`. */
export interface KeysetList<K, R> {
	/** Key of the row that ends the next slice after `after`; undefined when the rest fits into one slice. Not asked when lists are not sliced. */
	sliceEnd(after: K | undefined): Promise<K | undefined>;
	/** Matching rows after `after` up to and including `upTo`, in order. */
	read(after: K | undefined, upTo: K | undefined, limit: number): Promise<R[]>;
	keyOf(row: R): K;
}

/** Collects one page. Slices without any match are passed over, so a page is only shorter than `limit` at the end. */
export async function readPage<K extends readonly (string | number)[], R>(
	list: KeysetList<K, R>,
	options: { after: K | undefined; limit: number; sliced: boolean },
): Promise<Page<R>> {
	const limit = rowLimit(options.limit);
	const rows: R[] = [];
	let after = options.after;
	for (;;) {
		const upTo = options.sliced ? await list.sliceEnd(after) : undefined;
		for (const row of await list.read(after, upTo, limit + 1 - rows.length)) rows.push(row);
		if (rows.length > limit) {
			const page = rows.slice(0, limit);
			return { rows: page, next: encodeNext(list.keyOf(page[limit - 1] as R)) };
		}
		if (upTo === undefined) return { rows };
		after = upTo;
	}
}

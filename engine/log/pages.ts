import type { Page } from '../ports/storeQueries';

const PAGE = 500;

/** All rows of a list of the store, page by page: never more than a page in memory. */
export async function* eachRow<T>(read: (limit: number, next: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
	let next: string | undefined;
	do {
		const page = await read(PAGE, next);
		yield* page.rows;
		next = page.next;
	} while (next !== undefined);
}

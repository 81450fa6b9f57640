import type { Page } from '../ports/storeQueries';

/** Marks that a list has come to what the overlay adds, and how far. */
const OWN = 'own ';
/** Marks how far the list of the store below has come. */
const BELOW = 'below ';

export interface TwoLists<T> {
	below(next: string | undefined): Promise<Page<T>>;
	isHidden(row: T): boolean;
	hasOwn: boolean;
	own(): Promise<readonly T[]>;
}

/** What the store lists, as far as the overlay does not know better, and then what the overlay adds. */
export async function twoLists<T>(query: { limit: number; next?: string }, lists: TwoLists<T>): Promise<Page<T>> {
	let { next } = query;
	while (!next?.startsWith(OWN)) {
		const page = await lists.below(next?.slice(BELOW.length));
		const rows = page.rows.filter((row) => !lists.isHidden(row));
		next = page.next === undefined ? (lists.hasOwn ? `${OWN}0` : undefined) : `${BELOW}${page.next}`;
		// An empty page is the end for those who ask.
		if (rows.length > 0 || next === undefined) return { rows, ...(next === undefined ? {} : { next }) };
	}
	const start = Number(next.slice(OWN.length));
	const own = await lists.own();
	const rows = own.slice(start, start + query.limit);
	return { rows, ...(start + rows.length < own.length ? { next: `${OWN}${start + rows.length}` } : {}) };
}

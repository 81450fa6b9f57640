import type { SystemRecord } from '../system';

/**
 * Drops rows that a page sequence shows twice: a row that changes while the pages are read moves, and may push others over a page border.
 * A row that changed meanwhile has another version and passes. Pages are ordered by stamp, so equal versions can only meet in neighbouring
 * pages: two are remembered, however long the sequence is.
 */
export class UnseenRows {
	private before = new Set<string>();

	of(page: readonly SystemRecord[]): SystemRecord[] {
		const now = new Set<string>();
		const fresh = page.filter((record) => {
			const key = `${record.id} ${record.version}`;
			const known = this.before.has(key) || now.has(key);
			now.add(key);
			return !known;
		});
		this.before = now;
		return fresh;
	}
}

import type { SystemRecord } from '../../model/record';

/**
 * Drops rows that a page sequence shows twice: a row that changes while the pages are read moves, and may push others over a page border.
 * A row that changed meanwhile has another version and passes. Pages are ordered by stamp, so equal versions can only meet in neighbouring
 * pages: two are remembered, however long the sequence is. Within a page each record stands once.
 */
export class UnseenRows {
	private before = new Set<string>();

	of(page: readonly SystemRecord[]): SystemRecord[] {
		const key = (record: SystemRecord): string => `${record.id} ${record.version}`;
		// Of a record that a page shows in two states the later one counts: a page that holds a record twice would create it twice.
		const latest = new Map(page.map((record) => [record.id, record]));
		const fresh = [...latest.values()].filter((record) => !this.before.has(key(record)));
		this.before = new Set(page.map(key));
		return fresh;
	}
}

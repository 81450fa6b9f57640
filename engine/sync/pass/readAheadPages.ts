import type { SystemRecord } from '../../model/record';

/** How pages are put together, and whether others are read meanwhile. */
export interface Together {
	/** Rows that the next part is to hold, at the least where there are so many; asked before each part. */
	rows(): number;
	/** Whether pages are read while the part before them is dealt with; asked before each page. */
	mayReadAhead(): boolean;
}

/**
 * Pages as parts of so many rows, read while the part before is dealt with: reading and writing take turns no longer. In the order of the pages, none twice
 * and none left out; never more in memory than the part at hand and as many rows again. What the service has against a page is thrown where the page would have come, after
 * all pages before it; and whoever stops in between leaves no request behind that is still under way.
 */
export async function* readAheadPages(
	pages: AsyncIterable<SystemRecord[]>,
	{ rows, mayReadAhead }: Together,
): AsyncGenerator<SystemRecord[]> {
	const reader = new PageReader(pages[Symbol.asyncIterator]());
	try {
		for (;;) {
			await reader.idle();
			const wanted = rows();
			await reader.read(wanted, () => true);
			const part = reader.take(wanted);
			if (part === null) return;
			reader.readAhead(wanted, mayReadAhead);
			yield part;
		}
	} finally {
		await reader.close();
	}
}

/** Reads one page at a time, whoever asks for it. */
class PageReader {
	private pages: SystemRecord[][] = [];
	private end: 'open' | 'reached' | { error: unknown } = 'open';
	private ahead: Promise<void> = Promise.resolve();

	constructor(private readonly rest: AsyncIterator<SystemRecord[]>) {}

	/** Until so many rows are there. */
	async read(wanted: number, mayGoOn: () => boolean): Promise<void> {
		let there = this.pages.reduce((sum, { length }) => sum + length, 0);
		while (this.end === 'open' && (there < wanted || this.pages.length === 0) && mayGoOn()) {
			try {
				const next = await this.rest.next();
				if (next.done) this.end = 'reached';
				else {
					this.pages.push(next.value);
					there += next.value.length;
				}
			} catch (error) {
				this.end = { error };
			}
		}
	}

	/** Never throws: what goes wrong is told by `take`. */
	readAhead(wanted: number, mayGoOn: () => boolean): void {
		this.ahead = this.read(wanted, mayGoOn);
	}

	async idle(): Promise<void> {
		await this.ahead;
	}

	/** Whole pages until so many rows are together; null at the end. Throws what the next page was refused with once those before it are taken. */
	take(wanted: number): SystemRecord[] | null {
		const [first, ...others] = this.pages;
		if (!first) {
			if (typeof this.end === 'object') throw this.end.error;
			return null;
		}
		const part = [...first];
		let taken = 1;
		for (const page of others) {
			if (part.length >= wanted) break;
			part.push(...page);
			taken++;
		}
		this.pages = this.pages.slice(taken);
		return part;
	}

	async close(): Promise<void> {
		await this.ahead;
		await this.rest.return?.();
	}
}

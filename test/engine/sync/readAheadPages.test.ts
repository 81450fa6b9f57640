import { readAheadPages } from '../../../engine/sync/pass/readAheadPages';
import type { SystemRecord } from '../../../engine/model/record';

const record = (id: number): SystemRecord => ({ id: String(id), modifiedAt: '', version: 'v', number: '', name: '', values: {} });

/** Pages of `size` records; notes what was read, and whether it was closed. */
function source(pages: number, size: number, failsAt = Number.POSITIVE_INFINITY) {
	const seen = { read: 0, closed: false, answered: 0 };
	async function* all(): AsyncGenerator<SystemRecord[]> {
		try {
			for (let page = 0; page < pages; page++) {
				seen.read++;
				await new Promise((resolve) => setImmediate(resolve));
				seen.answered++;
				if (page === failsAt) throw new Error(`page ${page}`);
				yield Array.from({ length: size }, (_, row) => record(page * size + row));
			}
		} finally {
			seen.closed = true;
		}
	}
	return { seen, pages: all() };
}

const together = (rows: number, ahead = true) => ({ rows: () => rows, mayReadAhead: () => ahead });
const ids = (part: readonly SystemRecord[]): number[] => part.map(({ id }) => Number(id));
const turns = async (count: number): Promise<void> => {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test('pages come in their order, as parts of whole pages that hold so many rows', async () => {
	const parts: number[][] = [];
	for await (const part of readAheadPages(source(5, 2).pages, together(3))) parts.push(ids(part));
	expect(parts).toEqual([
		[0, 1, 2, 3],
		[4, 5, 6, 7],
		[8, 9],
	]);
});

test('each page by itself where no more is asked for, an empty one too', async () => {
	const parts: number[][] = [];
	for await (const part of readAheadPages(source(3, 2).pages, together(0))) parts.push(ids(part));
	expect(parts).toEqual([
		[0, 1],
		[2, 3],
		[4, 5],
	]);
	const empty: number[][] = [];
	for await (const part of readAheadPages(source(1, 0).pages, together(0))) empty.push(ids(part));
	expect(empty).toEqual([[]]);
});

test('while a part is dealt with the next one is read, and no more than that', async () => {
	const { seen, pages } = source(9, 2);
	const parts = readAheadPages(pages, together(4));
	await parts.next();
	expect(seen.read).toBeGreaterThanOrEqual(2);
	await turns(20);
	expect(seen.answered).toBe(4);
	await parts.next();
	await turns(20);
	expect(seen.answered).toBe(6);
	await parts.return(undefined);
});

test('where nothing may be read ahead, a page is read when it is asked for', async () => {
	const { seen, pages } = source(3, 2);
	const parts = readAheadPages(pages, together(0, false));
	await parts.next();
	await turns(20);
	expect(seen.read).toBe(1);
	await parts.next();
	expect(seen.read).toBe(2);
	await parts.return(undefined);
});

test('what the service has against a page is told after all pages before it, while nobody is left without an answer', async () => {
	const { pages } = source(9, 2, 3);
	const parts: number[][] = [];
	const all = (async () => {
		for await (const part of readAheadPages(pages, together(4))) {
			parts.push(ids(part));
			await turns(20);
		}
	})();
	await expect(all).rejects.toThrow('page 3');
	expect(parts).toEqual([
		[0, 1, 2, 3],
		[4, 5],
	]);
});

test('whoever stops in between leaves no request behind that is still under way, and the reading is closed', async () => {
	const { seen, pages } = source(9, 2);
	const stop = (async () => {
		for await (const part of readAheadPages(pages, together(4))) throw new Error(`stopped at ${ids(part).join()}`);
	})();
	await expect(stop).rejects.toThrow('stopped at 0,1,2,3');
	expect(seen.answered).toBe(seen.read);
	expect(seen.closed).toBe(true);
});

test('what fails meanwhile hides nothing of why the part before it failed', async () => {
	const { pages } = source(9, 2, 1);
	const stop = (async () => {
		for await (const part of readAheadPages(pages, together(0))) {
			await turns(20);
			throw new Error(`stopped at ${ids(part).join()}`);
		}
	})();
	await expect(stop).rejects.toThrow('stopped at 0,1');
});

import type { BatchPart } from '../../../../engine/systems/odata/batch';
import { LEAST_PARTS, share, spread } from '../../../../engine/systems/odata/batchSize';
import { Dealer } from '../../../../engine/systems/odata/dealer';

const part = (more: Partial<BatchPart> = {}): BatchPart => ({ method: 'PATCH', url: '/row', headers: {}, ...more });

/** All batches one lane after the other would send, each as its positions. */
function dealt(parts: readonly BatchPart[], size: number): number[][] {
	const dealer = new Dealer(parts, () => size);
	const batches: number[][] = [];
	for (let next = dealer.deal(); next; next = dealer.deal(next.then)) batches.push(next.indexes);
	return batches;
}

describe('parts are dealt out to lanes', () => {
	it('in their order, so many at a time', () => {
		expect(dealt([part(), part(), part(), part(), part()], 2)).toEqual([[0, 1], [2, 3], [4]]);
		expect(dealt([], 2)).toEqual([]);
	});

	it('a group is never torn apart', () => {
		const group = (name: string): BatchPart => part({ group: name });
		expect(dealt([part(), group('a'), group('a'), group('a'), group('b'), group('b'), part()], 2)).toEqual([[0, 1, 2, 3], [4, 5], [6]]);
	});

	it('rows below one parent go one batch after another on one lane, wherever they stand, while others go on', () => {
		const below = (parent: string): BatchPart => part({ parent });
		const dealer = new Dealer([below('a'), part(), below('a'), below('b'), below('a'), part()], () => 2);
		const first = dealer.deal()!;
		expect(first.indexes).toEqual([0, 2]);
		expect(first.then).not.toBeNull();
		// Another lane meanwhile gets nothing of that parent.
		expect(dealer.deal()!.indexes).toEqual([1, 3]);
		expect(dealer.deal(first.then)!.indexes).toEqual([4]);
		expect(dealer.deal()!.indexes).toEqual([5]);
		expect(dealer.deal()).toBeNull();
	});

	it('each part exactly once, whatever they share and however large batches are', () => {
		const parts = Array.from({ length: 300 }, (_, index) =>
			index % 3 === 0 ? part() : index % 3 === 1 ? part({ parent: `p${index % 7}` }) : part({ group: `g${index >> 4}` }),
		);
		for (const size of [1, 2, 7, 50, 1000]) {
			const all = dealt(parts, size).flat();
			expect([size, [...all].sort((a, b) => a - b)]).toEqual([size, parts.map((_, index) => index)]);
		}
	});
});

describe('batches share the work of a call among the lanes', () => {
	it.each([
		['800 on 52 lanes', 800, 52, 16],
		['500 on 52 lanes: not below what is worth a request', 500, 52, LEAST_PARTS],
		['300 on 5 lanes', 300, 5, 60],
		['2,000 on 5 lanes: at most what the service takes', 2_000, 5, 100],
		['one lane', 30, 1, 30],
		['no lane at all counts as one', 30, 0, 30],
		['3', 3, 5, LEAST_PARTS],
	])('%s', (_what, parts, lanes, expected) => {
		expect(spread(100).size(parts, lanes)).toBe(expected);
	});

	it('a service that takes few at a time gets few', () => {
		expect(share(1_000, 4, { least: 10, most: 3 })).toBe(3);
	});
});

import { PartSize } from '../../../engine/sync/pass/partSize';

/** Sizes of parts that take so many milliseconds each. */
function sizes(took: readonly number[], most = 3_000): number[] {
	let now = 0;
	const size = new PartSize(1_000, most, { now: () => now, sleep: () => Promise.resolve() });
	return [
		size.next(),
		...took.map((ms) => {
			now += ms;
			return size.next();
		}),
	];
}

test('a part grows page by page as long as it is quick, up to what fills the lanes', () => {
	expect(sizes([1_000, 2_000, 3_000, 3_000])).toEqual([1_000, 2_000, 3_000, 3_000, 3_000]);
});

test('where a service takes a second for a row, parts stay as small as a page', () => {
	expect(sizes([60_000, 60_000])).toEqual([1_000, 1_000, 1_000]);
	expect(sizes([1_000, 1_000, 60_000, 60_000, 60_000])).toEqual([1_000, 2_000, 3_000, 2_000, 1_000, 1_000]);
	expect(sizes([1_000, 10_000, 10_000])).toEqual([1_000, 2_000, 2_000, 2_000]);
});

test('a clock that is set back counts as no time', () => {
	expect(sizes([-60_000, 60_000])).toEqual([1_000, 2_000, 1_000]);
});

import { playStory } from './story';

/** Stories that once broke a promise, and some that are merely eventful. */
const FIXED = [106, 1003, 5009, 5044, 5098, 20024, 90002, ...Array.from({ length: 25 }, (_, index) => index + 1)];
const FRESH = 15;

test.each(FIXED)('story %i: whatever people and misfortune do, both sides agree in the end and no edit is lost', async (seed) => {
	const { violations, plot } = await playStory(seed);
	expect({ violations, plot: violations.length > 0 ? plot : [] }).toEqual({ violations: [], plot: [] });
});

test('fresh stories keep the same promises; a broken one prints its seed', async () => {
	const first = Math.floor(Math.random() * 1e9);
	for (let seed = first; seed < first + FRESH; seed++) {
		const { violations, plot } = await playStory(seed);
		expect({ seed, violations, plot: violations.length > 0 ? plot : [] }).toEqual({ seed, violations: [], plot: [] });
	}
});

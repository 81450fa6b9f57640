import { FAMILIES } from './families';
import { describeBroken, shorten } from './shorten';
import { strikeStages } from './stage';
import { playStory } from './story';

/** Seeds of stories that are the same in every run of the tests: some for each family. */
const FIXED = [1, 2];
/** Stories of all tables together are dear, and so many that a fresh one tells little: the same ones each time. */
const TOGETHER = [1, 2, 3, 4, 5, 6, 7, 8];
const first = Math.floor(Math.random() * 1e9);

afterAll(() => strikeStages());

async function expectKept(seed: number, family: string): Promise<void> {
	const outcome = await playStory(seed, family);
	if (outcome.violations.length > 0) throw new Error(describeBroken(outcome, await shorten(outcome), false));
}

describe.each(FAMILIES)('$name: $about', ({ name, rules }) => {
	test.each(rules?.together ? TOGETHER : FIXED)('story %i: both sides agree in the end, no edit is lost, nothing is there twice', (seed) =>
		expectKept(seed, name),
	);

	if (rules?.together) return;
	test('a fresh story keeps the same promises; a broken one prints its seed', () =>
		expectKept(first + FAMILIES.findIndex((each) => each.name === name), name));
});

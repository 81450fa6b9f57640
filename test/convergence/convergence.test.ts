import { FAMILIES } from './families';
import { describeBroken, shorten } from './shorten';
import { strikeStages } from './stage';
import { playStory } from './story';

/** Seeds of stories that are the same in every run of the tests: some for each family. */
const FIXED = [1, 2];
const first = Math.floor(Math.random() * 1e9);

afterAll(() => strikeStages());

async function expectKept(seed: number, family: string): Promise<void> {
	const outcome = await playStory(seed, family);
	if (outcome.violations.length > 0) throw new Error(describeBroken(outcome, await shorten(outcome), false));
}

describe.each(FAMILIES)('$name: $about', ({ name }) => {
	test.each(FIXED)('story %i: both sides agree in the end, no edit is lost, nothing is there twice', (seed) => expectKept(seed, name));

	test('a fresh story keeps the same promises; a broken one prints its seed', () =>
		expectKept(first + FAMILIES.findIndex((each) => each.name === name), name));
});

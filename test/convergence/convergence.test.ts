import { FAMILIES } from './families';
import { describeBroken, shorten } from './shorten';
import { strikeStages } from './stage';
import { playStory } from './story';

/** Seeds of stories that are the same in every run of the tests, for each family. Fresh ones are told by `npm run convergence`. */
const FIXED = [1];
/** Stories of all tables together have more to tell. */
const TOGETHER = [1, 2, 3, 4];
const DOCUMENTS = [1, 2];

afterAll(() => strikeStages());

async function expectKept(seed: number, family: string): Promise<void> {
	const outcome = await playStory(seed, family);
	if (outcome.violations.length > 0) throw new Error(describeBroken(outcome, await shorten(outcome), false));
}

describe.each(FAMILIES.filter(({ onDemand }) => !onDemand))('$name: $about', ({ name, rules }) => {
	test.each(rules?.together ? TOGETHER : rules?.documents ? DOCUMENTS : FIXED)(
		'story %i: both sides agree in the end, no edit is lost, nothing is there twice',
		(seed) => expectKept(seed, name),
	);
});

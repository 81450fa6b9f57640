import { familyOf, type Rules, type StepKind, type Weights } from './families';
import { Random } from './random';

/** One thing that happens. What exactly is drawn from its own seed, so that a step keeps its meaning when others are taken out. */
export interface Step {
	kind: StepKind;
	seed: number;
}

/** A story as it can be told again: printed, replayed, shortened. */
export interface Script {
	seed: number;
	family: string;
	rules: Rules;
	/** Records at the beginning. */
	start: number;
	steps: readonly Step[];
}

const LENGTH = 24;

export function writeScript(seed: number, familyName: string): Script {
	const random = new Random(seed);
	const family = familyOf(familyName);
	const length = family.length ?? LENGTH;
	const drawn: Rules = {
		conflict: random.pick(['none', 'send', 'get', 'newest']),
		deletion: random.pick(['none', 'restore', 'removeCoupling', 'deleteOther']),
		direction: 'bidirectional',
		creates: true,
		tracking: random.chance(0.3),
		store: 'sqlite',
		texts: random.chance(0.2),
		outsiders: random.chance(0.2),
	};
	const steps = Array.from({ length }, () => ({ kind: weighted(random, family.steps!), seed: random.between(1, 2 ** 31) }));
	return { seed, family: familyName, rules: { ...drawn, ...family.rules }, start: family.start ?? 3, steps };
}

export function weighted<Name extends string>(random: Random, weights: Weights<Name>): Name {
	const entries = Object.entries(weights) as Array<[Name, number]>;
	let left = random.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
	for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
	return entries.at(-1)![0];
}

import type { FaultRule } from '../../sandbox/core/types';
import { dieAt, Killed } from '../kit/killing';
import { createWorld, type World } from '../kit/world';
import { findViolations } from './invariants';
import { People, type Side } from './people';
import { Random } from './random';

export interface StoryFigures {
	runs: number;
	edits: number;
	faults: number;
	kills: number;
}

export interface StoryOutcome {
	seed: number;
	figures: StoryFigures;
	/** Broken promises, in words; empty when all were kept. */
	violations: string[];
	/** What happened, in order. */
	plot: string[];
}

const SIDES: readonly Side[] = ['businessCentral', 'crm'];
/** Runs after the faults stop within which both sides must agree. */
const RUNS_TO_AGREE = 3;

/** Rules under which a story runs; part of the seed. */
export interface Rules {
	conflict: 'none' | 'send' | 'get' | 'newest';
	deletion: 'none' | 'restore' | 'removeCoupling' | 'deleteOther';
	deletes: boolean;
}

/** One story: people and runs and misfortune in any order, then quiet; ends with what was found broken. */
export async function playStory(seed: number, length = 24): Promise<StoryOutcome> {
	const random = new Random(seed);
	const world = await createWorld();
	const people = new People(world, random);
	const figures: StoryFigures = { runs: 0, edits: 0, faults: 0, kills: 0 };
	const plot: string[] = [];
	const rules: Rules = {
		conflict: random.pick(['none', 'send', 'get', 'newest']),
		deletion: random.pick(['none', 'restore', 'removeCoupling', 'deleteOther']),
		deletes: random.chance(0.4),
	};
	plot.push(`rules ${JSON.stringify(rules)}`);
	const tell = (text: string): void => void plot.push(`${new Date(world.clock.now()).toISOString().slice(11, 19)} ${text}`);
	const story = { random, world, people, figures, rules, tell };
	try {
		for (let index = 0; index < 3; index++) people.create(random.pick(SIDES));
		for (let step = 0; step < length; step++) await playStep(story);
		people.endTransaction();
		world.sandbox.faults.clear();
		world.sandbox.clock.skew.businessCentral = 0;
		world.sandbox.clock.skew.crm = 0;
		for (let run = 0; run < RUNS_TO_AGREE; run++) {
			world.minutes(15);
			await sync(story, { findDeleted: 'now' });
		}
		const violations = await findViolations(world, people, rules);
		return { seed, figures, violations, plot };
	} finally {
		await world.close();
	}
}

interface Story {
	random: Random;
	world: World;
	people: People;
	figures: StoryFigures;
	rules: Rules;
	tell: (text: string) => void;
}

async function playStep(story: Story): Promise<void> {
	const { random, world, people, figures, rules, tell } = story;
	const dice = random.next();
	const side = random.pick(SIDES);
	if (dice < 0.4) {
		tell(`edit in ${side}: ${people.edit(side)}`);
		figures.edits++;
	} else if (dice < 0.48) tell(`create in ${side}: ${people.create(side)}`);
	else if (dice < 0.52 && rules.deletes) tell(`delete in ${side}: ${people.remove(side)}`);
	else if (dice < 0.55) tell(`a long transaction in businessCentral: ${people.editSlowly()}`);
	else if (dice < 0.65) {
		const minutes = random.pick([0.01, 0.5, 1, 3, 7, 20]);
		// No transaction of Business Central outlives its longest request.
		if (minutes > 5) people.endTransaction();
		world.minutes(minutes);
		tell(`${minutes} minutes pass`);
	} else if (dice < 0.69) {
		world.sandbox.clock.skew[side] = random.between(-300_000, 300_000);
		tell(`clock of ${side} is ${world.sandbox.clock.skew[side]} ms off`);
	} else {
		await misfortune(story);
		if (random.chance(0.5)) people.endTransaction();
	}
}

/** A run, often under bad luck. */
async function misfortune(story: Story): Promise<void> {
	const { random, world, figures, tell } = story;
	for (let count = random.pick([0, 0, 1, 1, 2]); count > 0; count--) {
		const rule = fault(random);
		world.sandbox.faults.add(rule);
		figures.faults++;
		tell(`fault: ${JSON.stringify({ ...rule, url: rule.url?.source })}`);
	}
	const dice = random.next();
	if (dice < 0.25) await sync(story, { kill: true });
	else if (dice < 0.33) await sync(story, { overlapping: true });
	else if (dice < 0.4) await sync(story, { preview: true });
	else if (dice < 0.55) await sync(story, { findDeleted: 'now' });
	else if (dice < 0.65) await sync(story, { direction: random.pick(['toCrm', 'fromCrm'] as const) });
	else await sync(story, {});
	world.sandbox.faults.clear();
}

function fault(random: Random): FaultRule {
	const system = random.pick(['businessCentral', 'crm'] as const);
	const nth = random.between(1, 6);
	const fault = random.pick<FaultRule['fault']>([
		{ kind: 'dropBefore' },
		{ kind: 'dropAfter' },
		{ kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
		{ kind: 'answer', status: 503 },
		{ kind: 'answer', status: 401 },
		{ kind: 'html', status: 502 },
		{ kind: 'truncate', characters: random.between(1, 2000) },
		{ kind: 'halfBatch', parts: random.between(0, 4) },
		{ kind: 'stale' },
	]);
	return { system, nth, fault, ...(fault.kind === 'stale' ? { method: 'PATCH' } : {}), times: random.pick([1, 1, 1, 3]) };
}

interface RunManner {
	kill?: boolean;
	overlapping?: boolean;
	preview?: boolean;
	findDeleted?: 'now';
	direction?: 'toCrm' | 'fromCrm';
}

async function sync(story: Story, manner: RunManner): Promise<void> {
	const { random, world, figures, rules, tell } = story;
	figures.runs++;
	const request = {
		mapping: 'CUSTOMER',
		createUncoupled: true,
		conflict: rules.conflict,
		deletion: rules.deletion,
		pageSize: random.pick([1, 2, 1000]),
		...(manner.direction ? { direction: manner.direction } : {}),
		...(manner.findDeleted || (manner.kill && random.chance(0.5)) ? { findDeleted: 'now' as const } : {}),
		...(manner.preview ? { preview: true } : {}),
	};
	if (manner.kill) {
		figures.kills++;
		const step = random.between(1, 25);
		const when = random.pick(['before', 'after'] as const);
		const death = dieAt(step, when);
		const end = await Promise.race([world.run(request, death.options), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return 'killed' as const;
			throw error;
		});
		tell(end === 'killed' ? `run killed ${when} step ${step}` : `run (kill at ${step} came too late) ${describe(end)}`);
		if (end === 'killed' && random.chance(0.8)) world.minutes(3);
		return;
	}
	const before = world.sandbox.log.requests.reduce((sum, each) => sum + each.writes, 0);
	const results = manner.overlapping ? (await Promise.all([world.run(request), world.run(request)])).flat() : await world.run(request);
	tell(`run ${JSON.stringify(manner)} ${describe(results)}`);
	const after = world.sandbox.log.requests.reduce((sum, each) => sum + each.writes, 0);
	if (manner.preview && after !== before) throw new Error('A preview wrote something.');
}

const describe = (results: Awaited<ReturnType<World['run']>>): string =>
	results
		.map(
			({ job, failed }) =>
				`[${job.direction} ${job.status} ${job.message} ${failed.map((each) => `${each.errorCode}:${each.crm?.name ?? each.businessCentral?.name ?? ''}`).join(',')}]`,
		)
		.join(' ');

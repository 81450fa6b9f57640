import { SIDES } from '../fields';
import type { StoryOutcome } from '../outcome';
import { Random } from '../random';
import { type Script, type Step, weighted } from '../script';
import { KINDS } from './kinds';
import { block, create, edit, enter, move, pick, renumber, unblock } from './people';
import { openTown, TownNotMade } from './prepared';
import { recouple } from './recouple';
import { removeAndDecide } from './removals';
import { counters, type Town } from './town';

/**
 * Stories of all tables together: records that hang on each other are entered, edited, moved, blocked, coupled anew, deleted and restored on both
 * sides, and what is written to one must do nothing to the others but what people meant. A model of its own: it knows what people entered, and
 * nothing of the engine.
 */
export async function playTogether(script: Script): Promise<StoryOutcome> {
	const opened = await openTown(script.seed).catch((error: unknown) => {
		if (error instanceof TownNotMade) return error;
		throw error;
	});
	if (opened instanceof TownNotMade) {
		const { figures, found, plot } = opened.town;
		return { script, figures, violations: found, plot };
	}
	const { town, close } = opened;
	try {
		await tell(town, script);
	} catch (error) {
		town.found.push(`unexplained: ${error instanceof Error ? error.stack : String(error)}`);
	} finally {
		await close();
	}
	return { script, figures: town.figures, violations: town.found, plot: town.plot };
}

/** Share of the stories at whose end every mapping is run, deletions looked for, though nobody did anything. */
const EVERYTHING = 0.3;

async function tell(town: Town, script: Script): Promise<void> {
	town.tell(`family ${script.family}`);
	for (const step of script.steps) {
		await happen(town, step);
		if (town.found.length > 0) return;
	}
	town.tell('calm');
	for (const each of town.residents.values()) if (each.blocked) unblock(town, each);
	await town.agreed();
	// Dear, because of all that nobody touched: some stories are enough for that.
	if (town.found.length === 0 && new Random(script.seed).chance(EVERYTHING)) await town.quiet();
}

async function happen(town: Town, { kind, seed }: Step): Promise<void> {
	const random = new Random(seed);
	switch (kind) {
		case 'edit':
			return edit(town, random);
		case 'create':
			return void create(town, random.pick(KINDS).name, random);
		case 'act':
			town.world.minutes(random.pick([1, 15]));
			return random.chance(0.4) ? await rehearsed(town) : void (await town.run());
		case 'lull':
			return void town.world.minutes(random.pick([1, 15, 40]));
		case 'remove':
			return await removeAndDecide(town, random);
		case 'event':
			return await event(town, random);
		default:
			throw new Error(`Nothing is known of ${kind}.`);
	}
}

async function event(town: Town, random: Random): Promise<void> {
	switch (weighted(random, { move: 5, several: 3, renumber: 2, block: 2, recouple: 1 })) {
		case 'move':
			return move(town, random);
		case 'several':
			return several(town, random);
		case 'renumber':
			return renumber(town, random);
		case 'block':
			return block(town, random);
		case 'recouple':
			return await recouple(town, random);
	}
}

/** Somebody goes through a whole record. */
function several(town: Town, random: Random): void {
	const resident = pick(town, random);
	const side = random.pick(SIDES);
	if (resident) for (const field of resident.kind.fields) if (random.chance(0.6)) enter(town, resident, field, side, random);
}

/** A preview, and at once the run: they say the same, and the preview does nothing. */
async function rehearsed(town: Town): Promise<void> {
	const said = await town.run({ preview: true });
	const done = await town.run();
	const lines = (results: typeof said): string[] =>
		results.map((result) => `${result.job.mapping} ${result.job.direction} ${counters(result)}`);
	const [first, second] = [lines(said), lines(done)];
	// What Business Central hands down to persons is announced in words, and met by the run after it was written.
	const handsDown = said.some(({ warnings }) => warnings.some((warning) => /would get it with the next run of CONTACT/.test(warning)));
	first.forEach((line, index) => {
		if (handsDown && line.startsWith('CONTACT toCrm')) return;
		if (line !== second[index]) town.broken(`the preview says "${line}", the run "${second[index]}"`);
	});
}

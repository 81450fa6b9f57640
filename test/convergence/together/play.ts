import { loadMappings, runFullSync } from '../../../engine';
import type { Filter } from '../../../engine/model/filter';
import { companyOf } from './kinds';
import { create, edit, enter, move, NAMES, pick } from './people';
import { removeAndDecide } from './removals';
import { counters, Town } from './town';
import { Random } from '../random';
import type { Script, Step } from '../script';
import { openStage } from '../stage';
import type { StoryOutcome } from '../outcome';
import { SIDES } from '../fields';

/**
 * Stories of all tables together: records that hang on each other are entered, edited, moved, blocked, deleted and restored on both sides, and what is
 * written to one must do nothing to the others but what people meant. A model of its own: it knows what people entered, and nothing of the engine.
 */
export async function playTogether(script: Script): Promise<StoryOutcome> {
	const stage = await openStage(script.seed, script.rules.store);
	const town = new Town(stage.world);
	try {
		await tell(town, script);
	} catch (error) {
		town.found.push(`unexplained: ${error instanceof Error ? error.stack : String(error)}`);
	} finally {
		await stage.close();
	}
	return { script, figures: town.figures, violations: town.found, plot: town.plot };
}

async function tell(town: Town, script: Script): Promise<void> {
	town.tell(`family ${script.family}`);
	await setUp(town);
	const random = new Random(script.seed);
	for (const name of NAMES) create(town, name, random);
	for (let index = 0; index < script.start; index++) create(town, random.pick(NAMES), random);
	town.figures.runs++;
	const request = { afterwards: 'keep' as const, ignoreDependencies: true };
	town.report('full sync', await town.use((session) => runFullSync(session, request)));
	if (town.found.length > 0) return;
	await town.agreed();
	// Something stands in every field, so that what gets lost is seen.
	for (const resident of town.residents.values())
		for (const field of resident.kind.fields) if (field.values !== 'yesNo') enter(town, resident, field, 'businessCentral');
	if (town.found.length === 0) await town.agreed();
	for (const step of script.steps) {
		if (town.found.length > 0) return;
		await happen(town, step);
	}
	if (town.found.length > 0) return;
	town.tell('calm');
	await town.agreed();
	if (town.found.length > 0) return;
	const before = town.writes();
	town.world.minutes(15);
	await town.runAll();
	if (town.writes() !== before) town.broken(`a further run without edits wrote ${town.writes() - before} rows`);
}

async function happen(town: Town, { kind, seed }: Step): Promise<void> {
	const random = new Random(seed);
	switch (kind) {
		case 'edit':
			return edit(town, random);
		case 'create':
			return void create(town, random.pick(NAMES), random);
		case 'act':
			return random.chance(0.3) ? await rehearsed(town) : void (await town.runAll());
		case 'lull':
			return void town.world.minutes(random.pick([1, 15, 40]));
		case 'remove':
			return await removeAndDecide(town, random);
		case 'event':
			return random.chance(0.6) ? move(town, random) : several(town, random);
		default:
			throw new Error(`Nothing is known of ${kind}.`);
	}
}

/** Somebody goes through a whole record. */
function several(town: Town, random: Random): void {
	const resident = pick(town, random);
	const side = random.pick(SIDES);
	if (resident) for (const field of resident.kind.fields) if (random.chance(0.6)) enter(town, resident, field, side);
}

/** A preview, and at once the run: they say the same, and the preview does nothing. */
async function rehearsed(town: Town): Promise<void> {
	const before = town.writes();
	const said = await town.runAll(true);
	if (town.writes() !== before) town.broken(`a preview wrote ${town.writes() - before} rows`);
	const done = await town.runAll();
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

/** Units of measure of the company; and blocked items and resources stay within the filters, so that blocking travels. */
async function setUp(town: Town): Promise<void> {
	for (const code of ['PCS', 'HOUR']) companyOf(town.world).insert('unitsOfMeasure', { code, displayName: code.toLowerCase() });
	const without = (filter: Filter): Filter => ({
		...filter,
		conditions: filter.conditions.filter((condition) => !('field' in condition) || !/^(blocked|statecode)$/i.test(condition.field)),
	});
	await town.use(async (session) => {
		for (const { name, bcFilter, crmFilter } of await loadMappings(session))
			if (name === 'ITEM-PRODUCT' || name === 'RESOURCE-PRODUCT')
				await session.store.saveSettings(name, { bcFilter: without(bcFilter), crmFilter: without(crmFilter) });
	});
}

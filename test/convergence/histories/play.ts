import { FIELDS, SIDES } from '../fields';
import { Random } from '../random';
import type { Script, Step } from '../script';
import { openStage } from '../stage';
import type { StoryOutcome } from '../outcome';
import { backAgain } from './backAgain';
import { Chronicle } from './chronicle';
import { clocks } from './clocks';
import { emptied } from './emptied';
import { hiddenColumns } from './hiddenColumns';
import type { History, HistoryName } from './history';
import { longRuns } from './longRuns';
import { mappingEdited } from './mappingEdited';
import { owed } from './owed';
import { pagesComeAndGo } from './pagesComeAndGo';
import { rewriting } from './rewriting';

const HISTORIES: Readonly<Record<HistoryName, History>> = {
	...{ backAgain, clocks, emptied, hiddenColumns, longRuns, mappingEdited, owed, pagesComeAndGo, rewriting },
};

/**
 * Stories in which it is time that counts: what was agreed, what changed since, in which order. A model of its own, like that of restored systems: it
 * knows every value people entered, blanks and repeated ones too, and nothing of fingerprints, versions and watermarks.
 */
export async function playHistory(script: Script, name: HistoryName): Promise<StoryOutcome> {
	const stage = await openStage(script.seed, script.rules.store);
	const chronicle = new Chronicle(script, stage.world);
	try {
		await tell(chronicle, HISTORIES[name]);
	} catch (error) {
		chronicle.found.push(`unexplained: ${error instanceof Error ? error.stack : String(error)}`);
	} finally {
		await stage.close();
	}
	return { script, figures: chronicle.figures, violations: chronicle.found, plot: chronicle.plot };
}

async function tell(chronicle: Chronicle, history: History): Promise<void> {
	const { script, world } = chronicle;
	chronicle.tell(`family ${script.family}, rules ${JSON.stringify(script.rules)}`);
	await chronicle.configure({}, 'as the rules say');
	await history.begin?.(chronicle);
	const random = new Random(script.seed);
	for (let index = 0; index < script.start; index++) chronicle.create(random.pick(SIDES));
	await chronicle.agreed();
	// All fields hold something, so that what gets lost is seen.
	for (const mark of chronicle.marks()) for (const field of FIELDS) chronicle.enter('businessCentral', mark, field, chronicle.newValue());
	await chronicle.agreed({ allowMassChanges: true });
	for (const step of script.steps) {
		if (chronicle.found.length > 0) return;
		await happen(chronicle, history, step);
	}
	if (chronicle.found.length > 0) return;
	chronicle.tell('calm');
	await history.calm?.(chronicle);
	await chronicle.agreed();
	if (chronicle.found.length > 0) return;
	settle(chronicle);
	await chronicle.agreed();
	if (chronicle.found.length > 0) return;
	await history.end?.(chronicle);
	const before = chronicle.writes();
	world.minutes(15);
	await chronicle.run();
	if (chronicle.writes() !== before) chronicle.broken(`a further run without edits wrote ${chronicle.writes() - before} rows`);
}

async function happen(chronicle: Chronicle, history: History, { kind, seed }: Step): Promise<void> {
	const random = new Random(seed);
	const { world } = chronicle;
	switch (kind) {
		case 'edit':
			return history.edit ? history.edit(chronicle, random) : void chronicle.edit(random);
		case 'create':
			return void chronicle.create(random.pick(SIDES));
		case 'act':
			await (history.run ?? ((own) => own.run()))(chronicle, random);
			return;
		case 'wait':
			return world.minutes(random.pick([0.5, 3, 12]));
		case 'lull':
			world.minutes(random.pick([15, 40, 90]));
			chronicle.tell('time passes');
			return;
		case 'event':
			// A shortened story may have no records left.
			return chronicle.marks().length > 0 ? await history.event(chronicle, random) : undefined;
		default:
			throw new Error(`Nothing is known of ${kind}.`);
	}
}

/** Somebody makes disputed values equal. */
function settle(chronicle: Chronicle): void {
	for (const name of chronicle.standing.disputed) {
		const mark = name.slice(0, name.indexOf(' '));
		const field = FIELDS.find(({ caption }) => name === `${mark} ${caption}`)!;
		const value = chronicle.newValue();
		for (const side of SIDES) chronicle.enter(side, mark, field, value);
	}
}

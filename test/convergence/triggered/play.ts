import { openStage } from '../stage';
import { Random } from '../random';
import type { Script } from '../script';
import type { StoryOutcome } from '../outcome';
import { Story } from '../story';
import { Control } from './control';
import { happen } from './happen';
import { SECOND } from './times';

/**
 * Nobody starts anything here but the trigger: people edit, time passes, and what goes wrong goes wrong with looks, signals, starts and processes as well.
 * The model is that of the other stories; beside it stands when runs may begin, and when an edit has to be there at the latest.
 */
export async function playTriggered(script: Script): Promise<StoryOutcome> {
	const stage = await openStage(script.seed, script.rules.store);
	const story = new Story(script, stage.world, stage.stores);
	const control = await Control.open(story, script.rules.triggered!, script.seed);
	const { figures, plot } = story;
	try {
		return { script, figures, plot, violations: await tell(script, story, control) };
	} catch (error) {
		// The engine explains every failure; what it does not explain is broken.
		return { script, figures, plot, violations: [`unexplained: ${error instanceof Error ? error.stack : String(error)}`] };
	} finally {
		await control.close();
		await stage.close();
	}
}

async function tell(script: Script, story: Story, control: Control): Promise<string[]> {
	story.tell(`family ${script.family}, rules ${JSON.stringify(script.rules)}`);
	await story.setUp();
	const random = new Random(script.seed);
	for (let index = 0; index < script.start; index++) story.people.create(random.pick(['businessCentral', 'crm']));
	control.begin({ startNow: true });
	await control.pass(10 * SECOND);
	for (const step of script.steps) {
		if (story.witness.found.length > 0) return story.witness.found;
		await happen(control, step);
	}
	return await control.end(random);
}

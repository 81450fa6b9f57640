import { Random } from '../random';
import { SIDES } from '../fields';
import type { Step } from '../script';
import type { Control } from './control';
import { goWrong } from './goWrong';
import { HOUR, MINUTE, SECOND } from './times';

/** One step of a story: somebody does something, or time passes, or something goes wrong. */
export async function happen(control: Control, { kind, seed }: Step): Promise<void> {
	const random = new Random(seed);
	const { story } = control;
	const { people, world } = story;
	const side = random.pick(SIDES);
	switch (kind) {
		case 'edit':
			story.figures.edits++;
			control.act(`edit in ${side}`, () => people.edit(random, side));
			break;
		case 'create':
			control.act(`create in ${side}`, () => people.create(side));
			break;
		case 'slow':
			control.act('a long transaction in businessCentral', () => people.editSlowly(random));
			break;
		case 'leave':
			control.reasons.deeds++;
			control.someLeft = true;
			control.act(`leaves the filter of ${side}`, () => people.leave(random, side));
			break;
		case 'enter':
			control.reasons.deeds++;
			control.someLeft = false;
			control.act('back in the filters', () => people.enterAgain());
			break;
		case 'skew':
			world.sandbox.clock.skew[side] = random.between(-300_000, 300_000);
			story.tell(`clock of ${side} is ${world.sandbox.clock.skew[side]} ms off`);
			break;
		case 'lull':
			await control.pass(random.between(15 * MINUTE, 3 * HOUR));
			return story.tell('time passes');
		case 'event':
			await goWrong(control, random);
			break;
		default:
			throw new Error(`Nothing is known of ${kind}.`);
	}
	await control.pass(random.pick([0, SECOND, random.between(2, 60) * SECOND, 63 * SECOND, 150 * SECOND]));
}

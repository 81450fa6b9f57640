import { SIDES } from '../fields';
import type { Chronicle } from './chronicle';
import type { History } from './history';
import { answerNothingRestored } from './nothingRestored';

const HOUR_MS = 60 * 60_000;
const HOURS = [-6, -2, -0.5, 0.5, 2, 6];

/** The clock of a service, or n8n's own, jumps; a row carries a stamp of the future. */
export const clocks: History = {
	begin: answerNothingRestored,
	event(chronicle, random) {
		const { sandbox } = chronicle.world;
		const kind = random.pick(['service', 'own', 'future'] as const);
		const hours = random.pick(HOURS);
		if (kind === 'own') {
			setOwnClock(chronicle, hours * HOUR_MS);
			return chronicle.tell(`n8n's clock is ${hours} hours off`);
		}
		const side = random.pick(SIDES);
		if (kind === 'service') {
			// Set back, it stamps what follows with times that were read already: only a comparison finds that.
			if (hours * HOUR_MS < sandbox.clock.skew[side]) chronicle.needsDay = true;
			sandbox.clock.skew[side] = hours * HOUR_MS;
			return chronicle.tell(`the clock of ${side} is ${hours} hours off`);
		}
		const skew = sandbox.clock.skew[side];
		sandbox.clock.skew[side] = skew + 400 * 24 * HOUR_MS;
		chronicle.tell(`with a stamp of next year:`);
		chronicle.edit(random, { side });
		sandbox.clock.skew[side] = skew;
	},
	calm(chronicle) {
		for (const side of SIDES) {
			if (chronicle.world.sandbox.clock.skew[side] > 0) chronicle.needsDay = true;
			chronicle.world.sandbox.clock.skew[side] = 0;
		}
		setOwnClock(chronicle, 0);
		chronicle.tell('all clocks are right');
	},
};

/** Only what n8n reads: the services keep their time. */
function setOwnClock({ world }: Chronicle, offset: number): void {
	world.clock.now = () => world.sandbox.clock.now() + offset;
}

import { FIELDS, NAME } from '../fields';
import type { History } from './history';

/** Few values, so that they come back. */
const VALUES = ['A', 'B', 'C'];
const FEW = FIELDS.filter((field) => field !== NAME).slice(0, 2);

/** Values go back to what they were while runs die between announcing an update, sending it, and writing down what came of it. */
export const backAgain: History = {
	edit: (chronicle, random) => void chronicle.edit(random, { value: random.pick(VALUES), fields: FEW }),
	async event(chronicle, random) {
		const [mark, field] = [random.pick(chronicle.marks()), random.pick(FEW)];
		const sides = random.chance(0.5) ? (['businessCentral', 'crm'] as const) : (['crm', 'businessCentral'] as const);
		const [own, other] = sides;
		if (chronicle.standing.entered(mark, field, other) !== undefined) return;
		const row = chronicle.row(own, mark);
		if (!row) return;
		const before = chronicle.tables.value(own, row, field);
		const value = random.pick(VALUES.filter((each) => each !== before));
		chronicle.enter(own, mark, field, value);
		await chronicle.crash(random.between(8, 26), random.pick(['before', 'after'] as const));
		const back = random.chance(0.6);
		if (back) chronicle.enter(own, mark, field, before);
		// Whoever works on the other side sees what stands there, and may enter the very value that was under way.
		if (random.chance(0.6)) chronicle.enter(other, mark, field, random.pick([value, ...VALUES]));
	},
	async run(chronicle, random) {
		if (random.chance(0.3)) await chronicle.crash(random.between(6, 26), random.pick(['before', 'after'] as const));
		else await chronicle.run();
	},
};

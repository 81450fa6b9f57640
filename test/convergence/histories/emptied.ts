import { FIELDS, markOf, NAME, SIDES, otherSide, type EditableField, type Side } from '../fields';
import type { Chronicle } from './chronicle';
import type { History } from './history';

const MAY_BE_BLANK = FIELDS.filter((field) => field !== NAME);
const DAY_MS = 24 * 60 * 60_000;

/** Records that runs took values from, with the time, since somebody agreed to it last. */
const emptyings = new WeakMap<Chronicle, Map<string, number>>();

/**
 * Fields are blanked, one by one and in masses. A blank travels like any other value; many of them within a day wait for somebody's consent, however
 * they are spread over runs.
 */
export const emptied: History = {
	async event(chronicle, random) {
		const [side, field] = [random.pick(SIDES), random.pick(MAY_BE_BLANK)];
		const marks = chronicle.marks().filter(() => random.chance(random.pick([0.2, 0.9])));
		for (const mark of marks) {
			if (chronicle.standing.entered(mark, field, otherSide(side)) === undefined) chronicle.enter(side, mark, field, '');
		}
		await watched(chronicle);
	},
	edit(chronicle, random) {
		if (random.chance(0.6)) chronicle.edit(random, { value: '', fields: MAY_BE_BLANK });
		else chronicle.edit(random);
	},
	run: watched,
	async calm(chronicle) {
		await watched(chronicle);
		// Somebody looks at it and agrees.
		await chronicle.run({ allowMassChanges: true });
		chronicle.world.minutes(25 * 60);
	},
};

/** A run that may be stopped by the guard, and must be when it empties too much. */
async function watched(chronicle: Chronicle): Promise<void> {
	const before = pictures(chronicle);
	const jobs = await chronicle.run({}, {}, ['MASS_CHANGE']);
	const now = chronicle.world.clock.now();
	const blanked = [...pictures(chronicle)].filter(([key, value]) => value === '' && (before.get(key) ?? '') !== '');
	// A couple that loses several values counts once a day.
	const losers = emptyings.get(chronicle) ?? emptyings.set(chronicle, new Map()).get(chronicle)!;
	for (const [key] of blanked) losers.set(key.split(' ')[1]!, now);
	const inADay = [...losers.values()].filter((time) => now - time < DAY_MS).length;
	const records = chronicle.marks().length;
	// A fifth of the records, and never fewer than ten.
	if (inADay > Math.max(10, records / 5))
		chronicle.broken(`${inADay} of ${records} records lost values within a day, and nobody was asked`);
	if (jobs.some(({ failed }) => failed.some(({ errorCode }) => errorCode === 'MASS_CHANGE'))) {
		chronicle.tell('somebody agrees');
		losers.clear();
		await chronicle.run({ allowMassChanges: true });
	}
}

function pictures(chronicle: Chronicle): Map<string, string> {
	const picture = new Map<string, string>();
	const each = (side: Side, field: EditableField): void => {
		for (const row of chronicle.tables.rows(side)) {
			picture.set(`${side} ${markOf(side, row)} ${field.caption}`, chronicle.tables.value(side, row, field));
		}
	};
	for (const side of SIDES) for (const field of MAY_BE_BLANK) each(side, field);
	return picture;
}

import { FIELDS } from '../fields';
import type { Transport } from '../../../engine/systems/odata/transport';
import type { Random } from '../random';
import type { Chronicle } from './chronicle';
import type { History } from './history';
import { answerNothingRestored } from './nothingRestored';

/** Fields of the records themselves; a transaction of the page's rows would be another one. */
const OWN = FIELDS.filter(({ page }) => !page);

/** Runs that take longer than what the next one reads again, with people at work between their requests; rows that appear with old stamps. */
export const longRuns: History = {
	begin(chronicle) {
		// What cannot be sent in the time that a request may take is sent by the next run, and so is the second page of a record that somebody edited meanwhile.
		for (const code of ['BC_NOT_SENT', 'CRM_NOT_SENT', 'BC_STALE']) chronicle.expected.add(code);
		// An import may give a row a stamp of before the last run.
		answerNothingRestored(chronicle);
	},
	run: slowly,
	async event(chronicle, random) {
		if (random.chance(0.4)) await slowly(chronicle, random);
		else if (random.chance(0.5)) await longTransaction(chronicle, random);
		else backDated(chronicle, random);
	},
};

/** Every request takes a minute or more, and now and then somebody edits in between. */
async function slowly(chronicle: Chronicle, random: Random): Promise<void> {
	const minutes = random.pick([1, 1.5, 3]);
	const transport =
		(inner: Transport): Transport =>
		async (request) => {
			const response = await inner(request);
			chronicle.world.minutes(minutes);
			if (random.chance(0.25)) chronicle.edit(random);
			return response;
		};
	await chronicle.run({ pageSize: random.pick([1, 2]), findDeleted: 'off' }, { transport });
}

/** A transaction of Business Central that lasts an hour: its rows carry stamps of its beginning. */
async function longTransaction(chronicle: Chronicle, random: Random): Promise<void> {
	const mark = random.pick(chronicle.marks());
	const field = random.pick(OWN);
	const row = chronicle.row('businessCentral', mark);
	if (!row || chronicle.standing.entered(mark, field, 'crm') !== undefined) return;
	const value = chronicle.newValue();
	const transaction = chronicle.world.sandbox.businessCentral.beginTransaction();
	transaction.update(chronicle.tables.company, 'customers', String(row['id']), { [field.bc]: value });
	chronicle.tell(`a transaction of an hour: ${mark} ${field.caption} = ${value}`);
	for (const pause of [20, 40]) {
		chronicle.world.minutes(pause);
		await chronicle.run();
	}
	try {
		transaction.commit();
	} catch {
		return chronicle.tell('the transaction ends: somebody else changed the row');
	}
	chronicle.needsDay = true;
	chronicle.standing.enter(mark, field, 'businessCentral', value);
	chronicle.tell('the transaction ends');
}

/** An import into CRM gives rows stamps of long ago. */
function backDated(chronicle: Chronicle, random: Random): void {
	const { clock } = chronicle.world.sandbox;
	clock.skew.crm = -random.pick([1, 5, 30]) * 60 * 60_000;
	chronicle.tell(`back-dated by ${clock.skew.crm / -3_600_000} hours:`);
	if (chronicle.edit(random, { side: 'crm' })) chronicle.needsDay = true;
	clock.skew.crm = 0;
}

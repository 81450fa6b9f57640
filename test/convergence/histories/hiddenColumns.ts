import { clearDataverseMetadata } from '../../../engine/systems/dataverse';
import { FIELDS, NAME } from '../fields';
import { close, open } from './fieldsAway';
import type { History } from './history';

/** Columns that may be secured; the name may not. */
const CHOSEN = FIELDS.filter((field) => field !== NAME);

/** Column security is switched on in mid-life: the user of the runs reads nothing there, and that is no value. */
export const hiddenColumns: History = {
	begin(chronicle) {
		// Somebody writes where metadata of before still says that anybody may: the run says so and ends, and what is known is asked for anew.
		for (const code of ['CRM_PERMISSION_MISSING', 'SETUP_CHANGED']) {
			chronicle.answers.set(code, () => {
				clearDataverseMetadata();
				chronicle.tell('a person looks into it');
				return Promise.resolve();
			});
		}
	},
	event(chronicle, random) {
		const field = random.pick(CHOSEN);
		const hide = !chronicle.closed.has(field.caption);
		chronicle.world.sandbox.crm.secureColumn('account', field.crm, hide);
		// Now and then n8n is started anew, too.
		if (random.chance(0.5)) clearDataverseMetadata();
		(hide ? close : open)(chronicle, [field]);
		chronicle.tell(`${field.crm} is ${hide ? 'hidden' : 'shown'}`);
	},
	calm(chronicle) {
		for (const field of CHOSEN.filter(({ caption }) => chronicle.closed.has(caption))) {
			chronicle.world.sandbox.crm.secureColumn('account', field.crm, false);
			open(chronicle, [field]);
		}
		clearDataverseMetadata();
		// What a company knows of columns may be an hour old.
		chronicle.world.minutes(24 * 60);
	},
};

import type { TableMapping } from '../../engine/model/tableMapping';
import { createWorld, type World } from '../kit/world';
import { changed } from './answers/answerCase';
import { dates } from './dates';
import { type StandIn, startStandIn } from './standIn';
import { expectOutcome, outcomeOf } from './verdict';
import type { FieldMapping } from '../../engine/model/fieldMapping';

const field = (bcField: string, crmField: string, kind: FieldMapping['kind']): FieldMapping => ({
	key: crmField,
	caption: crmField,
	bcField,
	crmField,
	direction: 'toCrm',
	kind,
	enabled: true,
	own: true,
});

/** Contacts with the day of their last interaction: a day on both sides, and nothing else in the way. */
const DATES: TableMapping = {
	name: 'DATES',
	caption: 'Contacts with a day',
	bc: { name: 'contacts', numberField: 'number', nameField: 'displayName' },
	crm: { name: 'contact', numberField: null, nameField: 'fullname' },
	direction: 'toCrm',
	onlyCoupled: false,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: [],
	fields: [field('displayName', 'lastname', 'text'), field('lastInteractionDate', 'birthdate', 'date')],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: 0, crm: 0 },
	own: true,
};

let world: World;
let standIn: StandIn;
beforeEach(async () => {
	world = await createWorld();
	standIn = await startStandIn(world.sandbox);
	world.sandbox.businessCentral.company(world.base.companyName).seed('contacts', [{ number: 'K1', displayName: 'Roslyn', type: 'Person' }]);
	const session = await world.open();
	await session.store.saveSettings(DATES.name, { definition: DATES });
	await session.store.close();
});
afterEach(async () => {
	await standIn.close();
	await world.close();
});

const run = () => world.run({ mapping: DATES.name, direction: 'toCrm' }, { transport: () => standIn.transport });

test.each(dates.cases)('$what', async ({ sent, becomes, expect: expected }) => {
	standIn.rules = [
		{
			system: 'businessCentral',
			request: /\/contacts\?/,
			answer: (truth) => changed(truth, (page) => page.value.forEach((row) => (row['lastInteractionDate'] = sent))),
		},
	];
	expectOutcome(await outcomeOf(run()), expected);
	const contacts = world.sandbox.crm.rows('contact');
	if (becomes === undefined) {
		// Nothing is created with the day left out.
		expect(contacts).toEqual([]);
		return;
	}
	expect(contacts.map((row) => (row['birthdate'] as string | undefined) ?? null)).toEqual([becomes]);
	world.minutes(30);
	world.takeRequests();
	await run();
	expect(world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
});

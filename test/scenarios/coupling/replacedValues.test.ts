import { coupleRecords, matchCouple } from '../../../engine';
import { createSetting, type Setting } from './setting';

let setting: Setting;
beforeEach(async () => (setting = await createSetting()));
afterEach(() => setting.world.close());

const strategy = (conflict: 'send' | 'get' | 'newest') => setting.use((session) => session.store.saveSettings('CUSTOMER', { conflict }));
const replaced = async () =>
	(await setting.log())
		.filter(({ kind }) => kind === 'overwritten')
		.flatMap(({ fields }) => fields.map(({ name, crm, businessCentral }) => [name, businessCentral, crm]));

test.each([
	['send', 'none', 'Here'],
	['get', 'none', 'There'],
	['none', 'send', 'Here'],
	['none', 'get', 'There'],
] as const)(
	'records coupled by hand (%s first) in a mapping with strategy %s: the values that give way are in the log',
	async (initial, conflict, left) => {
		if (conflict !== 'none') await strategy(conflict);
		const bcId = setting.customer('C1', { displayName: 'Here', city: 'London' });
		const crmId = setting.account('There', { address1_postalcode: 'N1' });
		await setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial }));
		await setting.world.run({ mapping: 'CUSTOMER' });
		expect([setting.bc(bcId)!['displayName'], setting.crm(crmId)!['name']]).toEqual([left, left]);
		// Of the city and the post code one side was blank: where the blank one wins, the other one is named, too.
		expect(await replaced()).toContainEqual(['Name', 'Here', 'There']);
		expect(await replaced()).toContainEqual(left === 'Here' ? ['Post Code', '', 'N1'] : ['City', 'London', null]);
		expect((await replaced()).filter(([name]) => name === (left === 'Here' ? 'City' : 'Post Code'))).toEqual([]);
	},
);

test('edits of freshly matched records that give way are in the log, and do not count as a mass change', async () => {
	await strategy('get');
	const ids = Array.from({ length: 12 }, (_, index) =>
		setting.customer(`C${index}`, { displayName: `Name ${index}`, city: `Here ${index}` }),
	);
	for (const index of ids.keys()) setting.account(`Name ${index}`, { address1_city: `There ${index}` });
	const criteria = [{ bcField: 'displayName', crmField: 'name' }];
	await setting.use((session) => matchCouple(session, { mapping: 'CUSTOMER', criteria }));
	const [, back] = await setting.world.run({ mapping: 'CUSTOMER' });
	expect([back!.job.status, back!.job.modified]).toEqual(['finished', 12]);
	expect((await replaced()).sort()).toEqual(ids.map((_, index) => ['City', `Here ${index}`, `There ${index}`]).sort());
});

import { defineLeads } from '../../kit/ownTables';
import { derivedId } from '../../../engine/model/derivedId';
import { leads, own } from '../ownMappings/scene';
import { RESOURCES } from '../pages/resources';
import { resource, units } from '../products/shop';
import { counts, openStage, type OtherStore, type Stage } from './kit';

let stage: Stage;
let a: OtherStore;
let b: OtherStore;
beforeEach(async () => {
	stage = await openStage();
	a = await stage.store();
	b = await stage.store();
});
afterEach(() => stage.close());

test('a mapping of a user, whose rows carry no company: rows that runs made are met by their id, in both directions', async () => {
	defineLeads(stage.world.sandbox);
	for (const store of [a, b]) await store.use((session) => session.store.saveSettings('LEADS', { definition: leads() }));
	for (let number = 1; number <= 3; number++) stage.customer(`Customer ${number}`);
	await stage.run(a, 'LEADS');
	const rows = () => stage.world.sandbox.crm.rows('lead');
	expect(rows()).toHaveLength(3);
	stage.world.sandbox.crm.update('lead', String(rows()[0]!['leadid']), { fullname: 'Another name' });
	expect(counts(await stage.run(b, 'LEADS', { direction: 'fromCrm' }))).toEqual(['fromCrm: coupled 3']);
	expect([stage.customers().length, rows().length]).toEqual([3, 3]);
	const third = await stage.store();
	await third.use((session) => session.store.saveSettings('LEADS', { definition: leads() }));
	expect(counts(await stage.run(third, 'LEADS', { direction: 'toCrm' }))).toEqual(['toCrm: coupled 3']);
	expect(rows()).toHaveLength(3);
});

test('numbers of a mapping of a user tell partners only where the field is flagged for matching', async () => {
	defineLeads(stage.world.sandbox);
	const plain = leads({ crm: { name: 'lead', numberField: 'subject', nameField: 'fullname' } });
	const number = own('No.', 'number', 'subject', { kind: 'code', bcLength: 20, crmLength: 100 });
	const flagged = { ...plain, fields: [...plain.fields, { ...number, match: { caseSensitive: false, priority: 0 } }] };
	const unflagged = { ...plain, fields: [...plain.fields, number] };
	const customer = stage.customer('Adatum');
	stage.world.sandbox.crm.insert('lead', { fullname: 'Somebody else', subject: customer.number });
	await a.use((session) => session.store.saveSettings('LEADS', { definition: flagged }));
	await b.use((session) => session.store.saveSettings('LEADS', { definition: unflagged }));
	expect(counts(await stage.run(a, 'LEADS', { direction: 'toCrm', preview: true }))).toEqual(['toCrm: coupled 1']);
	expect(counts(await stage.run(b, 'LEADS', { direction: 'toCrm', preview: true }))).toEqual(['toCrm: inserted 1']);
});

test('records of a published page are named by their key: a second store meets their rows', async () => {
	units(stage.world, 'HOUR');
	resource(stage.world, 'R-1');
	resource(stage.world, 'R-2');
	for (const store of [a, b]) await store.use((session) => session.store.saveSettings('RESOURCES', { definition: RESOURCES }));
	await stage.run(a, 'RESOURCES');
	const made = (bcId: string) => derivedId({ companyId: stage.world.base.companyId, mapping: 'RESOURCES', bcId, generation: 0 });
	const contacts = () => stage.world.sandbox.crm.rows('contact').map((row) => String(row['contactid']).toLowerCase()).sort(); // prettier-ignore
	expect(contacts()).toEqual([made('r-1'), made('r-2')].sort());
	expect(counts(await stage.run(b, 'RESOURCES'))).toEqual(['toCrm: coupled 2', 'fromCrm: nothing']);
	expect(contacts()).toHaveLength(2);
});

test('a user who has a salesperson is known by the e-mail address, whatever became of the name, and without one by the name', async () => {
	await stage.run(a, 'SALESPEOPLE');
	const company = stage.world.sandbox.businessCentral.company(stage.world.base.companyName);
	const people = () => company.rows('salespeoplePurchasers');
	const before = people().length;
	const helena = people().find((row) => row['displayName'] === 'Helena Ray')!;
	company.update('salespeoplePurchasers', String(helena['id']), { displayName: 'Renamed' });
	expect(people().some((row) => row['email'] === '')).toBe(true);
	expect(counts(await stage.run(b, 'SALESPEOPLE'))).toEqual([`fromCrm: coupled ${before}`]);
	expect(people()).toHaveLength(before);
	expect(people().map((row) => row['displayName'])).toContain('Helena Ray');
});

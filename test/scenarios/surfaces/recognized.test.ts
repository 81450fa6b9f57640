import { coupleRecords, recordHistory, synchronizeMapping, uncoupleRecords } from '../../../engine';
import { derivedId } from '../../../engine/model/derivedId';
import { counts, openStage, type OtherStore, type Stage } from '../identity/kit';
import { RESOURCES } from '../pages/resources';
import { resource, units } from '../products/shop';
import { EXTENSION, offer } from './worlds';

/** Rows of CRM whose ids were made of the keys of records that are known by their SystemIds by now, and the other way round. */
const MAPPING = 'RESOURCES';
const DAY = 24 * 60;

let stage: Stage;
let a: OtherStore;
let b: OtherStore;
beforeEach(async () => {
	stage = await openStage();
	[a, b] = [await stage.store(), await stage.store()];
	units(stage.world, 'HOUR');
	for (const store of [a, b]) await store.use((session) => session.store.saveSettings(MAPPING, { definition: RESOURCES }));
});
afterEach(() => stage.close());

const company = () => stage.world.sandbox.businessCentral.company(stage.world.base.companyName);
const contacts = () => stage.world.sandbox.crm.rows('contact');
const systemId = (no: string): string =>
	String(
		company()
			.rows(`${EXTENSION}/resources`)
			.find((row) => row['no'] === no)!['id'],
	).toLowerCase();
const made = (bcId: string): string => derivedId({ companyId: stage.world.base.companyId, mapping: MAPPING, bcId, generation: 0 });
const contactIds = (): string[] => contacts().map((row) => String(row['contactid']).toLowerCase()).sort(); // prettier-ignore
const install = (): void => {
	offer(stage.world, 'both');
	stage.world.minutes(DAY);
};

test('a lost store: rows that were made for keys are found for the SystemIds of the same records, in both directions', async () => {
	for (const no of ['R-1', 'R-2']) resource(stage.world, no);
	await stage.run(a, MAPPING);
	expect(contactIds()).toEqual([made('r-1'), made('r-2')].sort());
	// Neither name nor number tells them any more.
	for (const id of contactIds()) stage.world.sandbox.crm.update('contact', id, { lastname: `Other ${id.slice(0, 3)}`, employeeid: null });
	install();
	expect(counts(await stage.run(b, MAPPING, { direction: 'toCrm' }))).toEqual(['toCrm: coupled 2']);
	const third = await stage.store();
	await third.use((session) => session.store.saveSettings(MAPPING, { definition: RESOURCES }));
	expect(counts(await stage.run(third, MAPPING, { direction: 'fromCrm' }))).toEqual(['fromCrm: coupled 2']);
	expect(contacts()).toHaveLength(2);
});

test('a new record with the former key of a renamed one gets a row of its own', async () => {
	resource(stage.world, 'R-1');
	await stage.run(a, MAPPING);
	install();
	await stage.run(a, MAPPING);
	company().update(`${EXTENSION}/resources`, systemId('R-1'), { no: 'R-9' });
	resource(stage.world, 'R-1');
	expect(counts(await stage.run(a, MAPPING, { direction: 'toCrm' }))).toEqual(['toCrm: inserted 1, modified 1']);
	expect(contacts().map((row) => row['employeeid']).sort()).toEqual(['R-1', 'R-9']); // prettier-ignore
	expect(contactIds()).toEqual([made('r-1'), made(systemId('R-1'))].sort());
	// Back to keys: each couple has the key its record has now.
	stage.world.sandbox.businessCentral.uninstallExtension();
	stage.world.minutes(DAY);
	await stage.run(a, MAPPING);
	const couples = (await a.couplings(MAPPING)).map(({ bcId, crmId }) => `${bcId} ${crmId}`).sort();
	const rowOf = (no: string) => String(contacts().find((row) => row['employeeid'] === no)!['contactid']).toLowerCase();
	expect(couples).toEqual([`r-1 ${rowOf('R-1')}`, `r-9 ${rowOf('R-9')}`]);
});

test('a record that lost its couple keeps the row that was made for its key, or parts from it for good', async () => {
	resource(stage.world, 'R-1');
	await stage.run(a, MAPPING);
	await a.use((session) => uncoupleRecords(session, { mapping: MAPPING, side: 'businessCentral', ids: ['r-1'] }));
	install();
	// What people parted stays parted, and a new row is made under an id that was never used.
	expect(counts(await stage.run(a, MAPPING, { direction: 'toCrm' }))).toEqual(['toCrm: inserted 1']);
	expect(contactIds()).toEqual([made('r-1'), made(systemId('R-1'))].sort());
});

test('records are named by their keys as well: from items of before, by hand, in the history', async () => {
	for (const no of ['R-1', 'R-2']) resource(stage.world, no);
	await stage.run(a, MAPPING);
	install();
	await stage.run(a, MAPPING);
	await a.use(async (session) => {
		company().update('ResourceCard', 'R-1', { Job_Title: 'Foreman' });
		const selected = { side: 'businessCentral' as const, ids: ['R-1'] };
		const [job] = await synchronizeMapping(session, { mapping: MAPPING, direction: 'toCrm', selected });
		expect(job!.job).toMatchObject({ modified: 1, failed: 0, skipped: 0 });
		expect((await recordHistory(session, { record: 'r-1', limit: 100 }))[0]!.businessCentral).toMatchObject({ id: systemId('R-1') });
		const crmId = String(stage.world.sandbox.crm.insert('contact', { lastname: 'By hand' }));
		const view = await coupleRecords(session, { mapping: MAPPING, bcId: 'R-2', crmId, initial: 'send' });
		expect(view.businessCentral).toMatchObject({ id: systemId('R-2'), number: 'R-2', url: expect.stringContaining('page=76') as string });
	});
});

test('a preview of a mapping that is not moved yet looks as before, and moves nothing', async () => {
	resource(stage.world, 'R-1');
	await stage.run(a, MAPPING);
	resource(stage.world, 'R-2');
	install();
	expect(counts(await stage.run(a, MAPPING, { preview: true }))).toEqual(['toCrm: inserted 1', 'fromCrm: nothing']);
	expect((await a.couplings(MAPPING)).map(({ bcId }) => bcId)).toEqual(['r-1']);
	await stage.run(a, MAPPING);
	resource(stage.world, 'R-3');
	expect(counts(await stage.run(a, MAPPING, { preview: true }))).toEqual(['toCrm: inserted 1', 'fromCrm: nothing']);
});

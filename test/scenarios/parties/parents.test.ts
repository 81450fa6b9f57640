import { listFailedRecords, listWaitingRecords, renderReport } from '../../../engine';
import { openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const account = (id: string) => ({ table: 'account', id });
const parentOf = (contact: string | undefined): unknown => scene.crm('contact', contact!)?.['parentcustomerid'] ?? null;
/** Runs all three mappings until nothing is left, and shows that the last one wrote nothing. */
async function settles(): Promise<void> {
	for (let run = 1; run <= 2; run++) {
		scene.world.minutes(1);
		await scene.runAll();
	}
	scene.writes();
	scene.world.minutes(1);
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
}

describe('the parent account of a contact of Business Central', () => {
	test('is the account of its customer, or of its vendor; customers come first', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const fabrikam = scene.enter('vendors', { displayName: 'Fabrikam' });
		// One company that buys and sells: the vendor is linked with the customer's contact.
		const both = scene.enter('customers', { displayName: 'Contoso' });
		const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
		company.settings.businessRelations.Vendor = '';
		const seller = scene.enter('vendors', { displayName: 'Contoso' });
		company.link({
			'Contact No.': scene.companyOf(both),
			'Business Relation Code': 'VEND',
			'Link to Table': 'Vendor',
			'No.': seller.number,
		});
		const persons = [adatum, fabrikam, both].map((party, index) => scene.person(party, `Person ${index}`));
		await scene.runAll();
		const expected = [
			await scene.partner('CUSTOMER', adatum.id),
			await scene.partner('VENDOR', fabrikam.id),
			await scene.partner('CUSTOMER', both.id),
		];
		expect(await Promise.all(persons.map(async ({ id }) => parentOf(await scene.partner('CONTACT', id))))).toEqual(expected);
		expect(expected).not.toContain(undefined);
		await settles();
	});

	test('is the right one among customers of the same name', async () => {
		const twins = [1, 2, 3].map(() => scene.enter('customers', { displayName: "O'Neill & Co (50 %)" }));
		const person = scene.person(twins[1]!, 'Robert Townes');
		await scene.runAll();
		expect(parentOf(await scene.partner('CONTACT', person.id))).toBe(await scene.partner('CUSTOMER', twins[1]!.id));
	});

	test('is empty while the customer is not coupled, and follows as soon as it is, though nobody touches the contact', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const person = scene.person(adatum, 'Robert Townes', { phoneNumber: '1' });
		const [toCrm] = await scene.run('CONTACT');
		expect(toCrm!.job).toMatchObject({ inserted: 1, failed: 0, skipped: 0 });
		const contact = await scene.partner('CONTACT', person.id);
		expect([parentOf(contact), scene.crm('contact', contact!)?.['telephone1']]).toEqual([null, '1']);
		// What it waits for is written down; it is no failure, neither of the job nor of the record.
		expect((await scene.couplings('CONTACT'))[0]!.failure).toBeNull();
		expect(await scene.requeued('CONTACT')).toEqual([
			expect.objectContaining({
				direction: 'toCrm',
				reason: 'referenceDeferred',
				unresolved: [expect.objectContaining({ mapping: 'CUSTOMER', value: adatum.number })],
			}),
		]);
		expect(await scene.use(({ store }) => store.countFailures('CONTACT'))).toEqual({ failed: 0, skipped: 0 });
		expect((await scene.use((session) => listFailedRecords(session, { limit: 10 }))).rows).toEqual([]);
		// Nobody has to look at it, and who wants to know sees what it waits for.
		const report = await scene.use(({ store }) => {
			const period = { from: '2026-03-01T00:00:00Z', to: '2026-03-31T00:00:00Z', now: '2026-03-07T12:00:00Z' };
			return renderReport({ store, ...period, timeZone: 'UTC', title: 'Report', mappings: new Map() });
		});
		expect(report).toMatchObject({ needsAttention: 0, skipped: 0, waiting: 1 });
		expect(report.summary).toContain('1 record waits and needs no one: 1 for records they refer to, to be coupled first (CONTACT).');
		expect(report.html).toContain('1 record waits and needs no one');
		expect((await scene.use((session) => listWaitingRecords(session, { limit: 10, text: 'townes' }))).rows).toEqual([
			expect.objectContaining({
				...{ mapping: 'CONTACT', state: 'waiting', direction: 'toCrm', reason: 'referenceDeferred' },
				businessCentral: expect.objectContaining({ id: person.id.toLowerCase(), name: 'Robert Townes' }) as unknown,
				waitsFor: [expect.objectContaining({ mapping: 'CUSTOMER', value: adatum.number }) as unknown],
			}),
		]);
		expect((await scene.use((session) => listWaitingRecords(session, { limit: 10, text: 'somebody else' }))).rows).toEqual([]);
		// Hours later, long past the time that is read again; and other edits go through meanwhile.
		scene.world.minutes(300);
		scene.change('contacts', person.id, { phoneNumber: '2' });
		await scene.run('CONTACT');
		expect([parentOf(contact), scene.crm('contact', contact!)?.['telephone1']]).toEqual([null, '2']);
		scene.changeRow('contact', contact!, { telephone1: '3' });
		await scene.run('CONTACT');
		// A contact without an account is outside the filter of CRM, so its edit waits for the account, too.
		scene.writes();
		scene.world.minutes(300);
		await scene.run('CONTACT');
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
		await scene.run('CUSTOMER');
		scene.world.minutes(300);
		const [after] = await scene.run('CONTACT');
		expect(after!.job).toMatchObject({ modified: 1, failed: 0, skipped: 0 });
		expect(parentOf(contact)).toBe(await scene.partner('CUSTOMER', adatum.id));
		expect(await scene.requeued('CONTACT')).toEqual([]);
		await settles();
		expect(scene.bc('contacts', person.id)?.['phoneNumber']).toBe('3');
	});

	test('is owed still when the contact fails before the customer is coupled, and follows once it does not fail any more', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const person = scene.person(adatum, 'Robert Townes');
		await scene.run('CONTACT');
		const contact = await scene.partner('CONTACT', person.id);
		scene.world.minutes(30);
		// Told apart from what it waits for: the contact fails, and it waits.
		scene.change('contacts', person.id, { phoneNumber: '1' });
		scene.changeRow('contact', contact!, { telephone1: '2' });
		for (let times = 1; times <= 2; times++) await scene.run('CONTACT', { direction: 'toCrm' });
		expect((await scene.couplings('CONTACT'))[0]!.failure).toMatchObject({ errorCode: 'CONFLICT', skipped: true });
		expect(await scene.requeued('CONTACT')).toMatchObject([{ reason: 'referenceDeferred' }]);
		scene.world.minutes(300);
		await scene.run('CUSTOMER');
		scene.world.minutes(300);
		await scene.run('CONTACT', { direction: 'toCrm' });
		expect(parentOf(contact)).toBeNull();
		scene.changeRow('contact', contact!, { telephone1: '1' });
		scene.world.minutes(300);
		await scene.run('CONTACT', { selected: { side: 'businessCentral', ids: [person.id] } });
		expect(parentOf(contact)).toBe(await scene.partner('CUSTOMER', adatum.id));
		expect([(await scene.couplings('CONTACT'))[0]!.failure, await scene.requeued('CONTACT')]).toEqual([null, []]);
		await settles();
	});

	test('is empty likewise when the contact moved to an uncoupled customer, and follows that one', async () => {
		const [adatum, contoso] = ['Adatum', 'Contoso'].map((displayName) => scene.enter('customers', { displayName }));
		const person = scene.person(adatum!, 'Robert Townes');
		await scene.run('CUSTOMER', { selected: { side: 'businessCentral', ids: [adatum!.id] } });
		await scene.run('CONTACT');
		const contact = await scene.partner('CONTACT', person.id);
		expect(parentOf(contact)).toBe(await scene.partner('CUSTOMER', adatum!.id));
		scene.world.minutes(30);
		scene.change('contacts', person.id, { companyNumber: scene.companyOf(contoso!) });
		await scene.run('CONTACT');
		expect(parentOf(contact)).toBeNull();
		await settles();
		expect(parentOf(contact)).toBe(await scene.partner('CUSTOMER', contoso!.id));
		expect(scene.bc('contacts', person.id)?.['companyNumber']).toBe(scene.companyOf(contoso!));
	});

	test('that somebody chose in CRM meanwhile is not taken away when the customer is coupled later', async () => {
		const [adatum, contoso] = ['Adatum', 'Contoso'].map((displayName) => scene.enter('customers', { displayName }));
		const person = scene.person(adatum!, 'Robert Townes');
		await scene.run('CUSTOMER', { selected: { side: 'businessCentral', ids: [contoso!.id] } });
		await scene.run('CONTACT');
		const contact = await scene.partner('CONTACT', person.id);
		const chosen = await scene.partner('CUSTOMER', contoso!.id);
		scene.world.minutes(1);
		scene.changeRow('contact', contact!, { parentcustomerid: account(chosen!) });
		await scene.run('CONTACT');
		await settles();
		expect(parentOf(contact)).toBe(chosen);
		expect(scene.bc('contacts', person.id)?.['companyNumber']).toBe(scene.companyOf(contoso!));
	});

	test('without any relation to a customer or vendor is an error once the contact is coupled, and no error before', async () => {
		const adatum = scene.enter('customers', { displayName: 'Adatum' });
		const nobody = scene.enter('contacts', { type: 'Company', displayName: 'Nobody' });
		const stray = scene.enter('contacts', { type: 'Person', displayName: 'Stray', companyNumber: nobody.number });
		const alone = scene.enter('contacts', { type: 'Person', displayName: 'Alone' });
		const person = scene.person(adatum, 'Robert Townes');
		// Ignored without a counter, company contacts included.
		expect(await scene.runAll()).toEqual({ 'CUSTOMER toCrm': 'I1', 'CONTACT toCrm': 'I1' });
		const [named] = await scene.run('CONTACT', {
			direction: 'toCrm',
			selected: { side: 'businessCentral', ids: [stray.id, alone.id, nobody.id] },
		});
		expect(named!.job).toMatchObject({ inserted: 0, skipped: 3, failed: 0 });
		scene.world.minutes(30);
		scene.change('contacts', person.id, { companyNumber: nobody.number });
		const [toCrm] = await scene.run('CONTACT');
		expect([toCrm!.job.failed, toCrm!.failed[0]?.errorCode]).toEqual([1, 'CONTACT_WITHOUT_RELATION']);
		expect(parentOf(await scene.partner('CONTACT', person.id))).toBe(await scene.partner('CUSTOMER', adatum.id));
	});
});

describe('the company of a contact of CRM', () => {
	test('an account that is neither customer nor vendor gives a contact with a blank company and no customer', async () => {
		const partner = scene.row('account', { name: 'Partner', customertypecode: 5 });
		const contact = scene.row('contact', { firstname: 'Anna', lastname: 'Cruz', parentcustomerid: account(partner) });
		expect(await scene.runAll()).toEqual({ 'CONTACT fromCrm': 'I1' });
		const [coupling] = await scene.couplings('CONTACT');
		expect(coupling!.crmId).toBe(contact);
		expect(scene.bc('contacts', coupling!.bcId)).toMatchObject({
			type: 'Person',
			displayName: 'Anna Cruz',
			companyNumber: '',
			companyName: '',
		});
		expect(scene.world.sandbox.businessCentral.company(scene.world.base.companyName).rows('customers')).toEqual([]);
		await settles();
		expect(parentOf(contact)).toBe(partner);
	});

	test('is that of the coupled vendor', async () => {
		const id = scene.row('account', { name: 'Fabrikam', customertypecode: 11 });
		scene.row('contact', { lastname: 'Cruz', parentcustomerid: account(id) });
		await scene.runAll();
		const [vendor] = await scene.couplings('VENDOR');
		const [contact] = await scene.couplings('CONTACT');
		expect(scene.bc('contacts', contact!.bcId)?.['companyNumber']).toBe(scene.companyOf({ number: vendor!.bcNumber }));
		await settles();
	});

	test('an account that is not coupled keeps the contact waiting, until it is coupled', async () => {
		const id = scene.row('account', { name: 'Contoso', customertypecode: 3 });
		scene.row('contact', { lastname: 'Cruz', parentcustomerid: account(id) });
		const [, fromCrm] = await scene.run('CONTACT');
		expect([fromCrm!.job.inserted, fromCrm!.job.failed, fromCrm!.failed[0]?.errorCode]).toEqual([0, 1, 'DEPENDENCY']);
		expect(fromCrm!.failed[0]!.message).toContain('Contoso');
		await scene.runAll();
		expect(await scene.couplings('CONTACT')).toHaveLength(1);
	});

	test('is brought in first where customers may be created without being asked for', async () => {
		await scene.use(({ store }) => store.saveSettings('CUSTOMER', { onlyCoupled: false }));
		const id = scene.row('account', { name: 'Contoso', customertypecode: 3 });
		scene.row('contact', { lastname: 'Cruz', parentcustomerid: account(id) });
		const jobs = await scene.run('CONTACT');
		expect(jobs.map(({ job }) => [job.mapping, job.direction, job.inserted, job.failed])).toEqual([
			['CONTACT', 'toCrm', 0, 0],
			['CUSTOMER', 'fromCrm', 1, 0],
			['CONTACT', 'fromCrm', 1, 0],
		]);
		const [customer] = await scene.couplings('CUSTOMER');
		const [contact] = await scene.couplings('CONTACT');
		expect(scene.bc('contacts', contact!.bcId)?.['companyNumber']).toBe(scene.companyOf({ number: customer!.bcNumber }));
		await settles();
	});

	test('a contact that moves to another account moves in Business Central', async () => {
		const ids = ['Adatum', 'Contoso'].map((name) => scene.row('account', { name, customertypecode: 3 }));
		const contact = scene.row('contact', { lastname: 'Cruz', parentcustomerid: account(ids[0]!) });
		await settles();
		scene.changeRow('contact', contact, { parentcustomerid: account(ids[1]!) });
		await settles();
		const [coupling] = await scene.couplings('CONTACT');
		const contoso = (await scene.couplings('CUSTOMER')).find(({ crmId }) => crmId === ids[1])!;
		expect(scene.bc('contacts', coupling!.bcId)?.['companyNumber']).toBe(scene.companyOf({ number: contoso.bcNumber }));
		expect(parentOf(contact)).toBe(ids[1]);
	});

	test('contacts without a parent, and those of another contact, are left to CRM', async () => {
		const boss = scene.row('contact', { lastname: 'Boss' });
		const child = scene.row('contact', { lastname: 'Child', parentcustomerid: { table: 'contact', id: boss } });
		expect(await scene.runAll()).toEqual({});
		const [named] = await scene.run('CONTACT', { direction: 'fromCrm', selected: { side: 'crm', ids: [boss, child] } });
		expect(await scene.couplings('CONTACT')).toEqual([]);
		expect(named!.job.inserted).toBe(0);
	});
});

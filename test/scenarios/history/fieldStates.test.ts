import { runFullSync } from '../../../engine';
import { type HistoryScene, historyScene } from './scene';

let scene: HistoryScene;
afterEach(() => scene.world.close());

const FAX = { bcField: 'workflowCustomers/faxNumber', crmField: 'fax' };
const failures = () => scene.within(({ store }) => store.listFailures({ limit: 100 }).then(({ rows }) => rows));
const codes = async () => (await failures()).map(({ errorCode, direction }) => `${direction} ${errorCode}`);
/** Three more runs in a row; the last one writes nothing. */
const settle = async () => {
	await scene.run();
	await scene.run();
	scene.writes();
	await scene.run();
	expect(scene.writes()).toBe(0);
};

describe('a field switched off, and on again later', () => {
	beforeEach(async () => {
		scene = await historyScene();
		await scene.enable('telephone1', false);
	});

	test('what Business Central entered meanwhile is delivered, and nothing of CRM is lost', async () => {
		scene.editCustomer(0, { phoneNumber: '+1' });
		await scene.run();
		expect(scene.accounts()[0]!['telephone1']).toBe('+44 20 1');
		await scene.enable('telephone1', true);
		await scene.run();
		expect(scene.accounts().map((row) => row['telephone1'])).toEqual(['+1', '+44 20 2', '+44 20 3']);
		expect(scene.customers()[0]!['phoneNumber']).toBe('+1');
		expect((await scene.log()).map(({ code }) => code)).toContain('COMPARED_AGAIN');
		await settle();
	});

	test('what CRM entered meanwhile is delivered, too', async () => {
		scene.editAccount(1, { telephone1: '+2' });
		await scene.run();
		await scene.enable('telephone1', true);
		await scene.run();
		expect(scene.customers().map((row) => row['phoneNumber'])).toEqual(['+44 20 1', '+2', '+44 20 3']);
		await settle();
	});

	test('what both entered is a conflict of this field, and the others of the record travel', async () => {
		scene.editCustomer(0, { phoneNumber: '+1' });
		scene.editAccount(0, { telephone1: '+2' });
		await scene.run();
		await scene.enable('telephone1', true);
		await scene.run();
		expect([scene.customers()[0]!['phoneNumber'], scene.accounts()[0]!['telephone1']]).toEqual(['+1', '+2']);
		expect(await codes()).toContain('toCrm CONFLICT');
	});

	test('an edit of CRM after it is on does not hide the earlier one of Business Central', async () => {
		scene.editCustomer(0, { phoneNumber: '+1' });
		await scene.run();
		await scene.enable('telephone1', true);
		scene.editAccount(0, { telephone1: '+2' });
		await scene.run();
		expect([scene.customers()[0]!['phoneNumber'], scene.accounts()[0]!['telephone1']]).toEqual(['+1', '+2']);
		expect(await codes()).toContain('toCrm CONFLICT');
	});
});

describe('a field that is new', () => {
	const TAX = { bcField: 'taxRegistrationNumber', crmField: 'sic', direction: 'bidirectional' as const };
	beforeEach(async () => {
		scene = await historyScene();
		scene.editCustomer(0, { taxRegistrationNumber: 'BC1' });
		scene.editAccount(1, { sic: 'CRM2' });
		scene.editCustomer(2, { taxRegistrationNumber: 'BC3' });
		scene.editAccount(2, { sic: 'CRM3' });
		await scene.run();
	});
	const taxes = () => [scene.customers().map((row) => row['taxRegistrationNumber']), scene.accounts().map((row) => row['sic'])];

	test('the filled side travels, in either direction, and different values are a conflict of this field alone', async () => {
		expect(await scene.setFields('add', TAX)).toContainEqual(expect.stringMatching(/^3 couples are compared once more/));
		scene.editCustomer(2, { phoneNumber: '+33' });
		scene.editAccount(2, { fax: '+333' });
		await scene.run();
		expect(taxes()).toEqual([
			['BC1', 'CRM2', 'BC3'],
			['BC1', 'CRM2', 'CRM3'],
		]);
		expect(scene.accounts()[2]).toMatchObject({ telephone1: '+33', fax: '+333' });
		const [failure] = await failures();
		expect(failure!.message).toMatch(/different values in both systems, and nobody can tell which counts/);
		await settle();
		scene.editAccount(2, { sic: 'BC3' });
		await scene.run();
		await scene.run();
		expect(await codes()).toEqual([]);
	});

	test('of one direction: a blank does not take the place of a value', async () => {
		await scene.setFields('add', { ...TAX, direction: 'toCrm' });
		await scene.run({ allowMassChanges: true });
		expect(taxes()).toEqual([
			['BC1', '', 'BC3'],
			['BC1', 'CRM2', 'BC3'],
		]);
		expect((await scene.log('overwritten')).map(({ code }) => code)).toEqual(['REPLACED_AT_FIRST']);
		await settle();
	});

	test('a preview says what that will change', async () => {
		await scene.setFields('add', TAX);
		const jobs = await scene.run({ preview: true, returnChanges: 10 });
		expect(jobs.map(({ job }) => [job.modified, job.failed])).toEqual([
			[1, 1],
			[1, 1],
		]);
		expect(scene.writes()).toBe(0);
		expect(taxes()[1]).toEqual([undefined, 'CRM2', 'CRM3']);
	});
});

describe('the additional page is away for a while', () => {
	beforeEach(async () => {
		scene = await historyScene();
		scene.world.sandbox.businessCentral.unpublish('workflowCustomers');
	});

	test('edits of its fields on either side are delivered once it is back', async () => {
		scene.editAccount(0, { fax: '+1' });
		const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
		company.update('workflowCustomers', 'C000002', { faxNumber: '+2' });
		await scene.run();
		await scene.run();
		scene.world.sandbox.businessCentral.publish('workflowCustomers');
		await scene.run();
		await scene.run();
		const faxes = company.rows('workflowCustomers').map((row) => row['faxNumber'] ?? '');
		expect([faxes[0], scene.accounts()[0]![FAX.crmField]]).toEqual(['+1', '+1']);
		expect([faxes[1], scene.accounts()[1]![FAX.crmField]]).toEqual(['+2', '+2']);
		await settle();
	});

	test('also when it was away for one run only', async () => {
		scene.editAccount(0, { fax: '+1' });
		await scene.run();
		scene.world.sandbox.businessCentral.publish('workflowCustomers');
		await scene.run();
		await scene.run();
		const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
		expect(company.rows('workflowCustomers')[0]!['faxNumber']).toBe('+1');
		await settle();
	});
});

describe('the mapping is told otherwise', () => {
	beforeEach(async () => {
		scene = await historyScene();
	});

	test('a changed transformation: records follow, though nobody edits them', async () => {
		const warnings = await scene.setFields('change', {
			bcField: 'phoneNumber',
			crmField: 'telephone1',
			direction: 'bidirectional',
			transform: { toCrm: [{ rule: 'replace', parameters: { find: '+44', with: '0044' } }] },
		});
		expect(warnings).toEqual([expect.stringMatching(/^3 couples are compared once more by the next run, .*Phone No\./)]);
		await scene.run();
		expect(scene.accounts().map((row) => row['telephone1'])).toEqual(['0044 20 1', '0044 20 2', '0044 20 3']);
		expect(scene.customers().map((row) => row['phoneNumber'])).toEqual(['+44 20 1', '+44 20 2', '+44 20 3']);
		await settle();
	});

	test('a turned direction: the side that counts now is delivered', async () => {
		await scene.setFields('change', { bcField: 'phoneNumber', crmField: 'telephone1', direction: 'toCrm' });
		await scene.run();
		scene.editAccount(0, { telephone1: '+9' });
		await scene.run();
		expect(scene.customers()[0]!['phoneNumber']).toBe('+44 20 1');
		await scene.setFields('change', { bcField: 'phoneNumber', crmField: 'telephone1', direction: 'fromCrm' });
		await scene.run();
		expect(scene.customers()[0]!['phoneNumber']).toBe(scene.accounts()[0]!['telephone1']);
		await settle();
	});

	test('a wider filter: what comes inside is read, and the answer says so beforehand', async () => {
		const conditions = [{ field: 'number', operator: 'ne' as const, type: 'text' as const, value: 'C000002' }];
		await scene.update({ bcFilter: { conditions } });
		await scene.run();
		scene.editCustomer(1, { phoneNumber: '+2' });
		await scene.run();
		expect(scene.accounts()[1]!['telephone1']).toBe('+44 20 2');
		const warnings = await scene.update({ bcFilter: { conditions: [] } });
		expect(warnings).toContainEqual(
			'The next run reads all records of Business Central once, because the mapping selects others than before.',
		);
		await scene.run();
		expect(scene.accounts()[1]!['telephone1']).toBe('+2');
	});

	test('a change of captions or strategies compares nothing', async () => {
		expect(await scene.update({ conflict: 'send' })).toEqual([]);
		scene.world.takeRequests();
		await scene.run();
		expect((await scene.log()).map(({ code }) => code)).not.toContain('COMPARED_AGAIN');
	});

	test('what is compared goes on where a run was stopped', async () => {
		await scene.enable('telephone1', false);
		for (const index of [0, 1, 2]) scene.editCustomer(index, { phoneNumber: `+${index}` });
		await scene.run();
		await scene.enable('telephone1', true);
		await scene.run({ pageSize: 1, timeBudgetMs: 0 });
		await scene.run({ pageSize: 1, timeBudgetMs: 0 });
		await scene.run();
		expect(scene.accounts().map((row) => row['telephone1'])).toEqual(['+0', '+1', '+2']);
	});
});

describe('column security is switched on', () => {
	beforeEach(async () => {
		scene = await historyScene();
		scene.world.sandbox.crm.secureColumn('account', 'telephone1');
	});

	test('what the user may not see any more empties nothing, and edits made meanwhile are delivered when it shows again', async () => {
		for (const index of [0, 1, 2]) scene.editAccount(index, { fax: `+${index}` });
		scene.editAccount(2, { telephone1: '+hidden' });
		const jobs = await scene.run();
		expect(scene.customers().map((row) => row['phoneNumber'])).toEqual(['+44 20 1', '+44 20 2', '+44 20 3']);
		expect(jobs.flatMap(({ warnings }) => warnings)).toEqual([expect.stringMatching(/^Column security keeps telephone1 of account/)]);
		scene.editCustomer(0, { phoneNumber: '+1' });
		await scene.run();
		expect(scene.accounts()[0]!['telephone1']).toBe('+44 20 1');
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		await scene.run();
		expect(scene.accounts().map((row) => row['telephone1'])).toEqual(['+1', '+44 20 2', '+hidden']);
		expect(scene.customers().map((row) => row['phoneNumber'])).toEqual(['+1', '+44 20 2', '+hidden']);
		await settle();
	});

	test('an edit of Business Central for a column that is not known to be hidden yet ends one run, and the next one goes on without it', async () => {
		scene.editCustomer(0, { phoneNumber: '+1', addressLine2: 'Floor 9' });
		scene.editCustomer(1, { addressLine2: 'Floor 8' });
		const [job] = await scene.run();
		expect([job!.job.status, job!.failed.at(-1)!.errorCode]).toEqual(['failed', 'SETUP_CHANGED']);
		await scene.run();
		expect(scene.accounts()[1]!['address1_line2']).toBe('Floor 8');
		expect(scene.accounts()[0]).toMatchObject({ address1_line2: 'Floor 9', telephone1: '+44 20 1' });
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		await scene.run();
		expect(scene.accounts()[0]!['telephone1']).toBe('+1');
	});

	test('a value entered where both were blank, while nobody knew yet that the column is hidden, is delivered when it shows again', async () => {
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		for (const index of [0, 1]) scene.editCustomer(index, { phoneNumber: '' });
		await scene.run();
		await settle();
		scene.world.sandbox.crm.secureColumn('account', 'telephone1');
		scene.editAccount(0, { telephone1: '+entered' });
		// The same, beside a value that everybody sees.
		scene.editAccount(1, { telephone1: '+besides', fax: '+fax' });
		const jobs = await scene.run();
		expect(jobs.flatMap(({ warnings }) => warnings)).toEqual([expect.stringMatching(/^Column security keeps telephone1 of account/)]);
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		await scene.run();
		expect(scene.customers().map((row) => row['phoneNumber'])).toEqual(['+entered', '+besides', '+44 20 3']);
		await settle();
	});

	test('a row that CRM created with a value in it comes without, and the value follows when it shows again', async () => {
		scene.world.sandbox.crm.insert('account', { name: 'New', customertypecode: 3, fax: '+fax', telephone1: '+entered' });
		await scene.run({ createUncoupled: true });
		const { sandbox, base } = scene.world;
		const created = () => sandbox.businessCentral.company(base.companyName).rows('customers').at(-1);
		expect(created()).toMatchObject({ displayName: 'New', phoneNumber: '' });
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		await scene.run();
		expect(created()).toMatchObject({ displayName: 'New', phoneNumber: '+entered' });
		await settle();
	});

	test('a value that CRM really emptied travels', async () => {
		scene.world.sandbox.crm.secureColumn('account', 'telephone1', false);
		scene.editAccount(0, { telephone1: null });
		await scene.run();
		expect(scene.customers()[0]!['phoneNumber']).toBe('');
	});
});

describe('a conflict rule of a field', () => {
	test('goes before the one of the mapping, in both directions, and the one of a run before both', async () => {
		scene = await historyScene();
		await scene.setFields('change', { bcField: 'email', crmField: 'emailaddress1', direction: 'bidirectional', conflict: 'get' });
		await scene.setFields('change', { bcField: 'phoneNumber', crmField: 'telephone1', direction: 'bidirectional', conflict: 'send' });
		scene.editCustomer(0, { email: 'bc@example.com', phoneNumber: '+bc' });
		scene.editAccount(0, { emailaddress1: 'crm@example.com', telephone1: '+crm' });
		await scene.run();
		expect(scene.customers()[0]).toMatchObject({ email: 'crm@example.com', phoneNumber: '+bc' });
		expect(scene.accounts()[0]).toMatchObject({ emailaddress1: 'crm@example.com', telephone1: '+bc' });
		expect((await scene.log('overwritten')).length).toBeGreaterThan(0);

		scene.editCustomer(1, { email: 'bc@example.com' });
		scene.editAccount(1, { emailaddress1: 'crm@example.com' });
		await scene.run({ conflict: 'send' });
		expect(scene.accounts()[1]).toMatchObject({ emailaddress1: 'bc@example.com' });
	});

	test('"ask" holds the record where the mapping would settle it', async () => {
		scene = await historyScene();
		await scene.update({ conflict: 'send' });
		await scene.setFields('change', { bcField: 'email', crmField: 'emailaddress1', direction: 'bidirectional', conflict: 'none' });
		scene.editCustomer(0, { email: 'bc@example.com' });
		scene.editAccount(0, { emailaddress1: 'crm@example.com' });
		await scene.run();
		expect(await codes()).toEqual(['fromCrm CONFLICT', 'toCrm CONFLICT']);
	});
});

test.each([
	['a full synchronization with it', { force: true }, true],
	['a run with it, where a full synchronization without it did not', {}, false],
] as const)('Compare Everything finds what neither stamps nor versions tell: %s', async (_, more, found) => {
	scene = await historyScene();
	const session = await scene.world.open();
	const id = String(scene.customers()[0]!['id']).toLowerCase();
	const couple = (await session.store.couplingsOf('CUSTOMER', 'businessCentral', [id])).get(id)!;
	scene.editCustomer(0, { phoneNumber: '+1' });
	// As if the version had been seen already.
	const customers = { name: 'customers', numberField: 'number', nameField: 'displayName' };
	const record = (await session.businessCentral.readByIds(customers, [id], [])).get(id)!;
	await session.store.commit({ couplings: [{ ...couple, bcVersion: record.version, bcStamp: record.modifiedAt }] });
	await session.store.close();
	await scene.run();
	expect(scene.accounts()[0]!['telephone1']).toBe('+44 20 1');
	await scene.within((again) =>
		runFullSync(again, { mappings: ['CUSTOMER'], ignoreDependencies: true, afterwards: 'keep', bothSides: 'matchFirst', ...more }),
	);
	expect(scene.accounts()[0]!['telephone1']).toBe(found ? '+1' : '+44 20 1');
	await scene.run({ force: true });
	expect(scene.accounts()[0]!['telephone1']).toBe('+1');
});

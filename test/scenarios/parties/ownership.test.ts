import { openScene, type Scene } from './scene';

let scene: Scene;
beforeEach(async () => {
	scene = await openScene();
});
afterEach(() => scene.world.close());

const INTEGRATION_USER = '5a1d0c1e-0001-4000-8000-000000000001';
const TEAM = '00000009-0000-4000-8000-000000000001';
const team = { ownershipModel: 'team' } as const;

/** Salespeople of the users, by code. */
async function salespeople(): Promise<string[]> {
	await scene.run('SALESPEOPLE');
	const rows = scene.world.sandbox.businessCentral.company(scene.world.base.companyName).rows('salespeoplePurchasers');
	return rows.map((row) => String(row['code']));
}
const ownerOf = async (mapping: string, bcId: string): Promise<unknown> =>
	scene.crm(mapping === 'CONTACT' ? 'contact' : 'account', (await scene.partner(mapping, bcId))!)?.['ownerid'];
/** The user a salesperson is coupled with. */
const userOf = async (code: string): Promise<unknown> =>
	(await scene.couplings('SALESPEOPLE')).find(({ bcNumber }) => bcNumber === code)?.crmId;

describe('Person model', () => {
	test('the purchaser of a vendor, and the salesperson of a contact where Contact Card is published, own the row', async () => {
		scene.world.sandbox.businessCentral.publish('ContactCard');
		const [first, second] = await salespeople();
		const vendor = scene.enter('vendors', { displayName: 'Fabrikam' });
		scene.change('workflowVendors', vendor.number, { purchaserCode: first! });
		const person = scene.person(vendor, 'Robert Townes');
		scene.change('ContactCard', person.number, { Salesperson_Code: second! });
		await scene.runAll();
		expect([await ownerOf('VENDOR', vendor.id), await ownerOf('CONTACT', person.id)]).toEqual([
			await userOf(first!),
			await userOf(second!),
		]);
		// A blank one leaves the owner alone.
		scene.world.minutes(1);
		scene.change('workflowVendors', vendor.number, { purchaserCode: '' });
		await scene.runAll();
		expect(await ownerOf('VENDOR', vendor.id)).toEqual(await userOf(first!));
	});

	test('a purchaser that exists without a user is an error; without Contact Card contacts keep the owner they get', async () => {
		scene.enter('salespeoplePurchasers', { code: 'LONELY', displayName: 'Nobody’s user' });
		const vendor = scene.enter('vendors', { displayName: 'Fabrikam' });
		scene.change('workflowVendors', vendor.number, { purchaserCode: 'LONELY' });
		const [toCrm] = await scene.run('VENDOR');
		expect([toCrm!.job.inserted, toCrm!.failed[0]?.errorCode, toCrm!.failed[0]?.message]).toEqual([
			0,
			'DEPENDENCY',
			expect.stringContaining('Purchaser Code "LONELY"'),
		]);
		scene.change('workflowVendors', vendor.number, { purchaserCode: '' });
		const person = scene.person(vendor, 'Robert Townes', {});
		scene.world.minutes(1);
		await scene.runAll();
		expect(await ownerOf('CONTACT', person.id)).toBe(INTEGRATION_USER);
	});
});

test('Team model: the default team of the company owns new accounts and contacts; later nothing changes the owner', async () => {
	const { crm } = scene.world.sandbox;
	crm.seed('team', [{ teamid: TEAM, name: 'BCI - CRONUS', businessunitid: crm.businessUnitId }]);
	scene.changeRow('bcbi_company', scene.world.base.companyRowId, { bcbi_defaultowningteam: TEAM });
	const [customer, vendor] = [scene.enter('customers', { displayName: 'Adatum' }), scene.enter('vendors', { displayName: 'Fabrikam' })];
	const person = scene.person(customer, 'Robert Townes');
	await scene.runAll(team);
	const owners = () => Promise.all([ownerOf('CUSTOMER', customer.id), ownerOf('VENDOR', vendor.id), ownerOf('CONTACT', person.id)]);
	expect(await owners()).toEqual([TEAM, TEAM, TEAM]);
	scene.changeRow('account', (await scene.partner('VENDOR', vendor.id))!, { ownerid: { table: 'systemuser', id: INTEGRATION_USER } });
	scene.world.minutes(1);
	scene.change('vendors', vendor.id, { phoneNumber: '1' });
	await scene.runAll(team);
	expect(await owners()).toEqual([TEAM, INTEGRATION_USER, TEAM]);
});

test('an inactive account blocks the customer; a vendor it does not block', async () => {
	const [customer, vendor] = [scene.enter('customers', { displayName: 'Adatum' }), scene.enter('vendors', { displayName: 'Fabrikam' })];
	await scene.runAll();
	// The default filters leave inactive accounts out.
	for (const name of ['CUSTOMER', 'VENDOR']) await scene.use(({ store }) => store.saveSettings(name, { crmFilter: { conditions: [] } }));
	for (const [mapping, { id }] of [['CUSTOMER', customer] as const, ['VENDOR', vendor] as const]) {
		const accountId = (await scene.partner(mapping, id))!;
		scene.changeRow('account', accountId, { statecode: 1, statuscode: 2 });
		await scene.run(mapping, { direction: 'fromCrm', selected: { side: 'crm', ids: [accountId] } });
	}
	expect([scene.bc('customers', customer.id)?.['blocked'], scene.bc('vendors', vendor.id)?.['blocked']]).toEqual(['All', '_x0020_']);
});

test('Business Central brings the company contact up to date with a change from CRM, and its persons; nothing of it is an echo', async () => {
	const customer = scene.enter('customers', { displayName: 'Adatum' });
	const person = scene.person(customer, 'Robert Townes', { phoneNumber: '5' });
	for (let run = 1; run <= 2; run++) {
		await scene.runAll();
		scene.world.minutes(30);
	}
	scene.changeRow('account', (await scene.partner('CUSTOMER', customer.id))!, { name: 'Adatum Ltd.', telephone1: '+44 1' });
	scene.writes();
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 1, crm: 0 });
	expect(scene.bc('contacts', scene.companyOf(customer))).toMatchObject({ displayName: 'Adatum Ltd.', phoneNumber: '+44 1' });
	expect(scene.bc('contacts', person.id)).toMatchObject({ companyName: 'Adatum Ltd.', phoneNumber: '5' });
	scene.world.minutes(1);
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
});

describe('3: the company on CRM rows', () => {
	const companyOf = (table: string, id: string): unknown => scene.crm(table, id)?.['bcbi_companyid'] ?? null;

	test('is stamped on rows that are created, and on rows that get a partner in Business Central, without an echo', async () => {
		const customer = scene.enter('customers', { displayName: 'Adatum' });
		const accountId = scene.row('account', { name: 'Fabrikam', customertypecode: 11 });
		const contactId = scene.row('contact', { lastname: 'Cruz', parentcustomerid: { table: 'account', id: accountId } });
		await scene.runAll();
		const own = scene.world.base.companyRowId;
		const created = (await scene.partner('CUSTOMER', customer.id))!;
		expect([companyOf('account', created), companyOf('account', accountId), companyOf('contact', contactId)]).toEqual([own, own, own]);
		scene.writes();
		for (let run = 1; run <= 2; run++) {
			scene.world.minutes(1);
			await scene.runAll();
			expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
		}
	});

	test('is given again where somebody emptied it, with the next change of the row', async () => {
		const customer = scene.enter('customers', { displayName: 'Adatum' });
		await scene.runAll();
		const id = (await scene.partner('CUSTOMER', customer.id))!;
		scene.world.minutes(1);
		scene.changeRow('account', id, { bcbi_companyid: null, telephone1: '7' });
		await scene.run('CUSTOMER');
		expect([companyOf('account', id), scene.bc('customers', customer.id)?.['phoneNumber']]).toEqual([scene.world.base.companyRowId, '7']);
		scene.writes();
		scene.world.minutes(1);
		await scene.run('CUSTOMER');
		expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
	});
});

test('on a page the local currency is blank, which is what a contact of CRM in it becomes', async () => {
	scene.world.sandbox.businessCentral.publish('ContactCard');
	const customer = scene.enter('customers', { displayName: 'Contoso', type: 'Company' });
	await scene.runAll();
	const contact = scene.row('contact', {
		firstname: 'Robert',
		lastname: 'Townes',
		parentcustomerid: { table: 'account', id: (await scene.partner('CUSTOMER', customer.id))! },
		transactioncurrencyid: { table: 'transactioncurrency', id: scene.world.base.baseCurrencyId },
	});
	expect(await scene.runAll()).toMatchObject({ 'CONTACT fromCrm': 'I1' });
	const made = (await scene.couplings('CONTACT')).find(({ crmId }) => crmId === contact)!;
	expect(scene.bc('ContactCard', made.bcId)).toMatchObject({ Currency_Code: '' });
	await scene.runAll();
	scene.writes();
	await scene.runAll();
	expect(scene.writes()).toEqual({ businessCentral: 0, crm: 0 });
});

import { coupleRecords, type CoupleRequest } from '../../../engine';
import { item, product, unitGroup } from '../products/shop';
import { furnish, type Household, openHousehold } from './kit';

let household: Household;
let furniture: ReturnType<typeof furnish>;
beforeEach(async () => {
	household = await openHousehold();
	furniture = furnish(household);
	await household.everything();
	household.world.minutes(30);
	await household.everything();
	household.world.minutes(30);
});
afterEach(() => household.world.close());

const recouple = async (mapping: string, bcId: string, crmId: string, more: Partial<CoupleRequest> = {}) => {
	const view = await household.use((session) => coupleRecords(session, { mapping, bcId, crmId, initial: 'send', ...more }));
	expect(view.outcome).toBe('moved');
	return view;
};
const account = (name: string, customertypecode = 3) => household.row('account', { name, customertypecode });
const accountsOf = (...names: string[]) => names.map((name) => household.crm('account', String(household.row1('contact', 'fullname', name)['parentcustomerid']))?.['name']); // prettier-ignore
const coupled = async (mapping: string, number: string) =>
	(await household.couplings(mapping)).find(({ bcNumber }) => bcNumber === number)!;

/** Two more runs change nothing, and a full synchronization makes nothing of what was released. */
async function isQuiet(): Promise<void> {
	for (let round = 0; round < 2; round++) {
		household.world.minutes(30);
		await household.runs();
	}
	const picture = household.picture();
	household.world.minutes(30);
	expect(await household.runs()).toEqual([]);
	await household.everything();
	expect(household.picture()).toEqual(picture);
	expect(await household.log()).toEqual([]);
}

describe('a customer that gets another account', () => {
	test('send: its contacts go to that account, and no customer is made of the old one', async () => {
		const view = await recouple('CUSTOMER', furniture.customer.id, account('Second'));
		expect(view.warnings).toEqual([
			'CONTACT: 2 changed, because what belongs to the record follows it to its new partner.',
			'Adatum has no partner now, and runs create none for it. If it needs one: Create and Couple.',
		]);
		expect(accountsOf('Ann Lee', 'Bob Ray', 'Vic Fox')).toEqual(['Adatum', 'Adatum', 'Fabrikam']);
		expect(household.row1('contact', 'fullname', 'Bob Ray')['parentcustomerid']).toBe(view.crm!.id);
		await isQuiet();
		expect(household.company.rows('customers')).toHaveLength(1);
	});

	test('get: they follow as well', async () => {
		await recouple('CUSTOMER', furniture.customer.id, account('Second'), { initial: 'get' });
		expect(accountsOf('Ann Lee', 'Bob Ray')).toEqual(['Second', 'Second']);
		await isQuiet();
	});

	test('without synchronizing: they follow with the next run of contacts, and that is said', async () => {
		const view = await recouple('CUSTOMER', furniture.customer.id, account('Adatum'), { initial: 'none' });
		expect(view.warnings).toContain('2 records follow it to its new partner with the next run.');
		household.world.minutes(30);
		await household.runs();
		expect(household.row1('contact', 'fullname', 'Ann Lee')['parentcustomerid']).toBe(view.crm!.id);
	});

	test('a contact that only the old account has is told to lack its company; no customer is made for it', async () => {
		const old = (await household.partner('CUSTOMER', furniture.customer.id))!;
		await recouple('CUSTOMER', furniture.customer.id, account('Second'));
		household.row('contact', { firstname: 'Zoe', lastname: 'New', parentcustomerid: { table: 'account', id: old } });
		household.world.minutes(30);
		await household.everything();
		expect(household.company.rows('customers')).toHaveLength(1);
		expect((await household.log()).map((line) => line.split(':')[0])).toEqual(['CONTACT fromCrm DEPENDENCY']);
	});

	test('a preview says the same and writes nothing', async () => {
		const crmId = account('Second');
		const run = (preview: boolean) =>
			household.use((session) =>
				coupleRecords(session, { mapping: 'CUSTOMER', bcId: furniture.customer.id, crmId, initial: 'send', preview }),
			);
		household.writes();
		const preview = await run(true);
		expect(household.writes()).toEqual({ businessCentral: 0, crm: 0 });
		expect(preview.warnings!.map((warning) => warning.replace('Would be: ', ''))).toEqual((await run(false)).warnings);
	});
});

test('an account that gets another customer: its persons go to that one in Business Central', async () => {
	const second = household.enter('customers', { displayName: 'Second' });
	const crmId = (await household.partner('CUSTOMER', furniture.customer.id))!;
	await recouple('CUSTOMER', second.id, crmId, { from: 'crm', initial: 'send' });
	const company = household.companyOf(second);
	expect([furniture.ann, furniture.bob].map(({ id }) => household.bc('contacts', id)!['companyNumber'])).toEqual([company, company]);
	await isQuiet();
	// The customer that was left is not made a second account.
	expect(household.world.sandbox.crm.rows('account')).toHaveLength(2);
});

test('a vendor that gets another account: its contacts follow', async () => {
	await recouple('VENDOR', furniture.vendor.id, account('Second vendor', 11));
	expect(accountsOf('Vic Fox')).toEqual(['Fabrikam']);
	await isQuiet();
	expect(household.company.rows('vendors')).toHaveLength(1);
});

test('an item that gets another product: its units and prices are those of that product', async () => {
	const { group, units } = unitGroup(household.world, 'Boxes', 'PCS');
	household.changeRow('product', (await household.partner('ITEM-PRODUCT', furniture.chair))!, { productnumber: 'OLD' });
	const view = await recouple('ITEM-PRODUCT', furniture.chair, product(household.world, 'Chair', group, units['PCS']!));
	expect(view).toMatchObject({ state: 'coupled' });
	expect(view.warnings).toContain('ITEM UOM: 2 CRM records stay as they are and are not coupled any more.'); // prettier-ignore
	await isQuiet();
	expect(await household.couples('UNIT GROUP')).toContain('I2 I2 – Boxes');
	const { crmId } = await coupled('ITEM UOM', 'BOX');
	expect(household.crm('uom', crmId)).toMatchObject({ uomscheduleid: group, quantity: 12 });
	expect(household.picture().filter((line) => /^productpricelevel .*I2/.test(line))).toEqual([
		'productpricelevel | Business Central Default Price List | I2 | BOX | 36',
		'productpricelevel | Business Central Default Price List | I2 | PCS | 3',
		'productpricelevel | S1 | I2 | BOX | 27',
		'productpricelevel | S1 | I2 | PCS | 2.5',
	]);
});

test('an item whose number the old product still bears: that is the one thing told', async () => {
	const { group, units } = unitGroup(household.world, 'Boxes', 'PCS', { BOX: 12 });
	const view = await recouple('ITEM-PRODUCT', furniture.chair, product(household.world, 'Chair', group, units['PCS']!));
	expect(view).toMatchObject({ state: 'failed', lastError: { code: 'CRM_DUPLICATE_KEY' } });
	expect(view.lastError!.message).toContain("number 'I2' already exists");
});

test('a product that gets another item: the units go with it, and the prices of the old item are told to lack their product', async () => {
	const other = item(household.world, 'J', {}, { BOX: 6 });
	await recouple('ITEM-PRODUCT', other, (await household.partner('ITEM-PRODUCT', furniture.chair))!, { from: 'crm' });
	household.world.minutes(30);
	await household.runs();
	expect(await household.couples('ITEM UOM')).toEqual(['BOX J – BOX', 'PCS J – PCS']);
	expect((await household.log()).map((line) => line.split(':')[0])).toEqual(Array(2).fill('PLLINE-PRODPRICE toCrm DEPENDENCY'));
});

test('a price list that gets another one in CRM: its prices are made there', async () => {
	const list = household.row('pricelevel', {
		name: 'New list',
		transactioncurrencyid: { table: 'transactioncurrency', id: household.world.base.baseCurrencyId },
	});
	const view = await recouple('PLHEADER-PRICE', (await coupled('PLHEADER-PRICE', 'S1')).bcId, list);
	expect(view.warnings).toContain('PLLINE-PRODPRICE: 3 CRM records stay as they are and are not coupled any more.');
	expect(household.world.sandbox.crm.rows('productpricelevel').filter((row) => row['pricelevelid'] === list)).toHaveLength(3);
	await isQuiet();
});

test('a salesperson that gets another user: the accounts go to that user', async () => {
	const code = String(household.record1('salespeoplePurchasers', 'displayName', 'Helena Ray')['code']);
	household.change('customers', furniture.customer.id, { salespersonCode: code });
	household.world.minutes(30);
	await household.runs();
	const user = household.row('systemuser', { firstname: 'Nora', lastname: 'Berg', internalemailaddress: 'nora@cronus.example', islicensed: true, isdisabled: false }); // prettier-ignore
	await recouple('SALESPEOPLE', (await coupled('SALESPEOPLE', code)).bcId, user, { initial: 'get' });
	expect(household.row1('account', 'name', 'Adatum')['ownerid']).toBe(user);
	await isQuiet();
});

test('a currency that gets another one in CRM: the accounts have that one', async () => {
	household.change('customers', furniture.customer.id, { currencyCode: 'EUR' });
	household.world.minutes(30);
	await household.runs();
	const other = household.row('transactioncurrency', { isocurrencycode: 'EUX', currencyname: 'Euro 2', currencysymbol: 'e', exchangerate: 1.2, currencyprecision: 2 }); // prettier-ignore
	await recouple('CURRENCY', (await coupled('CURRENCY', 'EUR')).bcId, other);
	expect(household.row1('account', 'name', 'Adatum')['transactioncurrencyid']).toBe(other);
});

test('a person that gets another contact: the account names that one as its primary contact', async () => {
	const adatum = (await household.partner('CUSTOMER', furniture.customer.id))!;
	const other = household.row('contact', { firstname: 'Anna', lastname: 'Lee', parentcustomerid: { table: 'account', id: adatum } });
	await recouple('CONTACT', furniture.ann.id, other);
	expect(household.crm('account', adatum)!['primarycontactid']).toBe(other);
	await isQuiet();
});

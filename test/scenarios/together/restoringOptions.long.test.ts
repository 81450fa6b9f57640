import { restoreRecords } from '../../../engine';
import { item } from '../products/shop';
import { type Household, openHousehold } from './kit';

let household: Household;
beforeEach(async () => {
	household = await openHousehold();
});
afterEach(() => household.world.close());

/** An option mapping, its table in Business Central, the choice in CRM, and a field of customers that names the record. */
const OPTIONS = {
	'PAYMENT TERMS': { set: 'paymentTerms', code: 'code', column: 'paymenttermscode', mirrors: ['salesorder', 'quote', 'invoice'], field: 'paymentTermsCode', numbers: ['NET 30', 'NET 60'] },
	'SHIPMENT METHOD': { set: 'shipmentMethods', code: 'code', column: 'address1_freighttermscode', mirrors: ['salesorder', 'quote'], field: 'shipmentMethodCode', numbers: ['EXW'] },
	'SHIPPING AGENT': { set: 'ShippingAgents', code: 'Code', column: 'address1_shippingmethodcode', mirrors: ['salesorder', 'quote', 'invoice'], field: 'shippingAgentCode', numbers: ['OWN LOG'] },
} as const; // prettier-ignore
type Name = keyof typeof OPTIONS;
const NAMES = Object.keys(OPTIONS) as Name[];

/** A customer that has a record of each option mapping, synchronized. */
async function seed(direction: 'toCrm' | 'bidirectional'): Promise<string> {
	const { company } = household;
	company.insert('shipmentMethods', { code: 'EXW', displayName: 'Ex warehouse' });
	company.insert('ShippingAgents', { Code: 'OWN LOG', Name: 'Own logistics' });
	const customer = household.enter('customers', { displayName: 'Adatum' });
	for (const name of NAMES) {
		await household.use(({ store }) => store.saveSettings(name, { direction }));
		company.update('workflowCustomers', customer.number, { [OPTIONS[name].field]: OPTIONS[name].numbers[0] });
	}
	for (let round = 0; round < 2; round++) {
		await household.everything();
		household.world.minutes(30);
	}
	return String(household.row1('account', 'name', 'Adatum')['accountid']);
}

const couple = async (name: Name) => {
	const all = await household.couplings(name);
	return all.find(({ bcNumber }) => bcNumber === OPTIONS[name].numbers[0])!;
};
const options = (name: Name): Array<[unknown, unknown]> =>
	household.world.sandbox.crm.optionsOf('account', OPTIONS[name].column).map(([value, label]) => [String(value), label]);

async function isQuiet(): Promise<void> {
	for (let round = 0; round < 2; round++) {
		household.world.minutes(30);
		await household.runs();
	}
	household.writes();
	household.world.minutes(30);
	expect(await household.runs()).toEqual([]);
	expect(household.writes()).toEqual({ businessCentral: 0, crm: 0 });
	expect(await household.log()).toEqual([]);
}

describe.each(NAMES)('%s', (name) => {
	const { set, code, column, mirrors, field, numbers } = OPTIONS[name];

	const removeCode = (): void => {
		const row = household.company.rows(set).find((each) => each[code] === numbers[0])!;
		household.company.remove(set, String(row['id'] ?? row[code]));
	};

	test('a choice deleted in CRM is there again under its number, which the account still has', async () => {
		const account = await seed('toCrm');
		const before = options(name);
		const { bcId, crmId } = await couple(name);
		const left = before.filter(([value]) => value !== crmId) as Array<[string, string]>;
		const { crm } = household.world.sandbox;
		crm.defineOptions('account', column, Object.fromEntries(left));
		for (const table of mirrors) crm.defineOptions(table, column.replace('address1_', ''), Object.fromEntries(left));
		household.world.minutes(30);
		expect((await household.runs()).join()).toContain(`${name} PARTNER_DELETED`);
		household.world.minutes(30);
		const { records } = await household.restore(name, 'businessCentral', [bcId]);
		expect(records.map(({ outcome, error }) => [outcome, error?.message])).toEqual([['restored', undefined]]);
		expect(new Map(options(name) as Array<[string, string]>)).toEqual(new Map(before as Array<[string, string]>));
		expect(String(household.crm('account', account)![column])).toBe(crmId);
		await isQuiet();
	});

	test('a code deleted in Business Central is there again, and customers have it', async () => {
		await seed('bidirectional');
		const { crmId } = await couple(name);
		const number = household.record1('customers', 'displayName', 'Adatum')['number'];
		const at = (): unknown => household.company.get('workflowCustomers', String(number))![field];
		const value = at();
		// The service deletes it whether or not a customer names it.
		removeCode();
		household.world.minutes(30);
		expect((await household.runs()).join()).toContain(`${name} PARTNER_DELETED`);
		household.world.minutes(30);
		const { records } = await household.use((session) => restoreRecords(session, { mapping: name, side: 'crm', ids: [crmId] }));
		expect(records.map(({ outcome, error }) => [outcome, error?.message])).toEqual([['restored', undefined]]);
		expect(household.company.rows(set).map((row) => row[code])).toContain(value);
		await isQuiet();
		expect(at()).toBe(value);
	});

	test('where the mapping does not write to Business Central, that is said', async () => {
		await seed('toCrm');
		const { crmId } = await couple(name);
		removeCode();
		household.world.minutes(30);
		await household.runs();
		const { records } = await household.use((session) => restoreRecords(session, { mapping: name, side: 'crm', ids: [crmId] }));
		expect(records.map(({ outcome }) => outcome)).toEqual(['refused']);
	});
});

test('a unit group that no product uses is there again with its units', async () => {
	item(household.world, 'B1', { blocked: true }, { BOX: 12 });
	for (let round = 0; round < 2; round++) {
		await household.everything();
		household.world.minutes(30);
	}
	const picture = household.picture();
	const { bcId, crmId } = (await household.couplings('UNIT GROUP')).find(({ bcNumber }) => bcNumber === 'B1')!;
	household.world.sandbox.crm.remove('uomschedule', crmId);
	household.world.minutes(30);
	expect((await household.runs()).join()).toContain('UNIT GROUP PARTNER_DELETED');
	household.world.minutes(30);
	const { records } = await household.restore('UNIT GROUP', 'businessCentral', [bcId]);
	expect(records.map(({ outcome, error }) => [outcome, error?.message])).toEqual([['restored', undefined]]);
	await isQuiet();
	expect(household.picture()).toEqual(picture);
});

import { runFullSync, synchronizeAll } from '../../../engine';
import { defaultMappings, defaultNames } from '../../../engine/defaults/catalog';
import { DEFAULT_COMPANY_SETTINGS, type Setup } from '../../../engine/model/companySettings';
import { neededRights } from '../../../engine/setup/access/neededRights';
import { seedBusinessCentral, seedCrm, type Sizes } from '../../kit/seededCompany';
import { createWorld, type World } from '../../kit/world';
import { within } from '../fullSync/fullSyncs';
import { expectDelivered, offer } from '../surfaces/worlds';
import { bcRight, crmPrivilege, giveExactly } from './rights';

const TINY: Sizes = {
	salespeople: 2,
	currencies: 3,
	customers: 3,
	vendors: 2,
	contacts: 4,
	items: 3,
	resources: 2,
	priceLists: 1,
	linesPerList: 4,
};

type Way = 'Business Central' | 'CRM';
const setUp = (unitGroups: boolean, extendedPrices: boolean, ownershipModel: Setup['ownershipModel']): Setup => ({
	...DEFAULT_COMPANY_SETTINGS,
	unitGroups,
	extendedPrices,
	ownershipModel,
});
/** Every default mapping takes part in one of them, and every choice that changes rights is in one of them. */
const RUNS: ReadonlyArray<[Way, Setup]> = [
	['Business Central', setUp(true, true, 'person')],
	['CRM', setUp(true, true, 'person')],
	['Business Central', setUp(true, true, 'team')],
	['CRM', setUp(true, true, 'team')],
	['Business Central', setUp(true, false, 'person')],
	['Business Central', setUp(false, true, 'person')],
	['Business Central', setUp(false, false, 'team')],
];
const words = ({ unitGroups, extendedPrices, ownershipModel }: Setup): string =>
	`${unitGroups ? 'unit groups' : 'units'}, ${extendedPrices ? 'price lists' : 'price groups'}, ${ownershipModel}`;
const CASES = RUNS.map(([way, setup]): [string, Way, Setup] => [words(setup), way, setup]);

/** Codes on customers, price groups with prices, and a default owning team: what the small company lacks. */
function seedMore({ sandbox, base }: World): void {
	const company = sandbox.businessCentral.company(base.companyName);
	company.seed('salespeoplePurchasers', [{ code: 'HR', displayName: 'Helena Ray', email: 'helena@cronus.example' }]);
	company.insert('ShippingAgents', { Code: 'DHL', Name: 'DHL' });
	company.insert('CustomerPriceGroups', { Code: 'RETAIL', Description: 'Retail' });
	for (const row of company.rows('customers').slice(0, 3)) {
		const change = { salespersonCode: 'HR', shipmentMethodCode: 'FOB', shippingAgentCode: 'DHL' };
		company.update('workflowCustomers', String(row['id']), change);
	}
	for (const { number } of company.rows('items').slice(0, 2)) {
		company.insert('SalesPrices', { Sales_Type: 'Customer Price Group', Sales_Code: 'RETAIL', Item_No: String(number), Unit_Price: 3 });
	}
	const team = sandbox.crm.insert('team', { name: 'Owners' });
	sandbox.crm.update('bcbi_company', base.companyRowId, { bcbi_defaultowningteam: team });
}

/** An edit for each direction in which mappings write what is there already. */
function edit({ sandbox, base }: World): void {
	const company = sandbox.businessCentral.company(base.companyName);
	company.insert('paymentTerms', { code: 'NET 90', displayName: 'Net 90 days' });
	const currency = company.rows('currencies')[0]!;
	company.update('currencies', String(currency['id']), { displayName: 'Another name' });
	sandbox.crm.update('systemuser', base.users[0]!, { mobilephone: '+44 20 1' });
	for (const { productid, name } of sandbox.crm.rows('product'))
		sandbox.crm.update('product', String(productid), { name: `${String(name)} II` });
}

const asked = { businessCentral: new Set<string>(), crm: new Set<string>() };

describe('the table of rights is enough, and no more is asked for than it says', () => {
	test.each(CASES)('%s, data in %s', async (_words, way, setup) => {
		const world = await createWorld();
		try {
			offer(world, 'published pages');
			const { ownershipModel, ...settings } = setup;
			await world.settings(settings);
			if (way === 'CRM') seedCrm(world, TINY);
			else seedBusinessCentral(world, TINY);
			seedMore(world);
			const rights = neededRights(defaultMappings(setup), setup);
			giveExactly(world, rights);
			const { permissions } = world.sandbox.businessCentral;
			const { privilegesAsked } = world.sandbox.crm;
			permissions.asked.clear();
			privilegesAsked.clear();
			const run = <T>(work: Parameters<typeof within<T>>[1]): Promise<T> =>
				within(world, (session) => work({ ...session, ownershipModel }));
			expectDelivered(await run((session) => runFullSync(session, { afterwards: 'allowCreate' })));
			edit(world);
			world.minutes(60);
			expectDelivered(await run((session) => synchronizeAll(session, {})));
			expect([...permissions.asked].sort()).toEqual([...permissions.asked].filter((each) => rights.map(bcRight).includes(each)).sort());
			const held = rights.filter(({ side }) => side === 'crm').map(crmPrivilege);
			expect([...privilegesAsked].filter((each) => !held.includes(each))).toEqual([]);
			permissions.asked.forEach((each) => asked.businessCentral.add(each));
			privilegesAsked.forEach((each) => asked.crm.add(each));
		} finally {
			await world.close();
		}
	});

	test('every default mapping took part', () => {
		const names = RUNS.flatMap(([, setup]) => defaultMappings(setup).map(({ name }) => name));
		expect([...new Set(names)].sort()).toEqual(defaultNames().sort());
	});

	test('every right of the table was asked for by one of these runs, but for the list of companies, which only nodes ask for', () => {
		const all = RUNS.flatMap(([, setup]) => neededRights(defaultMappings(setup), setup));
		const never = all.filter((right) =>
			right.side === 'crm' ? !asked.crm.has(crmPrivilege(right)) : !asked.businessCentral.has(bcRight(right)),
		);
		expect([...new Set(never.map((right) => (right.side === 'crm' ? crmPrivilege(right) : bcRight(right))))].sort()).toEqual([
			'Company/Read',
		]);
	});
});

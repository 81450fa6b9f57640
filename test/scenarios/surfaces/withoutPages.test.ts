import { seedBusinessCentral, seedCrm } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { writes } from '../fullSync/fullSyncs';
import { asked, everything, expectDelivered, picture, SMALL, type Surfaces, worldWith } from './worlds';

/** Published pages of Microsoft end with Business Central 30; the pages of the extension stand for them. */
const worlds: World[] = [];
const open = async (surfaces: Surfaces): Promise<World> => {
	const world = await worldWith(surfaces);
	worlds.push(world);
	return world;
};
afterEach(async () => {
	for (const world of worlds.splice(0)) await world.close();
});

const SEEDS: ReadonlyArray<[way: string, byNumber: boolean, seed: (world: World) => void]> = [
	['out of Business Central', true, (world) => seedBusinessCentral(world, SMALL)],
	['out of CRM', false, (world) => seedCrm(world, SMALL)],
];

test.each(SEEDS)(
	'all default mappings bring the same %s with the extension alone as with published pages, and a further run writes nothing',
	async (_way, byNumber, seed) => {
		const old = await open('published pages');
		seed(old);
		expectDelivered(await everything(old));
		const now = await open('extension');
		seed(now);
		expectDelivered(await everything(now));
		expect(picture(now, byNumber)).toEqual(picture(old, byNumber));
		expect(asked(now).pages).toBe(0);
		now.minutes(1);
		expectDelivered(await everything(now));
		expect(writes(now.takeRequests())).toBe(0);
	},
	120_000,
);

test('customer price groups and their sales prices, too', async () => {
	const pictures: unknown[] = [];
	for (const surfaces of ['published pages', 'extension'] as const) {
		const world = await open(surfaces);
		await world.settings({ extendedPrices: false });
		seedBusinessCentral(world, { ...SMALL, priceLists: 0 });
		const company = world.sandbox.businessCentral.company(world.base.companyName);
		company.insert('CustomerPriceGroups', { Code: 'RETAIL', Description: 'Retail' });
		for (const Item_No of ['I00001', 'I00002'])
			company.insert('SalesPrices', { Item_No, Sales_Type: 'Customer Price Group', Sales_Code: 'RETAIL', Unit_Price: 12.5 });
		company.insert('SalesPrices', { Item_No: 'I00001', Sales_Type: 'All Customers', Unit_Price: 11 });
		expectDelivered(await everything(world));
		expect(world.sandbox.crm.rows('pricelevel').map(({ name }) => name)).toContain('RETAIL');
		pictures.push(picture(world));
		world.minutes(1);
		world.takeRequests();
		expectDelivered(await everything(world));
		expect(writes(world.takeRequests())).toBe(0);
	}
	expect(pictures[1]).toEqual(pictures[0]);
}, 120_000);

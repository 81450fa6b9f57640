import { seedBusinessCentral, seedCrm } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { within, writes } from '../fullSync/fullSyncs';
import { asked, everything, expectDelivered, EXTENSION, picture, SMALL, type Surfaces, worldWith } from './worlds';

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

test('a product of CRM becomes an item whose group and units are coupled by their SystemIds, as a preview says before', async () => {
	const world = await open('extension');
	seedCrm(world, { ...SMALL, customers: 1, vendors: 1, contacts: 0, items: 1, resources: 1 });
	expectDelivered(await everything(world));
	const { crm } = world.sandbox;
	const group = crm.insert('uomschedule', { name: 'Crates', baseuomname: 'PCS' });
	const unit = String(crm.rows('uom').at(-1)!['uomid']);
	crm.insert('uom', { name: 'BOX', quantity: 8, uomscheduleid: group, baseuom: unit });
	const units = { defaultuomscheduleid: group, defaultuomid: unit };
	const id = crm.insert('product', { name: 'New', productnumber: 'New', producttypecode: 1, price: 10, ...units });
	crm.update('product', id, { statecode: 0 });
	const run = (mapping: string, preview = false) => world.run({ mapping, createUncoupled: true, preview });
	const sums = (results: Awaited<ReturnType<typeof run>>) =>
		results.map(({ job }) => [job.direction, job.inserted, job.modified, job.coupled, job.failed, job.skipped]);
	world.minutes(1);
	const announced = sums(await run('ITEM-PRODUCT', true));
	const results = await run('ITEM-PRODUCT');
	expectDelivered(results);
	expect(sums(results)).toEqual([['toCrm', 0, 0, 0, 0, 0], ['fromCrm', 1, 0, 0, 0, 0]]); // prettier-ignore
	expect(announced).toEqual(sums(results));
	const made = world.sandbox.businessCentral.company(world.base.companyName).rows(`${EXTENSION}/itemUnitsOfMeasure`);
	const couples = await within(world, async ({ store }) => (await store.findCouplings({ mapping: 'ITEM UOM', limit: 10 })).rows);
	expect(couples.map(({ bcId }) => bcId).sort()).toEqual(made.map((row) => String(row['id']).toLowerCase()).sort());
	world.takeRequests();
	world.minutes(1);
	for (const mapping of ['UNIT GROUP', 'ITEM UOM', 'ITEM-PRODUCT']) expectDelivered(await run(mapping));
	expect(writes(world.takeRequests())).toBe(0);
}, 60_000);

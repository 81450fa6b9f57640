import { runFullSync, surfacesOfMappings } from '../../../engine';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { seedBusinessCentral } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { within, writes } from '../fullSync/fullSyncs';
import { everything, expectDelivered, picture, SMALL, type Surfaces, worldWith } from './worlds';

/** Business Central 29 shows master data to other environments; runs that only read can do with it. */
const worlds: World[] = [];
/** As whom the runs sign in. */
const USER = 'SYNC';
const open = async (surfaces: Surfaces): Promise<World> => {
	const world = await worldWith(surfaces);
	worlds.push(world);
	return world;
};
afterEach(async () => {
	for (const world of worlds.splice(0)) await world.close();
});

/** Mappings of default that read tables API v2.0 does not have, and write nothing there. */
const READERS = ['SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE'];

const company = (world: World) => world.sandbox.businessCentral.company(world.base.companyName);

async function runs(world: World): Promise<void> {
	world.minutes(1);
	for (const mapping of READERS) expectDelivered(await world.run({ mapping }));
}

const first = (world: World, mappings: string[]): Promise<JobResult[]> =>
	within(world, (session) => runFullSync(session, { afterwards: 'keep', mappings }));

/** Requests to published pages, and to the change feed. */
const asked = (world: World) => {
	const paths = world.takeRequests().map(({ path }) => path);
	return {
		feed: paths.filter((path) => path.includes('MDMCrossEnvSource')).length,
		pages: paths.filter((path) => /\/ODataV4(?!.*(\$metadata|MDMCrossEnvSource))/.test(path)).length,
	};
};

test('the change feed alone brings all tables that are only read as published pages did, and a further run writes nothing', async () => {
	const world = await open('published pages');
	seedBusinessCentral(world, SMALL);
	company(world).insert('ShippingAgents', { Code: 'DHL', Name: 'DHL Express' });
	expectDelivered(await everything(world));
	const before = picture(world);

	world.sandbox.businessCentral.published.clear();
	world.sandbox.businessCentral.installChangeFeed(USER);
	world.minutes(24 * 60);
	world.takeRequests();
	await runs(world);
	const requests = world.takeRequests();
	expect(requests.filter(({ path }) => path.includes('MDMCrossEnvSource_GetRecords')).length).toBeGreaterThan(6);
	expect(writes(requests)).toBe(0);
	expect(picture(world)).toEqual(before);

	company(world).update('ShippingAgents', 'DHL', { Name: 'DHL Freight' });
	company(world).insert('unitsOfMeasure', { code: 'PALLET', displayName: 'Pallet' });
	company(world).insert('ItemUnitsOfMeasure', { Item_No: 'I00001', Code: 'PALLET', Qty_per_Unit_of_Measure: 40 });
	expectDelivered(await first(world, ['ITEM UOM']));
	await runs(world);
	expect(world.sandbox.crm.rows('uom').filter(({ name, quantity }) => name === 'PALLET' && quantity === 40)).toHaveLength(1);
	world.takeRequests();
	await runs(world);
	expect(writes(world.takeRequests())).toBe(0);
}, 120_000);

test.each([
	['price lists', true],
	['customer price groups and sales prices', false],
])(
	'a company with %s that begins with the change feed gets what one with published pages gets',
	async (_what, extendedPrices) => {
		const pictures: unknown[] = [];
		for (const surfaces of ['published pages', 'nothing'] as const) {
			const world = await open(surfaces);
			if (surfaces === 'nothing') world.sandbox.businessCentral.installChangeFeed(USER);
			seedBusinessCentral(world, extendedPrices ? SMALL : { ...SMALL, priceLists: 0 });
			await world.settings({ extendedPrices });
			company(world).insert('CustomerPriceGroups', { Code: 'RETAIL', Description: 'Retail' });
			company(world).insert('SalesPrices', { Item_No: 'I00001', Sales_Type: 'Customer Price Group', Sales_Code: 'RETAIL', Unit_Price: 12.5, Starting_Date: '2026-01-01' }); // prettier-ignore
			company(world).insert('SalesPrices', { Item_No: 'I00002', Sales_Type: 'All Customers', Unit_Price: 11 });
			await within(world, async ({ store }) => {
				for (const mapping of ['RESOURCE-PRODUCT', 'CUSTOMER', 'VENDOR', 'CONTACT', 'ITEM-PRODUCT'])
					await store.saveSettings(mapping, { direction: 'toCrm' });
			});
			expectDelivered(await everything(world));
			pictures.push(picture(world));
			expect(asked(world).pages > 0).toBe(surfaces === 'published pages');
			world.minutes(1);
			expectDelivered(await everything(world));
			expect(writes(world.takeRequests())).toBe(0);
		}
		expect(pictures[1]).toEqual(pictures[0]);
		expect(JSON.stringify(pictures[1]).includes('RETAIL')).toBe(true);
	},
	120_000,
);

test('mappings that write say what is lost, and reading alone is enough for them', async () => {
	const world = await open('nothing');
	world.sandbox.businessCentral.installChangeFeed(USER);
	seedBusinessCentral(world, SMALL);
	const lines = new Map((await within(world, (session) => surfacesOfMappings(session))).map((line) => [line.mapping, line]));
	expect(lines.get('RESOURCE-PRODUCT')).toMatchObject({ tableLost: true, message: expect.stringContaining('nothing can be written through it') }); // prettier-ignore
	expect(lines.get('RESOURCE-PRODUCT')!.remedy).toContain('choose the direction "Business Central to CRM"');
	expect(lines.get('UNIT GROUP')).toMatchObject({ surfaces: [{ kind: 'changeFeed', names: ['MDMCrossEnvSource 5400'], endsWith: null }] });
	expect(lines.get('CUSTOMER')!.lost).toContainEqual(expect.objectContaining({ caption: 'Fax No.', readOnly: true }));
	expect(lines.get('CUSTOMER')!.remedy).toContain('The change feed shows Contact, Fax No.');
	expect((await world.run({ mapping: 'RESOURCE-PRODUCT' }))[0]!.failed).toMatchObject([{ errorCode: 'BC_CHANGE_FEED_READ_ONLY' }]);

	await within(world, ({ store }) => store.saveSettings('RESOURCE-PRODUCT', { direction: 'toCrm' }));
	expectDelivered(await first(world, ['UNIT GROUP', 'RESOURCE UOM', 'RESOURCE-PRODUCT']));
	expect(world.sandbox.crm.rows('product').filter(({ productnumber }) => String(productnumber).startsWith('R0'))).toHaveLength(4);
}, 60_000);

test('fields of a customer that nobody writes are read by the id of the customer', async () => {
	const world = await open('nothing');
	world.sandbox.businessCentral.installChangeFeed(USER);
	seedBusinessCentral(world, SMALL);
	await within(world, ({ store }) => store.saveSettings('CUSTOMER', { direction: 'toCrm' }));
	const customer = company(world).rows('customers').find(({ number }) => number === 'C00002')!; // prettier-ignore
	company(world).update('workflowCustomers', String(customer['id']), { faxNumber: '+44 77' });
	expectDelivered(await first(world, ['SALESPEOPLE', 'CURRENCY', 'SHIPPING AGENT', 'CUSTOMER']));
	expect(world.sandbox.crm.rows('account').find(({ name }) => name === 'Customer 2 & Söhne')).toMatchObject({ fax: '+44 77' });
	expect(asked(world)).toMatchObject({ pages: 0 });
}, 60_000);

test('what is missing in one mapping does not make the others ask again what the feed offers', async () => {
	const world = await open('nothing');
	world.sandbox.businessCentral.installChangeFeed(USER);
	company(world).insert('ShippingAgents', { Code: 'DHL', Name: 'DHL Express' });
	const round = async (): Promise<string[]> => {
		world.minutes(5);
		world.takeRequests();
		for (const mapping of ['CUSTOMER', 'CONTACT', 'SHIPPING AGENT', 'UNIT GROUP']) await world.run({ mapping });
		return world.takeRequests().flatMap(({ path }) => /MDMCrossEnvSource_(\w+)/.exec(path)?.[1] ?? []);
	};
	const first = await round();
	expect(first).toContain('GetCapabilities');
	const second = await round();
	expect(second).not.toContain('GetCapabilities');
	// Pages of customers and contacts are looked for with each run; the other two tables are read.
	expect(second.length).toBeLessThan(first.length);
	world.minutes(24 * 60);
	expect(await round()).toContain('GetCapabilities');
});

test('the feed comes before published pages, and after the extension', async () => {
	for (const [surfaces, kind] of [
		['published pages', 'changeFeed'],
		['both', 'extension'],
	] as const) {
		// prettier-ignore
		const world = await open(surfaces);
		world.sandbox.businessCentral.installChangeFeed(USER);
		const [line] = await within(world, (session) => surfacesOfMappings(session, { mappings: ['SHIPPING AGENT'] }));
		expect(line!.surfaces.map((each) => each.kind)).toEqual([kind]);
		const [resources] = await within(world, (session) => surfacesOfMappings(session, { mappings: ['RESOURCE-PRODUCT'] }));
		expect(resources!.surfaces.map((each) => each.kind)).toEqual([surfaces === 'both' ? 'extension' : 'publishedPages']);
	}
});

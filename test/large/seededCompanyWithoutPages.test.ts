import { seedBusinessCentral, seedCrm, seededFor } from '../kit/seededCompany';
import type { World } from '../kit/world';
import { within, writes } from '../scenarios/fullSync/fullSyncs';
import { everything, expectDelivered, worldWith } from '../scenarios/surfaces/worlds';

/**
 * The seeded company, with all of Microsoft's pages unpublished: as Business Central 30 will be. `SEEDED_CUSTOMERS` chooses its size; `npm test` runs the same
 * with a small one (test/scenarios/surfaces/withoutPages.test.ts).
 */
const SIZES = seededFor(Number(process.env['SEEDED_CUSTOMERS'] ?? 500));

jest.setTimeout(600_000);

let world: World;
afterEach(() => world.close());

async function twice(): Promise<void> {
	expectDelivered(await everything(world));
	world.minutes(1);
	world.takeRequests();
	expectDelivered(await everything(world));
	expect(writes(world.takeRequests())).toBe(0);
	expect(world.sandbox.log.requests.some(({ path }) => /\/ODataV4(?!.*(\$metadata|MDMCrossEnvSource))/.test(path))).toBe(false);
}

test.each([
	['out of Business Central', seedBusinessCentral],
	['out of CRM', seedCrm],
] as const)('with the extension all default mappings bring it %s, and a further run writes nothing', async (_way, seed) => {
	world = await worldWith('extension');
	seed(world, SIZES);
	await twice();
	expect(world.sandbox.crm.rows('account').length).toBeGreaterThanOrEqual(SIZES.customers);
	expect(world.sandbox.businessCentral.company(world.base.companyName).rows('customers').length).toBeGreaterThanOrEqual(SIZES.customers);
});

test('with the change feed alone all mappings that only read bring it, and a further run writes nothing', async () => {
	world = await worldWith('nothing');
	world.sandbox.businessCentral.installChangeFeed('SYNC');
	seedBusinessCentral(world, SIZES);
	await within(world, async ({ store }) => {
		for (const mapping of ['RESOURCE-PRODUCT', 'CUSTOMER', 'VENDOR', 'CONTACT', 'ITEM-PRODUCT'])
			await store.saveSettings(mapping, { direction: 'toCrm' });
	});
	await twice();
	expect(world.sandbox.crm.rows('productpricelevel').length).toBeGreaterThanOrEqual(SIZES.priceLists * SIZES.linesPerList);
});

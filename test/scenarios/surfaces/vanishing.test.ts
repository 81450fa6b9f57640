import { clearBusinessCentralMetadata } from '../../../engine/systems/businessCentral';
import { seedBusinessCentral, type Sizes } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import { within, writes } from '../fullSync/fullSyncs';
import { everything, expectDelivered, EXTENSION, offer, picture, type Surfaces, worldWith } from './worlds';

/** What an environment offers is remembered for a day; an answer that contradicts it counts more, in the same run. */
let world: World;
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
afterEach(() => world.close());

const MAPPINGS = ['SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'RESOURCE-PRODUCT', 'CUSTOMER', 'CONTACT', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE']; // prettier-ignore
const READERS = ['SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE'];
const PAGES = ['ShippingAgents', 'ResourceCard', 'ItemUnitGroups', 'ResourceUnitGroups', 'ItemUnitsOfMeasure', 'ResourceUnitsOfMeasure', 'SalesPriceList', 'PriceListLineReview', 'workflowCustomers', 'workflowVendors', 'workflowItems', 'ContactCard', 'NameDetails']; // prettier-ignore

async function runs(mappings: readonly string[]): Promise<void> {
	world.minutes(1);
	for (const mapping of mappings) expectDelivered(await world.run({ mapping }));
}

async function seeded(surfaces: Surfaces): Promise<Record<string, string[]>> {
	world = await worldWith(surfaces);
	seedBusinessCentral(world, TINY);
	world.sandbox.businessCentral.company(world.base.companyName).insert('ShippingAgents', { Code: 'DHL', Name: 'DHL Express' });
	expectDelivered(await everything(world));
	await runs(MAPPINGS);
	world.takeRequests();
	return picture(world);
}

const bc = () => world.sandbox.businessCentral;

test('pages go within a day of "no extension": the same run is on the extension, and nothing is written or fails', async () => {
	const before = await seeded('published pages');
	offer(world, 'extension');
	await runs(MAPPINGS);
	const requests = world.takeRequests();
	expect(writes(requests)).toBe(0);
	expect(requests.some(({ path }) => path.includes(`/${EXTENSION}/companies`))).toBe(true);
	expect(picture(world)).toEqual(before);
}, 60_000);

test('pages go, and the change feed came: what is only read goes on', async () => {
	const before = await seeded('published pages');
	bc().published.clear();
	bc().installChangeFeed('SYNC');
	await runs(READERS);
	expect(writes(world.takeRequests())).toBe(0);
	expect(picture(world)).toEqual(before);
}, 60_000);

/** Of a run of a mapping whose records are known by SystemIds that nothing shows any more. */
async function endsWithExtensionGone(mapping: string): Promise<void> {
	world.minutes(1);
	const [result] = await world.run({ mapping });
	expect(result!.failed).toMatchObject([
		{ errorCode: 'BC_EXTENSION_GONE', errorClass: 'setup', hint: expect.stringContaining('Sync Mapping') },
	]);
}

const knownBySystemId = () => within(world, ({ store }) => store.identities());

test('the extension goes within the day, and pages are there: one run ends and says so, all the others are on pages, by keys', async () => {
	const before = await seeded('extension');
	expect(await knownBySystemId()).toContain('UNIT GROUP');
	for (const page of PAGES) bc().publish(page);
	bc().uninstallExtension();
	await endsWithExtensionGone('SHIPPING AGENT');
	await runs(MAPPINGS);
	expect(writes(world.takeRequests())).toBe(0);
	expect(picture(world)).toEqual(before);
	expect([...(await knownBySystemId())]).toEqual([]);
}, 120_000);

test('the extension goes within the day, and the change feed is there: one run ends and says so, the others read the feed, by keys', async () => {
	const before = await seeded('extension');
	bc().installChangeFeed('SYNC');
	bc().uninstallExtension();
	await endsWithExtensionGone('SHIPPING AGENT');
	await runs(READERS);
	const requests = world.takeRequests();
	expect(writes(requests.filter(({ path }) => !path.includes('MDMCrossEnvSource')))).toBe(0);
	expect(requests.some(({ path }) => path.includes('MDMCrossEnvSource_GetRecords'))).toBe(true);
	expect(picture(world)).toEqual(before);
	// Resources, which the feed cannot serve as their mapping writes, as well: prices look them up.
	expect([...(await knownBySystemId())]).toEqual([]);
}, 120_000);

test('the consent to the change feed is taken back, and pages are there: the same run is on pages', async () => {
	world = await worldWith('published pages');
	const feed = bc().installChangeFeed('SYNC');
	seedBusinessCentral(world, TINY);
	expectDelivered(await everything(world));
	await runs(READERS);
	const before = picture(world);
	feed.consented = false;
	world.takeRequests();
	await runs(READERS);
	const requests = world.takeRequests();
	expect(writes(requests)).toBe(0);
	expect(requests.some(({ path }) => /\/ODataV4(?!.*(\$metadata|MDMCrossEnvSource))/.test(path))).toBe(true);
	expect(picture(world)).toEqual(before);
}, 60_000);

test('nothing serves any more: the error says that the set-up has changed, and what brings the table back', async () => {
	await seeded('published pages');
	bc().published.clear();
	world.minutes(1);
	const [result] = await world.run({ mapping: 'SHIPPING AGENT' });
	expect(result!.failed).toMatchObject([
		{
			errorCode: 'BC_SURFACE_GONE',
			errorClass: 'setup',
			message: expect.stringContaining('"ShippingAgents" was read through its published page'),
			hint: expect.stringContaining('install the extension that comes with this package'),
		},
	]);
}, 60_000);

test('what one process saw, another one knows from the store; of another environment it says nothing, and what is damaged does not count', async () => {
	await seeded('both');
	const looks = (): number => world.takeRequests().filter(({ path }) => path.endsWith(`/api/${EXTENSION}/$metadata`)).length;
	const known = await within(world, ({ store }) => store.surfaceOffer());
	expect(known).toMatchObject({ environment: expect.stringContaining('/api/v2.0 '), offer: expect.stringContaining('unitGroups') });
	expect(JSON.stringify(known)).not.toMatch(/bearer|token|secret|password/i);
	const inAnotherProcess = async (offer: Partial<typeof known>): Promise<number> => {
		await within(world, ({ store }) => store.saveSurfaceOffer({ ...known!, ...offer }));
		clearBusinessCentralMetadata();
		world.takeRequests();
		world.minutes(1);
		// Only what decides whether the extension is there counts: the check of fields reads the same document when the process is new.
		const session = await world.open();
		try {
			await session.businessCentral.count(
				{ name: 'ShippingAgents', numberField: 'Code', nameField: 'Name', page: { keys: ['Code'] } },
				null,
			);
		} finally {
			await session.store.close();
		}
		return looks();
	};
	expect(await inAnotherProcess({})).toBe(0);
	expect(await inAnotherProcess({ environment: 'https://elsewhere.example/api/v2.0' })).toBe(1);
	expect(await inAnotherProcess({ offer: '{"extension":' })).toBe(1);
	expect(await inAnotherProcess({ offer: '{"extension":[["unitGroups",[1]]],"away":[],"feed":{}}' })).toBe(1);
	expect(await inAnotherProcess({ seenAt: world.clock.now() + 3_600_000 })).toBe(1);
	expect(await inAnotherProcess({ seenAt: world.clock.now() - 24 * 3_600_000 })).toBe(1);
	// It was seen anew, and is remembered as that.
	expect(await within(world, ({ store }) => store.surfaceOffer())).toMatchObject({ environment: known!.environment });
}, 60_000);

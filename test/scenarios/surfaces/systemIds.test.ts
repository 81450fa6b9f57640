import { seedBusinessCentral } from '../../kit/seededCompany';
import type { World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';
import { within, writes } from '../fullSync/fullSyncs';
import { everything, expectDelivered, EXTENSION, offer, picture, SMALL, worldWith } from './worlds';

const FEW = { ...SMALL, customers: 2, vendors: 1, contacts: 0, items: 4, resources: 3, linesPerList: 5 };

/** Records of published pages are known by their keys, and by their SystemIds once the extension shows them: nothing is lost on either way. */
let world: World;
afterEach(() => world.close());

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = 24 * 60;
const PAGES = ['ShippingAgents', 'ResourceCard', 'ItemUnitGroups', 'ResourceUnitGroups', 'ItemUnitsOfMeasure', 'ResourceUnitsOfMeasure', 'SalesPriceList', 'PriceListLineReview', 'CustomerPriceGroups', 'SalesPrices']; // prettier-ignore

type Row = Record<string, unknown>;
type Fits = (row: Row) => boolean;

/** Something done to a record of a table, and what CRM shows of it afterwards. */
interface Change {
	mapping: string;
	set: string;
	fits: Fits;
	values: Row;
	/** What CRM has to show then; nothing of the key of a price does. */
	shown?: () => unknown[];
	shows?: unknown;
}

interface Company {
	extendedPrices: boolean;
	mappings: readonly string[];
	seed(): void;
	/** A record of each table whose key people can change. */
	renames: readonly Change[];
	/** A record of each table that has a field people can edit. */
	edits: readonly Change[];
}

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const crm =
	(table: string, column: string): (() => unknown[]) =>
	() =>
		world.sandbox.crm.rows(table).map((row) => row[column]);
const labels = (): unknown[] => world.sandbox.crm.optionsOf('account', 'address1_shippingmethodcode').map(([, label]) => label);
const of =
	(column: string, value: unknown): Fits =>
	(row) =>
		row[column] === value;
const unit =
	(itemNo: string, code: string): Fits =>
	(row) =>
		row['itemNo'] === itemNo && row['code'] === code;

const AGENT: Change = { mapping: 'SHIPPING AGENT', set: 'shippingAgents', fits: of('code', 'DHL'), values: { code: 'DHLX' }, shown: labels, shows: 'DHLX' }; // prettier-ignore

const COMPANIES: Readonly<Record<string, Company>> = {
	'with price lists': {
		extendedPrices: true,
		mappings: ['SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE'], // prettier-ignore
		seed() {
			seedBusinessCentral(world, FEW);
			for (const code of ['DHL', 'UPS']) company().insert('ShippingAgents', { Code: code, Name: code });
		},
		renames: [
			AGENT,
			{ mapping: 'RESOURCE UOM', set: 'resourceUnitsOfMeasure', fits: of('resourceNo', 'R00002'), values: { code: 'DAY' }, shown: crm('uom', 'name'), shows: 'DAY' }, // prettier-ignore
			{ mapping: 'ITEM UOM', set: 'itemUnitsOfMeasure', fits: unit('I00001', 'BOX'), values: { code: 'HOUR' }, shown: crm('uom', 'name'), shows: 'HOUR' }, // prettier-ignore
			{ mapping: 'PLLINE-PRODPRICE', set: 'priceListLines', fits: (row) => row['priceListCode'] === 'S00001' && row['lineNo'] === 10000, values: { lineNo: 15000 } }, // prettier-ignore
		],
		edits: [
			{ mapping: 'ITEM UOM', set: 'itemUnitsOfMeasure', fits: unit('I00003', 'BOX'), values: { qtyPerUnitOfMeasure: 7 }, shown: crm('uom', 'quantity'), shows: 7 }, // prettier-ignore
			{ mapping: 'RESOURCE-PRODUCT', set: 'resources', fits: of('no', 'R00003'), values: { name: 'Welding' }, shown: crm('product', 'name'), shows: 'Welding' }, // prettier-ignore
			{ mapping: 'PLHEADER-PRICE', set: 'priceListHeaders', fits: of('code', 'S00002'), values: { description: 'Summer' }, shown: crm('pricelevel', 'description'), shows: 'Summer' }, // prettier-ignore
			{ mapping: 'PLLINE-PRODPRICE', set: 'priceListLines', fits: (row) => row['priceListCode'] === 'S00002' && row['lineNo'] === 20000, values: { unitPrice: 4711 }, shown: crm('productpricelevel', 'amount'), shows: 4711 }, // prettier-ignore
		],
	},
	'with sales prices': {
		extendedPrices: false,
		mappings: ['SHIPPING AGENT', 'UNIT GROUP', 'ITEM UOM', 'ITEM-PRODUCT', 'CUSTPRCGRP-PRICE', 'SALESPRC-PRODPRICE'],
		seed() {
			seedBusinessCentral(world, { ...FEW, resources: 0, priceLists: 0 });
			company().insert('ShippingAgents', { Code: 'DHL', Name: 'DHL' });
			for (const Code of ['RETAIL', 'TRADE']) company().insert('CustomerPriceGroups', { Code, Description: Code });
			for (const Item_No of ['I00001', 'I00002'])
				company().insert('SalesPrices', { Item_No, Sales_Type: 'Customer Price Group', Sales_Code: 'RETAIL', Unit_Price: 12.5 });
		},
		renames: [
			{ mapping: 'CUSTPRCGRP-PRICE', set: 'customerPriceGroups', fits: of('code', 'TRADE'), values: { code: 'SHOPS' }, shown: crm('pricelevel', 'name'), shows: 'SHOPS' }, // prettier-ignore
			AGENT,
		],
		edits: [
			{ mapping: 'SALESPRC-PRODPRICE', set: 'salesPrices', fits: of('itemNo', 'I00002'), values: { unitPrice: 99 }, shown: crm('productpricelevel', 'amount'), shows: 99 }, // prettier-ignore
		],
	},
};

const couplings = (mapping: string): Promise<Coupling[]> =>
	within(world, async ({ store }) => (await store.findCouplings({ mapping, limit: 1000 })).rows);

/** Who belongs to whom, by the row of CRM. */
const couples = async (mapping: string): Promise<string[]> => (await couplings(mapping)).map(({ crmId }) => crmId).sort();
const idsOf = async (mapping: string): Promise<string[]> => (await couplings(mapping)).map(({ bcId }) => bcId).sort();

async function run(mapping: string): Promise<void> {
	world.minutes(1);
	expectDelivered(await world.run({ mapping }));
}

const make = ({ set, fits, values }: Change): void => {
	const row = company().rows(`${EXTENSION}/${set}`).find(fits)!;
	company().update(`${EXTENSION}/${set}`, String(row['id']), values);
};

async function synchronized({ extendedPrices, mappings, seed }: Company): Promise<void> {
	world = await worldWith('published pages');
	for (const page of PAGES) world.sandbox.businessCentral.publish(page);
	await world.settings({ extendedPrices });
	seed();
	expectDelivered(await everything(world));
	for (const mapping of mappings) await run(mapping);
}

/** What the environment offers is remembered for a day. */
const install = (): void => {
	offer(world, 'both');
	world.minutes(DAY);
};
const uninstall = (): void => {
	world.sandbox.businessCentral.uninstallExtension();
	world.minutes(DAY);
};

describe.each(Object.entries(COMPANIES))('%s', (_, at) => {
	beforeEach(() => synchronized(at));

	/** A run of each mapping that creates, writes and uncouples nothing. */
	async function nothingMoves(known: ReadonlyMap<string, readonly string[]>): Promise<void> {
		const before = picture(world);
		for (const mapping of at.mappings) {
			world.takeRequests();
			await run(mapping);
			expect([mapping, writes(world.takeRequests())]).toEqual([mapping, 0]);
			expect([mapping, await couples(mapping)]).toEqual([mapping, known.get(mapping)]);
		}
		expect(picture(world)).toEqual(before);
	}
	const known = async (): Promise<Map<string, string[]>> => {
		const found = new Map<string, string[]>();
		for (const mapping of at.mappings) found.set(mapping, await couples(mapping));
		return found;
	};

	test('to SystemIds and back to keys, each table by itself: nothing is created, written or uncoupled', async () => {
		const [couplesBefore, keys] = [await known(), new Map<string, string[]>()];
		for (const mapping of at.mappings) keys.set(mapping, await idsOf(mapping));
		install();
		await nothingMoves(couplesBefore);
		for (const mapping of at.mappings) expect([mapping, (await idsOf(mapping)).filter((id) => !GUID.test(id))]).toEqual([mapping, []]);
		await nothingMoves(couplesBefore);
		uninstall();
		await nothingMoves(couplesBefore);
		for (const mapping of at.mappings) expect([mapping, await idsOf(mapping)]).toEqual([mapping, keys.get(mapping)]);
		await nothingMoves(couplesBefore);
		// The way there once more: what is noted of the first time is not believed.
		install();
		await nothingMoves(couplesBefore);
		for (const mapping of at.mappings) expect([mapping, (await idsOf(mapping)).filter((id) => !GUID.test(id))]).toEqual([mapping, []]);
	}, 120_000);

	test('what somebody edits before, between and after the moves arrives', async () => {
		const couplesBefore = await known();
		offer(world, 'both');
		// Entered while runs still go by the keys.
		for (const edit of at.edits) make(edit);
		world.minutes(DAY);
		for (const mapping of at.mappings) await run(mapping);
		for (const { mapping, shown, shows } of at.edits) expect([mapping, shown!()]).toEqual([mapping, expect.arrayContaining([shows])]);
		expect(await known()).toEqual(couplesBefore);
		for (const edit of at.edits) make({ ...edit, values: before(edit) });
		uninstall();
		for (const mapping of at.mappings) await run(mapping);
		for (const { mapping, shown, shows } of at.edits) expect([mapping, shown!()]).toEqual([mapping, expect.not.arrayContaining([shows])]);
		expect(await known()).toEqual(couplesBefore);
	}, 120_000);

	test('a renamed record stays the same couple, and its new key travels, without a table being read as a whole; it is its key when pages are all there is again', async () => {
		const couplesBefore = await known();
		install();
		for (const mapping of at.mappings) await run(mapping);
		for (const rename of at.renames) make(rename);
		for (const mapping of at.mappings) await run(mapping);
		for (const { mapping, shown, shows } of at.renames)
			if (shown) expect([mapping, shown()]).toEqual([mapping, expect.arrayContaining([shows])]);
		expect(await known()).toEqual(couplesBefore);
		// What one mapping brought about is looked at by those before it.
		for (const mapping of at.mappings) await run(mapping);
		// A quiet run reads what changed since, and nothing else of the table.
		world.minutes(30);
		for (const mapping of at.mappings) {
			world.takeRequests();
			await run(mapping);
			const asked = world.takeRequests().filter(({ path }) => path.includes(EXTENSION) && !path.includes('$metadata'));
			expect([mapping, asked.length]).toEqual([mapping, mapping === 'ITEM-PRODUCT' ? 0 : 1]);
			for (const { path } of asked) expect([mapping, path]).toEqual([mapping, expect.stringContaining('lastModifiedDateTime ge ')]);
		}
		uninstall();
		await nothingMoves(couplesBefore);
	}, 120_000);
});

const before = ({ values }: Change): Row =>
	Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, typeof value === 'number' ? value - 1 : `${String(value)} again`]),
	);

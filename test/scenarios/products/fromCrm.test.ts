import { createWorld, type World } from '../../kit/world';
import { company, deliver, failures, item, job, product, productOf, unitGroup, units, writes } from './shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

const items = () => company(world).rows('items');
const named = (name: string) => items().find((row) => row['displayName'] === name)!;
const itemUnits = (number: unknown) =>
	company(world)
		.rows('ItemUnitsOfMeasure')
		.filter((row) => row['Item_No'] === number)
		.map((row) => `${String(row['Code'])} ${String(row['Qty_per_Unit_of_Measure'])}`)
		.sort();

test('a product becomes an item with its base unit and its other units; group and units are coupled, and keep their names', async () => {
	const { group, units: own } = unitGroup(world, 'Bottles', 'PCS', { BOX: 6 });
	product(world, 'Water', group, own['PCS']!);
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(job(results, 'ITEM-PRODUCT', 'fromCrm').job).toMatchObject({ inserted: 1 });
	expect(named('Water')).toMatchObject({ baseUnitOfMeasureCode: 'PCS', blocked: false });
	expect(itemUnits(named('Water')['number'])).toEqual(['BOX 6', 'PCS 1']);
	world.takeRequests();
	world.minutes(1);
	expect(failures(await deliver(world))).toEqual([]);
	expect(writes(world)).toBe(0);
	expect(world.sandbox.crm.rows('uomschedule').map(({ name }) => name)).toEqual(['Bottles']);
	expect(world.sandbox.crm.rows('uom')).toHaveLength(2);
});

test('quantities are counted in the unit the product is sold by', async () => {
	const { group, units: own } = unitGroup(world, 'Bottles', 'PCS', { BOX: 6 });
	product(world, 'Water', group, own['BOX']!);
	await deliver(world);
	expect(named('Water')).toMatchObject({ baseUnitOfMeasureCode: 'BOX' });
	expect(itemUnits(named('Water')['number'])).toContain('BOX 1');
});

test('a unit whose code Business Central does not know keeps the item from being created', async () => {
	const { group, units: own } = unitGroup(world, 'Bottles', 'PCS', { Palette: 600 });
	product(world, 'Water', group, own['PCS']!);
	expect(failures(await deliver(world))).toEqual(['ITEM-PRODUCT UNIT_CODE_MISSING']);
	expect(items()).toEqual([]);
	units(world, 'PALETTE');
	world.minutes(1);
	expect(failures(await deliver(world))).toEqual([]);
	expect(itemUnits(named('Water')['number'])).toEqual(['PALETTE 600', 'PCS 1']);
});

test('products that share a unit group do not become items', async () => {
	const { group, units: own } = unitGroup(world, 'Bottles', 'PCS');
	product(world, 'Water', group, own['PCS']!);
	product(world, 'Juice', group, own['PCS']!);
	expect(failures(await deliver(world))).toEqual(['ITEM-PRODUCT UNIT_GROUP_SHARED', 'ITEM-PRODUCT UNIT_GROUP_SHARED']);
	expect(items()).toEqual([]);
});

test('a service becomes a resource and never an item, a family or a bundle neither', async () => {
	const { group, units: own } = unitGroup(world, 'Time', 'HOUR');
	const other = unitGroup(world, 'Sets', 'PCS');
	product(world, 'Consulting', group, own['HOUR']!, { producttypecode: 3 });
	product(world, 'Starter set', other.group, other.units['PCS']!, { productstructure: 3 });
	expect(failures(await deliver(world))).toEqual([]);
	expect(items()).toEqual([]);
	const resources = company(world).rows('ResourceCard');
	expect(resources.map((row) => [row['Name'], row['Base_Unit_of_Measure']])).toEqual([['Consulting', 'HOUR']]);
	world.takeRequests();
	world.minutes(1);
	expect(failures(await deliver(world))).toEqual([]);
	expect(writes(world)).toBe(0);
});

test('products that were there before find the item of their number, and its unit group takes over theirs', async () => {
	const { group, units: own } = unitGroup(world, 'Bottles', 'PCS');
	product(world, 'Water', group, own['PCS']!, { productnumber: '1000' });
	item(world, '1000', { unitPrice: 2 });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(world.sandbox.crm.rows('product')).toHaveLength(1);
	expect(productOf(world, '1000')).toMatchObject({ price: 2, defaultuomscheduleid: group });
	expect(world.sandbox.crm.rows('uomschedule').map(({ name }) => name)).toEqual(['ITEM 1000 UOM GR']);
	expect(items()).toHaveLength(1);
});

test('inventory and prices are never written to Business Central', async () => {
	const id = item(world, '1000', { unitPrice: 5 });
	await deliver(world);
	world.sandbox.crm.update('product', String(productOf(world, '1000')['productid']), { quantityonhand: 99, price: 7, name: 'Renamed' });
	world.minutes(1);
	const [, fromCrm] = await world.run({ mapping: 'ITEM-PRODUCT' });
	expect(fromCrm!.job).toMatchObject({ modified: 1 });
	expect(company(world).get('items', id)).toMatchObject({ displayName: 'Renamed', unitPrice: 5, inventory: 0 });
});

test("without unit groups: the base unit is the one coupled with the product's unit group; another is an error", async () => {
	await world.settings({ unitGroups: false });
	const known = unitGroup(world, 'NAV PCS', 'PCS');
	const unknown = unitGroup(world, 'Bottles', 'Bottle');
	product(world, 'Water', known.group, known.units['PCS']!);
	product(world, 'Juice', unknown.group, unknown.units['Bottle']!);
	expect(failures(await deliver(world))).toEqual(['ITEM-PRODUCT DEPENDENCY']);
	expect(items().map((row) => [row['displayName'], row['baseUnitOfMeasureCode']])).toEqual([['Water', 'PCS']]);
});

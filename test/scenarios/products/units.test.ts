import { coupleRecords, createAndCouple, uncouple } from '../../../engine';
import { createWorld, type World } from '../../kit/world';
import { codes, company, deliver, failures, item, job, product, resource, unitGroup, units, writes } from './shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

const groups = () =>
	world.sandbox.crm
		.rows('uomschedule')
		.map(({ name }) => name)
		.sort();
const unitRows = (group: unknown) =>
	world.sandbox.crm
		.rows('uom')
		.filter(({ uomscheduleid }) => uomscheduleid === group)
		.map(({ name, quantity, baseuom }) => ({ name, quantity, hasBase: Boolean(baseuom) }));
const groupNamed = (name: string) => world.sandbox.crm.rows('uomschedule').find((row) => row['name'] === name)!;

test('UNIT GROUP: an item and a resource have groups named after them, with a base unit of that name and their own units beside it', async () => {
	item(world, '1000', {}, { BOX: 12 });
	resource(world, 'LINA');
	expect(failures(await deliver(world))).toEqual([]);
	expect(groups()).toEqual(['ITEM 1000 UOM GR', 'RESOURCE LINA UOM GR']);
	expect(unitRows(groupNamed('ITEM 1000 UOM GR')['uomscheduleid'])).toEqual(
		expect.arrayContaining([
			{ name: 'ITEM 1000 UOM GR', quantity: 1, hasBase: false },
			{ name: 'PCS', quantity: 1, hasBase: true },
			{ name: 'BOX', quantity: 12, hasBase: true },
		]),
	);
	world.takeRequests();
	await deliver(world);
	expect(writes(world)).toBe(0);
});

test('UNIT GROUP: an item and a resource of one number have a group each, and their units go into the right one', async () => {
	item(world, 'X1');
	resource(world, 'X1');
	// Product numbers exist once in CRM: the second record of the number says so.
	expect(failures(await deliver(world))).toEqual(['RESOURCE-PRODUCT VALUE_TAKEN']);
	expect(unitRows(groupNamed('ITEM X1 UOM GR')['uomscheduleid']).map(({ name }) => name)).toEqual(['ITEM X1 UOM GR', 'PCS']);
	expect(unitRows(groupNamed('RESOURCE X1 UOM GR')['uomscheduleid']).map(({ name }) => name)).toEqual(['RESOURCE X1 UOM GR', 'HOUR']);
});

test('a group of that name and its units are coupled instead of created', async () => {
	const { group } = unitGroup(world, 'ITEM 1000 UOM GR', 'ITEM 1000 UOM GR', { PCS: 1 });
	item(world, '1000', {}, { BOX: 12 });
	const results = await deliver(world);
	expect(job(results, 'UNIT GROUP').job).toMatchObject({ inserted: 0, coupled: 1, failed: 0 });
	expect(job(results, 'ITEM UOM').job).toMatchObject({ inserted: 1, coupled: 1, failed: 0 });
	expect(unitRows(group)).toHaveLength(3);
});

test('an inactive group is an error, and its units wait for it', async () => {
	const { group } = unitGroup(world, 'ITEM 1000 UOM GR', 'ITEM 1000 UOM GR');
	world.sandbox.crm.update('uomschedule', group, { statecode: 1 });
	item(world, '1000');
	const results = await deliver(world);
	expect(failures(results)).toEqual(['UNIT GROUP UNIT_GROUP_INACTIVE', 'ITEM UOM DEPENDENCY', 'ITEM-PRODUCT DEPENDENCY']);
	world.sandbox.crm.update('uomschedule', group, { statecode: 0 });
	world.minutes(1);
	expect(failures(await deliver(world))).toEqual([]);
	expect(groups()).toEqual(['ITEM 1000 UOM GR']);
});

test('ITEM UOM: units alone wait for their group, or bring it in where that is asked for', async () => {
	item(world, '1000');
	const [alone] = await world.run({ mapping: 'ITEM UOM', createUncoupled: true });
	expect(codes(alone!)).toEqual(['DEPENDENCY']);
	const pulled = await world.run({ mapping: 'ITEM UOM', createUncoupled: true, pullDependencies: 'create' });
	expect(pulled.map((each) => [each.job.mapping, each.job.inserted])).toEqual([
		['UNIT GROUP', 1],
		['ITEM UOM', 1],
	]);
});

test('ITEM UOM: a changed quantity travels, and with it the price of the unit', async () => {
	item(world, '1000', { unitPrice: 3 }, { BOX: 12 });
	await deliver(world);
	const box = company(world)
		.rows('ItemUnitsOfMeasure')
		.find((row) => row['Code'] === 'BOX')!;
	expect(box).toBeDefined();
	company(world).data.modify('Item Unit of Measure', company(world).data.table('Item Unit of Measure').getByKey('1000', 'BOX')!, { 'Item No.': '1000', Code: 'BOX', 'Qty. per Unit of Measure': 24 }, 'ANNA'); // prettier-ignore
	world.minutes(1);
	const results = await world.run({ mapping: 'ITEM UOM' });
	expect(results[0]!.job).toMatchObject({ modified: 1, failed: 0 });
	expect(world.sandbox.crm.rows('uom').find(({ name }) => name === 'BOX')!['quantity']).toBe(24);
	expect(
		world.sandbox.crm
			.rows('productpricelevel')
			.map(({ amount }) => amount)
			.sort(),
	).toEqual([3, 72]);
});

test('ITEM-PRODUCT: nobody is sent to couple a unit that the group of the product will never hold; the way that is named leads on', async () => {
	const { crm } = world.sandbox;
	const { group, units: own } = unitGroup(world, 'Default Unit', 'PCS');
	const [first] = ['Bolt', 'Nut'].map((name) => product(world, name, group, own['PCS']!, { productnumber: `P-${name}` }));
	const id = item(world, '1000');
	const session = await world.open();
	await deliver(world, { mappings: ['CURRENCY'] });
	await coupleRecords(session, { mapping: 'ITEM-PRODUCT', bcId: id, crmId: first!, initial: 'send' });
	const [toCrm] = await world.run({ mapping: 'ITEM-PRODUCT' });
	expect(codes(toCrm!)).toEqual(['UNIT_GROUP_FIXED']);
	expect(toCrm!.failed[0]!.hint).toMatch(
		/uncouple it in Couple Records, give it another number in CRM, retire it, and use Create and Couple/,
	);
	await uncouple(session, { mapping: 'ITEM-PRODUCT', side: 'businessCentral', ids: [id] });
	crm.update('product', first!, { statecode: 1 });
	world.minutes(30);
	expect(failures(await deliver(world, { mappings: ['UNIT GROUP', 'ITEM UOM'] }))).toEqual([]);
	const made = await createAndCouple(session, { mapping: 'ITEM-PRODUCT', side: 'businessCentral', ids: [id] });
	expect([made.failed, made.job.inserted]).toEqual([[], 1]);
	await session.store.close();
});

test('ITEM UOM: a unit that somebody uncoupled comes back into the group of its product, and the item is delivered', async () => {
	const id = item(world, '1000', {}, { BOX: 12 });
	await deliver(world);
	const session = await world.open();
	for (const mapping of ['UNIT GROUP', 'ITEM UOM']) await uncouple(session, { mapping, side: 'crm' });
	company(world).update('items', id, { baseUnitOfMeasureCode: 'BOX' });
	world.minutes(30);
	const [waiting] = await world.run({ mapping: 'ITEM-PRODUCT' });
	expect(codes(waiting!)).toEqual(['DEPENDENCY']);
	expect(waiting!.failed[0]!.hint).toContain('Synchronize or couple "BOX" with the table mapping ITEM UOM first');
	const [units] = await world.run({ mapping: 'ITEM UOM', createUncoupled: true, nothingCoupled: 'allowed' });
	expect(codes(units!)).toEqual(['DEPENDENCY', 'DEPENDENCY']);
	expect(units!.failed[0]!.hint).toContain('Synchronize or couple "1000" with the table mapping UNIT GROUP first');
	for (const mapping of ['UNIT GROUP', 'ITEM UOM']) {
		world.minutes(30);
		expect(failures(await world.run({ mapping, createUncoupled: true, nothingCoupled: 'allowed' }))).toEqual([]);
	}
	world.minutes(30);
	expect(failures(await world.run({ mapping: 'ITEM-PRODUCT' }))).toEqual([]);
	expect(world.sandbox.crm.rows('uomschedule')).toHaveLength(1);
	const unit = world.sandbox.crm.rows('uom').find(({ name }) => name === 'BOX')!['uomid'];
	expect(world.sandbox.crm.rows('product')[0]).toMatchObject({ defaultuomid: unit });
	await session.store.close();
});

describe('without unit groups', () => {
	beforeEach(() => world.settings({ unitGroups: false }));

	test('a unit of measure is a group "NAV <CODE>" whose base unit bears the code', async () => {
		expect(failures(await deliver(world))).toEqual([]);
		expect(groups()).toEqual(['NAV BOX', 'NAV HOUR', 'NAV PCS']);
		expect(unitRows(groupNamed('NAV PCS')['uomscheduleid'])).toEqual([{ name: 'PCS', quantity: 1, hasBase: false }]);
	});

	test('a group named by the convention is coupled; it must be active and hold that one unit', async () => {
		unitGroup(world, 'NAV PCS', 'PCS');
		unitGroup(world, 'NAV BOX', 'BOX', { PALLET: 20 });
		const { group } = unitGroup(world, 'NAV HOUR', 'HOUR');
		world.sandbox.crm.update('uomschedule', group, { statecode: 1 });
		const results = await deliver(world);
		expect(job(results, 'UNIT OF MEASURE').job).toMatchObject({ inserted: 0, coupled: 1, failed: 2 });
		expect(codes(job(results, 'UNIT OF MEASURE')).sort()).toEqual(['UNIT_GROUP_INACTIVE', 'UNIT_GROUP_UNITS']);
	});

	test('the names of group and unit follow the code', async () => {
		await deliver(world);
		const pcs = company(world)
			.rows('unitsOfMeasure')
			.find(({ code }) => code === 'PCS')!;
		company(world).update('unitsOfMeasure', String(pcs['id']), { code: 'PIECE' });
		world.minutes(1);
		expect(failures(await world.run({ mapping: 'UNIT OF MEASURE' }))).toEqual([]);
		expect(unitRows(groupNamed('NAV PIECE')['uomscheduleid']).map(({ name }) => name)).toEqual(['PIECE']);
	});

	test('ITEM-PRODUCT: a product has the group of its base unit and the one unit in it; a resource as well', async () => {
		item(world, '1000');
		resource(world, 'LINA');
		expect(failures(await deliver(world))).toEqual([]);
		const names = world.sandbox.crm
			.rows('product')
			.map(({ defaultuomscheduleid, defaultuomid }) => [
				world.sandbox.crm.rows('uomschedule').find((row) => row['uomscheduleid'] === defaultuomscheduleid)!['name'],
				world.sandbox.crm.rows('uom').find((row) => row['uomid'] === defaultuomid)!['name'],
			]);
		expect(names).toEqual([
			['NAV PCS', 'PCS'],
			['NAV HOUR', 'HOUR'],
		]);
		expect(world.sandbox.crm.rows('productpricelevel')).toHaveLength(2);
	});

	test('ITEM-PRODUCT: of a product with a group of another name nobody says that its unit were to be coupled first', async () => {
		const { group, units: own } = unitGroup(world, 'Default Unit', 'PCS');
		const crmId = product(world, 'Bolt', group, own['PCS']!);
		const id = item(world, '1000');
		await deliver(world, { mappings: ['CURRENCY'] });
		const session = await world.open();
		await coupleRecords(session, { mapping: 'ITEM-PRODUCT', bcId: id, crmId, initial: 'send' });
		await session.store.close();
		expect(failures(await world.run({ mapping: 'ITEM-PRODUCT', direction: 'toCrm' }))).toEqual(['ITEM-PRODUCT UNIT_GROUP_FIXED']);
	});

	test('ITEM-PRODUCT: the unit group of a product cannot change', async () => {
		const id = item(world, '1000');
		await deliver(world);
		company(world).update('items', id, { baseUnitOfMeasureCode: 'BOX' });
		world.minutes(1);
		expect(failures(await world.run({ mapping: 'ITEM-PRODUCT' }))).toEqual(['ITEM-PRODUCT UNIT_GROUP_FIXED']);
	});
});

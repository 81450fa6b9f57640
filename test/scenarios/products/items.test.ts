import { createWorld, type World } from '../../kit/world';
import {
	codes,
	company,
	DEFAULT_LIST,
	deliver,
	failures,
	item,
	job,
	listNamed,
	pricesOf,
	productOf,
	resource,
	units,
	writes,
} from './shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

const withoutFilters = async (mapping: string) => {
	const session = await world.open();
	await session.store.saveSettings(mapping, { bcFilter: { conditions: [] }, crmFilter: { conditions: [] } });
	await session.store.close();
};

test('ITEM-PRODUCT: a new product has type, structure, digits, local currency, vendor by number and name, and the default price list', async () => {
	company(world).insert('vendors', { number: 'V1', displayName: 'Northern Steel' });
	const id = item(world, '1000', { unitPrice: 400.5, unitCost: 300 });
	company(world).update('workflowItems', id, { vendorNumber: 'V1', vendorItemNumber: 'NS-7', grossWeight: 14.5, unitVolume: 0.25 });
	company(world).setCalculated('items', id, { inventory: 32 });
	expect(failures(await deliver(world))).toEqual([]);
	expect(productOf(world, '1000')).toMatchObject({
		name: 'Item 1000',
		price: 400.5,
		standardcost: 300,
		currentcost: 300,
		stockvolume: 0.25,
		stockweight: 14.5,
		vendorid: 'V1',
		vendorname: 'Northern Steel',
		vendorpartnumber: 'NS-7',
		quantityonhand: 32,
		producttypecode: 1,
		productstructure: 1,
		quantitydecimal: 2,
		transactioncurrencyid: world.base.baseCurrencyId,
		bcbi_companyid: world.base.companyRowId,
		pricelevelid: listNamed(world, DEFAULT_LIST)['pricelevelid'],
	});
});

test('RESOURCE-PRODUCT: a resource is a service, in its own unit, with its price', async () => {
	resource(world, 'LINA', { Unit_Cost: 30 });
	expect(failures(await deliver(world))).toEqual([]);
	expect(productOf(world, 'LINA')).toMatchObject({ name: 'Resource LINA', producttypecode: 3, price: 50, standardcost: 30, statecode: 0 });
	expect(pricesOf(world, DEFAULT_LIST)).toEqual(['LINA HOUR 50']);
});

test('a negative price or stock is written as 0', async () => {
	const id = item(world, '1000', { unitPrice: -5 });
	company(world).setCalculated('items', id, { inventory: -3 });
	await deliver(world);
	expect(productOf(world, '1000')).toMatchObject({ price: 0, quantityonhand: 0 });
	expect(pricesOf(world, DEFAULT_LIST)).toEqual(['1000 PCS 0']);
});

test('products are published after their creation', async () => {
	item(world, '1000');
	const results = await deliver(world);
	expect(job(results, 'ITEM-PRODUCT').job).toMatchObject({ inserted: 1, modified: 0 });
	expect(productOf(world, '1000')).toMatchObject({ statecode: 0, statuscode: 1 });
	world.takeRequests();
	world.minutes(1);
	const [toCrm, fromCrm] = await world.run({ mapping: 'ITEM-PRODUCT' });
	// Its own publication is no change of CRM's.
	expect([toCrm!.job.unchanged, fromCrm!.job.unchanged]).toEqual([0, 0]);
	expect(writes(world)).toBe(0);
});

test('once the default filters are gone, blocking retires the product and unblocking makes it active', async () => {
	const id = item(world, '1000');
	await deliver(world);
	await withoutFilters('ITEM-PRODUCT');
	for (const [blocked, state] of [
		[true, { statecode: 1, statuscode: 2 }],
		[false, { statecode: 0, statuscode: 1 }],
	] as const) {
		company(world).update('items', id, { blocked });
		world.minutes(1);
		const [toCrm] = await world.run({ mapping: 'ITEM-PRODUCT' });
		expect(toCrm!.job).toMatchObject({ modified: 1, failed: 0 });
		expect(productOf(world, '1000')).toMatchObject(state);
	}
});

test('once the default filters are gone, retiring the product blocks the item and activating it unblocks it', async () => {
	const id = item(world, '1000');
	resource(world, 'LINA');
	await deliver(world);
	await withoutFilters('ITEM-PRODUCT');
	await withoutFilters('RESOURCE-PRODUCT');
	for (const [statecode, blocked] of [
		[1, true],
		[0, false],
	] as const) {
		for (const number of ['1000', 'LINA'])
			world.sandbox.crm.update('product', String(productOf(world, number)['productid']), { statecode });
		world.minutes(1);
		for (const mapping of ['ITEM-PRODUCT', 'RESOURCE-PRODUCT']) {
			const [, fromCrm] = await world.run({ mapping });
			expect(fromCrm!.job).toMatchObject({ modified: 1, failed: 0 });
		}
		expect(company(world).get('items', id)!['blocked']).toBe(blocked);
		expect(company(world).rows('ResourceCard')[0]!['Blocked']).toBe(blocked);
	}
});

test('with the default filters blocked items and retired products do not take part in this mapping', async () => {
	const id = item(world, '1000');
	item(world, '2000', { blocked: true });
	await deliver(world);
	expect(world.sandbox.crm.rows('product')).toHaveLength(1);
	company(world).update('items', id, { blocked: true });
	world.minutes(1);
	await world.run({ mapping: 'ITEM-PRODUCT' });
	expect(productOf(world, '1000')).toMatchObject({ statecode: 0 });
});

test('an item created while it is blocked has a retired product', async () => {
	item(world, '2000', { blocked: true });
	await withoutFilters('ITEM-PRODUCT');
	expect(failures(await deliver(world))).toEqual([]);
	expect(productOf(world, '2000')).toMatchObject({ statecode: 1, statuscode: 2 });
	world.takeRequests();
	await deliver(world);
	expect(writes(world)).toBe(0);
});

test('where the organization creates products active, they have their price list nevertheless, and those of blocked items are retired', async () => {
	world.sandbox.crm.update('organization', world.sandbox.crm.organizationId, { createproductswithoutparentinactivestate: true });
	item(world, '1000');
	item(world, '2000', { blocked: true });
	await withoutFilters('ITEM-PRODUCT');
	expect(failures(await deliver(world))).toEqual([]);
	const { pricelevelid } = listNamed(world, DEFAULT_LIST);
	expect(productOf(world, '1000')).toMatchObject({ statecode: 0, pricelevelid });
	expect(productOf(world, '2000')).toMatchObject({ statecode: 1, pricelevelid });
	world.takeRequests();
	await deliver(world);
	expect(writes(world)).toBe(0);
});

test('a draft that somebody entered in CRM is published, with the default price list, once it is coupled', async () => {
	item(world, '1000');
	await deliver(world, { mappings: ['CURRENCY', 'UNIT GROUP', 'ITEM UOM'] });
	const { crm } = world.sandbox;
	const group = crm.rows('uomschedule')[0]!['uomscheduleid'];
	const unit = crm.rows('uom').find(({ name }) => name === 'PCS')!['uomid'];
	crm.insert('product', {
		name: 'Draft',
		productnumber: '1000',
		defaultuomscheduleid: group,
		defaultuomid: unit,
		producttypecode: 1,
	} as never);
	await withoutFilters('ITEM-PRODUCT');
	expect(failures(await deliver(world))).toEqual([]);
	expect(crm.rows('product')).toHaveLength(1);
	expect(productOf(world, '1000')).toMatchObject({ statecode: 0, pricelevelid: listNamed(world, DEFAULT_LIST)['pricelevelid'] });
});

test('an item without base unit fails; others go on', async () => {
	company(world).insert('items', { number: '0999', displayName: 'Nothing', type: 'Inventory' });
	item(world, '1000');
	const results = await deliver(world);
	expect(codes(job(results, 'ITEM-PRODUCT'))).toEqual(['BASE_UNIT_MISSING']);
	expect(world.sandbox.crm.rows('product').map(({ productnumber }) => productnumber)).toEqual(['1000']);
});

test('the write-in item and resource never travel', async () => {
	await world.settings({ writeInItem: '0001', writeInResource: 'MISC' });
	item(world, '0001');
	item(world, '1000');
	resource(world, 'MISC');
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(world.sandbox.crm.rows('product').map(({ productnumber }) => productnumber)).toEqual(['1000']);
});

describe('the default price list', () => {
	test('one price for each unit of each item, price times quantity, also at a price of 0', async () => {
		item(world, '1000', { unitPrice: 3 }, { BOX: 12 });
		item(world, '2000', { unitPrice: 0 });
		await deliver(world);
		expect(pricesOf(world, DEFAULT_LIST)).toEqual(['1000 BOX 36', '1000 PCS 3', '2000 PCS 0']);
		expect(world.sandbox.crm.rows('pricelevel')).toHaveLength(1);
		expect(listNamed(world, DEFAULT_LIST)).toMatchObject({ transactioncurrencyid: world.base.baseCurrencyId, statecode: 0 });
	});

	test('a new price of the item changes the default price list and no other', async () => {
		const id = item(world, '1000', { unitPrice: 3 }, { BOX: 12 });
		await deliver(world);
		const { productid, defaultuomid } = productOf(world, '1000');
		const other = world.sandbox.crm.insert('pricelevel', { name: 'Friends', transactioncurrencyid: world.base.baseCurrencyId });
		world.sandbox.crm.insert('productpricelevel', { pricelevelid: other, productid, uomid: defaultuomid, amount: 2 } as never);
		company(world).update('items', id, { unitPrice: 4 });
		world.minutes(1);
		await world.run({ mapping: 'ITEM-PRODUCT' });
		expect(pricesOf(world, DEFAULT_LIST)).toEqual(['1000 BOX 48', '1000 PCS 4']);
		expect(pricesOf(world, 'Friends')).toEqual(['1000 PCS 2']);
	});

	test('a list of that name in local currency is taken', async () => {
		world.sandbox.crm.insert('pricelevel', { name: DEFAULT_LIST, transactioncurrencyid: world.base.baseCurrencyId });
		item(world, '1000');
		await deliver(world);
		expect(world.sandbox.crm.rows('pricelevel')).toHaveLength(1);
		expect(pricesOf(world, DEFAULT_LIST)).toEqual(['1000 PCS 100']);
	});

	test('if the name exists in another currency, the local currency is added to it', async () => {
		world.sandbox.crm.seed('transactioncurrency', [{ transactioncurrencyid: '0000000c-0000-4000-8000-000000000001', isocurrencycode: 'CHF', currencyname: 'Swiss franc', currencysymbol: 'Fr', exchangerate: 1.1 }]); // prettier-ignore
		world.sandbox.crm.insert('pricelevel', { name: DEFAULT_LIST, transactioncurrencyid: '0000000c-0000-4000-8000-000000000001' });
		item(world, '1000');
		await deliver(world);
		expect(pricesOf(world, `${DEFAULT_LIST} GBP`)).toEqual(['1000 PCS 100']);
		expect(pricesOf(world, DEFAULT_LIST)).toEqual([]);
	});

	test('it is known by its id, whatever it is called by now', async () => {
		item(world, '1000');
		await deliver(world);
		const { pricelevelid } = listNamed(world, DEFAULT_LIST);
		world.sandbox.crm.update('pricelevel', String(pricelevelid), { name: 'Our prices' });
		item(world, '2000');
		world.minutes(1);
		await deliver(world);
		expect(pricesOf(world, 'Our prices')).toEqual(['1000 PCS 100', '2000 PCS 100']);
		expect(world.sandbox.crm.rows('pricelevel')).toHaveLength(1);
	});

	test('a price that cannot be written fails its product, which stays a draft and is published by the next run', async () => {
		item(world, '1000');
		item(world, '2000');
		world.sandbox.faults.add({ system: 'crm', url: /productpricelevels\(/, times: 1, fault: { kind: 'answer', status: 400 } });
		const results = await deliver(world);
		const items = job(results, 'ITEM-PRODUCT');
		expect(items.job).toMatchObject({ inserted: 1, failed: 1 });
		expect(
			world.sandbox.crm
				.rows('product')
				.map(({ statecode }) => statecode)
				.sort(),
		).toEqual([0, 2]);
		world.minutes(1);
		await world.run({ mapping: 'ITEM-PRODUCT' });
		expect(world.sandbox.crm.rows('product').map(({ statecode }) => statecode)).toEqual([0, 0]);
		expect(pricesOf(world, DEFAULT_LIST)).toEqual(['1000 PCS 100', '2000 PCS 100']);
	});
});

import { deleteOther } from '../../../engine';
import { createWorld, type World } from '../../kit/world';
import { company, deliver, failures, item, productOf, resource, units } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

const use = async <T>(work: (session: Awaited<ReturnType<World['open']>>) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const couples = (mapping: string) => use(async ({ store }) => (await store.findCouplings({ mapping, limit: 100 })).rows);
const remove = async (mapping: string, side: 'businessCentral' | 'crm', id: string) => {
	const told = await use((session) => deleteOther(session, { mapping, side, ids: [id], preview: true }));
	const done = await use((session) => deleteOther(session, { mapping, side, ids: [id] }));
	expect(done.records.map(({ outcome }) => outcome)).toEqual(['deleted']);
	expect([told.jobs[0]!.job.deleted, told.jobs[0]!.warnings]).toEqual([done.jobs[0]!.job.deleted, done.jobs[0]!.warnings]);
	return done.jobs[0]!;
};
const quiet = async () => {
	world.minutes(24 * 60);
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	for (const { job } of results) expect([job.mapping, job.deleted, job.uncoupled]).toEqual([job.mapping, 0, 0]);
};

test('an item that goes with its product takes its units, its unit group and its prices along', async () => {
	item(world, '1000', {}, { BOX: 12 });
	company(world).insert('SalesPriceList', { Code: 'S1', Description: 'Spring', Status: 'Active', AmountType: 'Price' });
	company(world).seed('PriceListLineReview', [
		{ Price_List_Code: 'S1', Line_No: 10000, Asset_Type: 'Item', Asset_No: '1000', Unit_Price: 9, Amount_Type: 'Price', Status: 'Active' },
	]);
	await deliver(world);
	const crmId = String(productOf(world, '1000')['productid']);
	expect([(await couples('ITEM UOM')).length, (await couples('UNIT GROUP')).length, (await couples('PLLINE-PRODPRICE')).length]).toEqual([
		2, 1, 1,
	]);
	world.sandbox.crm.remove('product', crmId);
	const job = await remove('ITEM-PRODUCT', 'crm', crmId);
	expect(job.job).toMatchObject({ deleted: 5, failed: 0 });
	expect(job.warnings.filter((text) => text.startsWith('Business Central deletes'))).toHaveLength(4);
	for (const mapping of ['ITEM-PRODUCT', 'ITEM UOM', 'UNIT GROUP', 'PLLINE-PRODPRICE'])
		expect([mapping, await couples(mapping)]).toEqual([mapping, []]);
	await quiet();
});

test('a resource takes its units and its unit group along, and leaves those of items alone', async () => {
	item(world, '1000');
	resource(world, 'LINA');
	await deliver(world);
	const [couple] = await couples('RESOURCE-PRODUCT');
	const others = [await couples('ITEM UOM'), await couples('ITEM-PRODUCT')].map((each) => each.length);
	world.sandbox.crm.remove('product', couple!.crmId);
	expect((await remove('RESOURCE-PRODUCT', 'crm', couple!.crmId)).job).toMatchObject({ deleted: 3, failed: 0 });
	expect(await couples('RESOURCE UOM')).toEqual([]);
	expect([await couples('ITEM UOM'), await couples('ITEM-PRODUCT')].map((each) => each.length)).toEqual(others);
	expect(await couples('UNIT GROUP')).toHaveLength(1);
});

test('a product that goes with its item takes its prices along, those that nobody has coupled too', async () => {
	item(world, '1000');
	company(world).insert('SalesPriceList', { Code: 'S1', Description: 'Spring', Status: 'Active', AmountType: 'Price' });
	company(world).seed('PriceListLineReview', [
		{ Price_List_Code: 'S1', Line_No: 10000, Asset_Type: 'Item', Asset_No: '1000', Unit_Price: 9, Amount_Type: 'Price', Status: 'Active' },
	]);
	await deliver(world);
	const [couple] = await couples('ITEM-PRODUCT');
	company(world).remove('items', couple!.bcId);
	const job = await remove('ITEM-PRODUCT', 'businessCentral', couple!.bcId);
	// One price of the list, and one of the default price list.
	expect(job.job).toMatchObject({ deleted: 3, failed: 0 });
	expect(await couples('PLLINE-PRODPRICE')).toEqual([]);
	expect(world.sandbox.crm.rows('productpricelevel')).toEqual([]);
});

test('a price list that goes with the one of CRM takes its lines along', async () => {
	item(world, '1000');
	company(world).insert('SalesPriceList', { Code: 'S1', Description: 'Spring', Status: 'Active', AmountType: 'Price' });
	company(world).seed('PriceListLineReview', [
		{ Price_List_Code: 'S1', Line_No: 10000, Asset_Type: 'Item', Asset_No: '1000', Unit_Price: 9, Amount_Type: 'Price', Status: 'Active' },
	]);
	await deliver(world);
	const [list] = await couples('PLHEADER-PRICE');
	const [price] = await couples('PLLINE-PRODPRICE');
	world.sandbox.crm.remove('productpricelevel', price!.crmId);
	world.sandbox.crm.remove('pricelevel', list!.crmId);
	expect((await remove('PLHEADER-PRICE', 'crm', list!.crmId)).job).toMatchObject({ deleted: 2, failed: 0 });
	expect(await couples('PLLINE-PRODPRICE')).toEqual([]);
	await quiet();
});

import { uncouple } from '../../../engine';
import { newCoupling } from '../../../engine/model/coupling';
import { createWorld, type World } from '../../kit/world';
import { openStage, type Stage } from '../deciding/stage';
import { codes, company, deliver, item, listNamed, pricesOf, resource, units } from '../products/shop';

type Row = Record<string, unknown>;

describe('prices of a product that people uncoupled', () => {
	let world: World;
	beforeEach(async () => {
		world = await createWorld();
		units(world, 'PCS', 'BOX', 'HOUR');
	});
	afterEach(() => world.close());

	const list = (Code: string) =>
		void company(world).insert('SalesPriceList', { Code, Description: `Prices ${Code}`, Status: 'Active', AmountType: 'Price' });
	const line = (Price_List_Code: string, Line_No: number, Asset_No: string, Unit_Price: number, values: Row = {}) =>
		void company(world).seed('PriceListLineReview', [
			{ Price_List_Code, Line_No, Asset_Type: 'Item', Asset_No, Unit_Price, Amount_Type: 'Price', Status: 'Active', ...values },
		]);
	const changePrice = (listCode: string, number: number, price: number) => {
		const table = company(world).data.table('Price List Line');
		const row = table.getByKey(listCode, number)!;
		company(world).data.modify('Price List Line', row, { ...row.fields, 'Unit Price': price }, 'ANNA');
	};
	const part = async (mapping: string, number: string) => {
		const session = await world.open();
		try {
			const { rows } = await session.store.findCouplings({ mapping, limit: 100 });
			const own = rows.find(({ bcNumber }) => bcNumber === number)!;
			await uncouple(session, { mapping, side: 'businessCentral', ids: [own.bcId] });
			return own;
		} finally {
			await session.store.close();
		}
	};
	const lines = async (mapping = 'PLLINE-PRODPRICE') => {
		world.minutes(20);
		const [job] = await world.run({ mapping });
		world.minutes(20);
		return job!;
	};

	test.each([
		['item', 'ITEM-PRODUCT', '1000', 'ITEM-PRODUCT'],
		['resource', 'RESOURCE-PRODUCT', 'LINA', 'RESOURCE-PRODUCT'],
		['price list', 'PLHEADER-PRICE', 'S1', 'PLHEADER-PRICE'],
	])('a line of an uncoupled %s is not written, says so, and goes on once it is coupled again', async (_, mapping, number, named) => {
		item(world, '1000');
		resource(world, 'LINA');
		list('S1');
		line('S1', 10000, number === 'LINA' ? 'LINA' : '1000', 90, number === 'LINA' ? { Asset_Type: 'Resource' } : {});
		await deliver(world);
		const before = pricesOf(world, 'S1');
		const own = await part(mapping, number);
		changePrice('S1', 10000, 80);
		const parted = await lines();
		expect(parted.job).toMatchObject({ modified: 0, failed: 1 });
		expect(codes(parted)).toEqual(['DEPENDENCY']);
		expect(parted.failed[0]!.message).toContain(`table mapping ${named}`);
		expect(pricesOf(world, 'S1')).toEqual(before);
		// It waits, in silence.
		world.takeRequests();
		expect((await lines()).job).toMatchObject({ modified: 0, failed: 0, writes: { crm: 0 } });
		const session = await world.open();
		await session.store.commit({ couplings: [own] });
		await session.store.close();
		expect((await lines()).job).toMatchObject({ modified: 1, failed: 0 });
		expect(pricesOf(world, 'S1')).toEqual([before[0]!.replace(/ 90$/, ' 80')]);
	});
	test('an unchanged line of an uncoupled item is no failure', async () => {
		item(world, '1000');
		list('S1');
		line('S1', 10000, '1000', 90);
		await deliver(world);
		await part('ITEM-PRODUCT', '1000');
		expect((await lines()).job).toMatchObject({ modified: 0, failed: 0 });
	});
	test('the unit of an uncoupled unit group is not written either', async () => {
		item(world, '1000', {}, { BOX: 12 });
		await deliver(world);
		await part('UNIT GROUP', '1000');
		const box = () => world.sandbox.crm.rows('uom').find(({ name }) => name === 'BOX')!['quantity'];
		const table = company(world).data.table('Item Unit of Measure');
		const row = table.getByKey('1000', 'BOX')!;
		company(world).data.modify('Item Unit of Measure', row, { ...row.fields, 'Qty. per Unit of Measure': 24 }, 'ANNA');
		const parted = await lines('ITEM UOM');
		expect(parted.job).toMatchObject({ modified: 0, failed: 1 });
		expect(codes(parted)).toEqual(['DEPENDENCY']);
		expect(box()).toBe(12);
		expect(listNamed(world, 'Business Central Default Price List')).toBeDefined();
	});
});

describe('the company of a row that lost its partner', () => {
	let stage: Stage;
	beforeEach(async () => {
		stage = await openStage();
	});
	afterEach(() => stage.world.close());

	const companyOf = (number: number) => stage.account(number)!['bcbi_companyid'] ?? null;
	const ways = ['bidirectional', 'toCrm', 'fromCrm'] as const;

	test.each(ways)('Remove Coupling by hand clears it (%s)', async (direction) => {
		await stage.settings({ direction });
		expect(companyOf(1)).toBe(stage.world.base.companyRowId);
		const [job] = await stage.with((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [stage.accountId(1)] }));
		expect(job!.job).toMatchObject({ uncoupled: 1, modified: 1, message: 'Uncoupled 1; cleared the company of 1 CRM record.' });
		expect([companyOf(1), companyOf(2)]).toEqual([null, stage.world.base.companyRowId]);
	});
	test.each(ways)('so does uncoupling the whole mapping (%s)', async (direction) => {
		await stage.settings({ direction });
		await stage.with((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral' }));
		expect([1, 2, 3].map(companyOf)).toEqual([null, null, null]);
	});
	test.each(ways)('so does the deletion strategy (%s)', async (direction) => {
		await stage.settings({ direction, deletion: 'removeCoupling' });
		stage.company().remove('customers', stage.customerId(1));
		const jobs = await stage.run({ findDeleted: 'now' });
		expect(jobs.reduce((sum, { job }) => sum + job.uncoupled, 0)).toBe(1);
		expect([companyOf(1), companyOf(2)]).toEqual([null, stage.world.base.companyRowId]);
	});
	test.each(ways)('another table mapping that has the row coupled keeps it there (%s)', async (direction) => {
		await stage.settings({ direction, deletion: 'removeCoupling' });
		const vendors = stage.company().seed(
			'vendors',
			['V1', 'V2'].map((number) => ({ number, displayName: `Vendor ${number}`, blocked: '_x0020_' })),
		);
		const couplings = vendors.map((bcId, index) => {
			const pair = { bcId, crmId: stage.accountId(index + 1) };
			return newCoupling('VENDOR', pair, null, new Date(stage.world.clock.now()).toISOString());
		});
		await stage.with((session) => session.store.commit({ couplings }));
		stage.company().remove('customers', stage.customerId(1));
		await stage.run({ findDeleted: 'now' });
		expect(companyOf(1)).toBe(stage.world.base.companyRowId);
		await stage.with((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [stage.accountId(2)] }));
		expect(companyOf(2)).toBe(stage.world.base.companyRowId);
	});
});

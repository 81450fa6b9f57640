import type { Transport } from '../../../../engine/systems/odata/transport';
import { codesOf, inShop, type Line, type Row, type Shop } from './kit';
import { productOf } from '../../products/shop';

/** Lines of the order made of these, as `sequence type number description quantity unit price discount`. */
async function imported(shop: Shop, lines: readonly Line[], values: Row = {}): Promise<Row[]> {
	const before = shop.bcOrders().length;
	const result = await shop.import({ ids: [shop.order(lines, values)] });
	expect(result.job.failed).toEqual([]);
	return shop.bcLines(shop.bcOrders()[before]!);
}
const said = (lines: readonly Row[], ...fields: string[]): string[] =>
	lines.map((line) => fields.map((field) => String(line[field])).join(' '));
const refused = async (shop: Shop, lines: readonly Line[], values: Row = {}): Promise<string> => {
	const result = await shop.import({ ids: [shop.order(lines, values)] });
	expect(shop.bcOrders()).toEqual([]);
	return codesOf(result).join();
};

describe('the lines', () => {
	it(
		'DOC-22: stand by their sequence number as 10000, 20000 …, each followed by its texts',
		inShop(async (shop) => {
			const lines = await imported(shop, [
				{ product: '2000', values: { sequencenumber: 3 } },
				{ product: '1000', values: { sequencenumber: 1, description: 'Blue, please' } },
				{ writeIn: 'Assembly', values: { sequencenumber: 2 } },
			]);
			expect(said(lines, 'sequence', 'lineType', 'lineObjectNumber', 'description')).toEqual([
				'10000 Item 1000 Item 1000',
				'20000 Comment  Blue, please',
				'30000 Item MISC Assembly',
				'40000 Item 2000 Item 2000',
			]);
			const [document] = (await shop.use(({ store }) => store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows;
			expect(document!.lines.map(({ sequence, kind, bcId }) => `${sequence} ${kind} ${bcId !== null}`)).toEqual([
				'10000 line true',
				'20000 text true',
				'30000 line true',
				'40000 line true',
			]);
		}),
	);

	it(
		'DOC-23: a product that is retired, not coupled, or of another type fails the whole order',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const bad = (values: Row): Line[] => [{ product: '2000' }, { product: '1000', values }];
			const order = shop.order(bad({}));
			const product = String(productOf(shop.world, '1000')['productid']);
			crm.seed('product', [{ ...crm.get('product', product), statecode: 1, statuscode: 2 }] as never);
			expect(codesOf(await shop.import({ ids: [order] }))).toEqual(['PRODUCT_NOT_ACTIVE']);
			crm.seed('product', [{ ...crm.get('product', product), statecode: 0, statuscode: 1, producttypecode: 2 }] as never);
			expect(codesOf(await shop.import({ ids: [order] }))).toEqual(['PRODUCT_TYPE']);
			crm.seed('product', [{ ...crm.get('product', product), producttypecode: 1 }] as never);
			const { rows } = await shop.use(({ store }) => store.findCouplings({ mapping: 'ITEM-PRODUCT', text: '1000', limit: 1 }));
			await shop.use(({ store }) => store.commit({ uncouple: rows }));
			expect(codesOf(await shop.import({ ids: [order] }))).toEqual(['DEPENDENCY']);
			expect(shop.bcOrders()).toEqual([]);
		}),
	);

	it(
		'DOC-23: an item that is blocked fails the order by its name',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const id = shop.order([{ product: '1000' }]);
			const item = bc.rows('items').find(({ number }) => number === '1000')!;
			bc.update('items', String(item['id']), { blocked: true });
			const result = await shop.import({ ids: [id] });
			expect([codesOf(result), result.job.failed[0]!.message]).toEqual([['ITEM_BLOCKED'], expect.stringContaining('item 1000 of line')]);
		}),
	);

	it(
		'DOC-24: a write-in sells the write-in item, else the resource; without either it is an error',
		inShop(
			async (shop) => {
				expect(await refused(shop, [{ writeIn: 'Assembly' }])).toBe('WRITE_IN_MISSING');
				await shop.world.settings({ writeInResource: 'LINA' });
				expect(said(await imported(shop, [{ writeIn: 'Assembly' }]), 'lineType', 'lineObjectNumber', 'description')).toEqual([
					'Resource LINA Assembly',
				]);
			},
			{ writeInItem: '' },
		),
	);

	it(
		'DOC-25, DOC-26: a write-in begins with its text, a product keeps its own; what is longer follows in lines of text, once',
		inShop(async (shop) => {
			const long = `${'x'.repeat(120)}\nsecond`;
			const lines = await imported(shop, [
				{ writeIn: long },
				{ product: '1000', values: { productdescription: 'Item 1000' } },
				{ product: '2000', values: { description: 'Only this', productdescription: 'Not this' } },
			]);
			expect(said(lines, 'lineType', 'description')).toEqual([
				`Item ${'x'.repeat(100)}`,
				`Comment ${'x'.repeat(20)}`,
				'Comment second',
				'Item Item 1000',
				'Item Item 2000',
				'Comment Only this',
			]);
		}),
	);

	it(
		'DOC-27, DOC-28: price and discount are those of CRM, also 0, whatever the item and the customer have',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			bc.data.settings.lineDiscountPercent['C1'] = 10;
			const lines = await imported(shop, [
				{ product: '1000', quantity: 3, price: 80, values: { manualdiscountamount: 5 } },
				{ product: '2000', price: 0 },
				{ product: '1000', quantity: 0, price: 80 },
			]);
			expect(said(lines, 'quantity', 'unitPrice', 'discountAmount')).toEqual(['3 80 5', '1 0 0', '0 80 0']);
		}),
	);

	it(
		'DOC-27: a manual discount counts for each unit where the organization says so',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const organization = crm.rows('organization')[0]!;
			crm.seed('organization', [{ ...organization, discountcalculationmethod: 1 }] as never);
			const lines = await imported(shop, [{ product: '1000', quantity: 3, price: 80, values: { manualdiscountamount: 5 } }]);
			expect(said(lines, 'quantity', 'unitPrice', 'discountAmount')).toEqual(['3 80 15']);
		}),
	);

	it(
		'DOC-29: the price of an item that is priced including VAT loses it, once',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const item = bc.rows('items').find(({ number }) => number === '1000')!;
			bc.update('items', String(item['id']), { priceIncludesTax: true });
			const id = shop.order([
				{ product: '1000', quantity: 2, price: 120 },
				{ product: '2000', price: 7.5 },
			]);
			const result = await shop.import({ ids: [id] });
			expect(said(shop.bcLines(shop.bcOrders()[0]!), 'unitPrice')).toEqual(['100', '7.5']);
			expect(result.orders).toMatchObject([
				{ warnings: [], amounts: { status: 'agree', crm: { net: 247.5 }, businessCentral: { net: 207.5 } } },
			]);
		}),
	);

	it(
		'DOC-29: many such prices of a customer whose own invoice discount is spread anew with each of them',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			bc.data.settings.invoiceDiscountPercent['C1'] = 10;
			bc.update('items', String(bc.rows('items').find(({ number }) => number === '1000')!['id']), { priceIncludesTax: true });
			const lines = await imported(
				shop,
				Array.from({ length: 12 }, (_, n) => ({ product: '1000', price: 12 * (n + 1) })),
			);
			expect(lines.map(({ unitPrice }) => unitPrice)).toEqual(Array.from({ length: 12 }, (_, n) => 10 * (n + 1)));
			expect(shop.bcOrders()[0]).toMatchObject({ discountAmount: 0, totalAmountExcludingTax: 780 });
		}),
	);

	it(
		'DOC-37: a line of an item that is assembled to order gets its assembly order; price, discount and date end as sent',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			bc.update('workflowItems', '1000', { assemblyPolicy: 'Assemble-to-Order' });
			const lines = await imported(
				shop,
				[
					{ product: '1000', quantity: 2, price: 80, values: { manualdiscountamount: 5 } },
					{ product: '2000', price: 7.5 },
				],
				{ discountamount: 10 },
			);
			expect(said(lines, 'quantity', 'unitPrice', 'discountAmount', 'shipmentDate')).toEqual(['2 80 5 0001-01-01', '1 7.5 0 0001-01-01']);
			const made = lines.map(({ id }) => bc.data.table('Sales Line').get(String(id))!.fields['Assembly Order No.'] ?? '');
			expect(made).toEqual(['A-S-ORD101001-10000', '']);
			expect(shop.bcOrders()[0]).toMatchObject({ discountAmount: 10, totalAmountExcludingTax: 152.5 });
		}),
	);

	it(
		'DOC-37: where Business Central refuses that, the order is imported all the same, and it is told',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			bc.update('workflowItems', '1000', { assemblyPolicy: 'Assemble-to-Order' });
			const id = shop.order([{ product: '1000', price: 80 }]);
			const refusing =
				(next: Transport): Transport =>
				async (request) => {
					const answer = await next(
						request.body?.includes('"shipmentDate"')
							? { ...request, body: request.body.replaceAll('"shipmentDate":"', '"shipmentDate":"x') }
							: request,
					);
					return answer;
				};
			const { job, orders } = await shop.import({ ids: [id] }, { transport: refusing });
			expect([job.failed, orders[0]!.action]).toEqual([[], 'created']);
			expect(orders[0]!.warnings).toEqual([expect.stringContaining('line 10000 of order S-ORD101001 is assembled to order')]);
		}),
	);

	it(
		'DOC-32: freight is one line of the account; without it an error, and nothing remains; an order of freight alone is one, too',
		inShop(async (shop) => {
			const lines = await imported(shop, [{ product: '1000' }], { freightamount: 12.5 });
			expect(said(lines.slice(1), 'lineType', 'lineObjectNumber', 'description', 'quantity', 'unitPrice')).toEqual([
				'Account 8100 Freight Amount 1 12.5',
			]);
			expect(await imported(shop, [], { freightamount: 3 })).toHaveLength(1);
			await shop.world.settings({ freightAccount: '' });
			const failed = await shop.import({ ids: [shop.order([{ product: '1000' }], { freightamount: 1 })] });
			expect([codesOf(failed), shop.bcOrders().length]).toEqual([['FREIGHT_ACCOUNT_MISSING'], 2]);
			await shop.world.settings({ freightAccount: '9999' });
			expect(codesOf(await shop.import())).toEqual(['FREIGHT_ACCOUNT_REFUSED']);
		}),
	);

	it(
		'units are the coupled ones of the item; without unit groups another unit is an error instead of a wrong quantity',
		inShop(async (shop) => {
			const lines = await imported(shop, [{ product: '1000', unit: 'BOX' }, { product: '1000' }]);
			expect(said(lines, 'unitOfMeasureCode')).toEqual(['BOX', 'PCS']);
		}),
	);

	it(
		'a bundle is passed over where its parts are lines of their own, and refused where they are not',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const id = shop.order([{ product: '1000' }, { product: '2000', price: 0 }, { product: '1000', price: 5 }], {}, { submit: false });
			const [, bundle, part] = shop.crmLines(id);
			crm.seed('salesorderdetail', [{ ...bundle!, producttypecode: 2 }] as never);
			shop.submit(id);
			expect(codesOf(await shop.import({ ids: [id] }))).toEqual(['PRODUCT_TYPE']);
			crm.seed('salesorderdetail', [{ ...part!, producttypecode: 3, parentbundleid: bundle!['salesorderdetailid'] }] as never);
			expect(codesOf(await shop.import({ ids: [id] }))).toEqual([]);
			expect(said(shop.bcLines(shop.bcOrders()[0]!), 'lineObjectNumber', 'unitPrice')).toEqual(['1000 100', '1000 5']);
		}),
	);

	it(
		'prices that CRM could not calculate are an error that says what is wrong',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const id = shop.order([{ product: '1000' }]);
			const [line] = shop.crmLines(id);
			crm.seed('salesorderdetail', [{ ...line!, pricingerrorcode: 11 }] as never);
			const { job } = await shop.import({ ids: [id] });
			expect(job.failed).toMatchObject([
				{ errorCode: 'PRICING_ERROR', message: expect.stringContaining('product not in price level (11)') as string },
			]);
		}),
	);

	it(
		'more lines than go with one creation follow under their numbers',
		inShop(async (shop) => {
			const lines = await imported(shop, [
				{ writeIn: 'Many', values: { description: `first\n${Array.from({ length: 230 }, (_, n) => `text ${n}`).join('\n')}` } },
				{ product: '1000' },
			]);
			expect([lines.length, lines.at(-1)!['sequence'], lines.at(-2)!['description']]).toEqual([232, 2_320_000, 'text 229']);
		}),
	);
});

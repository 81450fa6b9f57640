import type { Transport } from '../../../../engine/systems/odata/transport';
import { by, inShop, type Row, type Shop } from './kit';

const bcOf = (shop: Shop) => shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
const page = (shop: Shop, order: Row): Row => bcOf(shop).get('salesDocuments', String(order['id'])) as Row;
const imported = async (shop: Shop, values: Row) => {
	const { orders, job } = await shop.import({ ids: [shop.order([{ product: '1000' }], values)] });
	expect(job.failed).toEqual([]);
	return { outcome: orders[0]!, job, order: shop.bcOrders().at(-1)! };
};

describe('what only a page of Business Central writes', () => {
	it(
		'DOC-17: Your Reference is the number of the CRM order, up to 35 characters; the description becomes the work description',
		inShop(async (shop) => {
			const { order, outcome } = await imported(shop, { ordernumber: `ORD-${'7'.repeat(40)}`, description: 'Deliver in the morning' });
			expect(page(shop, order)).toMatchObject({ yourReference: `ORD-${'7'.repeat(31)}`, workDescription: 'Deliver in the morning' });
			expect([order['externalDocumentNumber'], outcome.warnings]).toEqual(['PURCHASE 4711', []]);
		}),
	);

	it(
		'DOC-18, DOC-19: the bill-to address of another payer is written, all six parts; the sell-to address never',
		inShop(async (shop) => {
			const bc = bcOf(shop);
			bc.insert('customers', { number: 'C9', displayName: 'Payer', addressLine1: 'Pay Street 9', city: 'York', blocked: '_x0020_' });
			bc.data.settings.billTo['C1'] = 'C9';
			const own = await imported(shop, {});
			expect([own.order['billToAddressLine1'], own.order['billToCity'], own.outcome.warnings]).toEqual(['Pay Street 9', 'York', []]);
			const other = await imported(shop, { billto_city: 'Leeds', billto_country: 'Great Britain' });
			expect(page(shop, other.order)).toMatchObject({ billToAddress: '', billToCity: 'Leeds', billToCountryRegionCode: 'GB' });
			expect([other.order['sellToCity'], other.order['sellToAddressLine1'], other.outcome.warnings]).toEqual([
				'London',
				'Home Street 1',
				[],
			]);
		}),
	);

	it(
		'DOC-19: where Business Central puts the sell-to address in its place, that is told',
		inShop(async (shop) => {
			const { order, outcome } = await imported(shop, { billto_city: 'Leeds' });
			// The customer pays himself: Business Central copies his own address over whatever is written.
			expect([order['sellToCity'], page(shop, order)['billToCity']]).toEqual(['London', 'London']);
			expect(outcome.warnings).toEqual([expect.stringContaining('has the bill-to address of its customer')]);
		}),
	);

	it(
		'DOC-20: the shipping agent by its couple; an unknown one leaves the customer’s own',
		inShop(async (shop) => {
			const bc = bcOf(shop);
			bc.insert('ShippingAgents', { Code: 'DHL', Name: 'DHL Systems' });
			await shop.world.run({ mapping: 'SHIPPING AGENT', createUncoupled: true });
			const { rows } = await shop.use(({ store }) => store.findCouplings({ mapping: 'SHIPPING AGENT', limit: 9 }));
			const dhl = by(rows as unknown as Row[], 'bcNumber', 'DHL')['crmId'];
			expect(page(shop, (await imported(shop, { shippingmethodcode: Number(dhl) })).order)['shippingAgentCode']).toBe('DHL');
			expect(page(shop, (await imported(shop, {})).order)['shippingAgentCode']).toBe('');
		}),
	);

	it(
		'DOC-34: a discount in percent is part of the header discount, and no payment discount',
		inShop(async (shop) => {
			const { order } = await imported(shop, { discountpercentage: 5 });
			expect([order['discountAmount'], page(shop, order)['paymentDiscountPercent']]).toEqual([5, 0]);
		}),
	);

	it(
		'a page that does not show the work description writes the rest; what it did not write is told',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }], { description: 'Deliver in the morning', ordernumber: 'ORD-9' });
			const refusing =
				(next: Transport): Transport =>
				async (request) =>
					request.body?.includes('workDescription') && request.url.includes('ODataV4')
						? {
								status: 400,
								headers: {},
								body: JSON.stringify({ error: { code: 'BadRequest', message: "Could not find a property named 'workDescription'." } }),
							}
						: await next(request);
			const { job, orders } = await shop.import({ ids: [id] }, { transport: refusing });
			expect([job.job.message, job.failed]).toEqual(['1 created.', []]);
			expect(orders[0]!.warnings).toEqual([expect.stringContaining('workDescription of order S-ORD101001 could not be written')]);
			expect(page(shop, shop.bcOrders()[0]!)).toMatchObject({ yourReference: 'ORD-9', workDescription: '' });
			expect(shop.crmOrder(id)['lastbackofficesubmit']).toBe('2026-03-07T12:00:00Z');
		}),
	);

	it(
		'DOC-7: without the page the orders are imported all the same, and that is told once',
		inShop(async (shop) => {
			shop.world.sandbox.businessCentral.unpublish('salesDocuments');
			for (let n = 0; n < 3; n++) shop.order([{ product: '1000' }], n === 0 ? { billto_city: 'Leeds' } : {});
			const { job, orders } = await shop.import({ pageSize: 1 });
			expect(job.job.message).toBe('3 created.');
			expect(job.warnings.filter((text) => text.includes('page 6402'))).toHaveLength(1);
			expect(orders.map(({ warnings }) => warnings.length)).toEqual([1, 0, 0]);
			expect(orders[0]!.warnings[0]).toContain('bill-to address of its customer');
		}),
	);
});

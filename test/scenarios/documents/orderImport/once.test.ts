import type { Transport } from '../../../../engine/systems/odata/transport';
import { NoAnswer } from '../../../../engine/systems/odata/transport';
import { codesOf, inShop, type Row, type Shop } from './kit';

const isCreation = (body = ''): boolean => body.includes('"salesOrderLines"');

/** Orders of Business Central are created, and nobody hears of it; `carried`: whether they are. */
const losing =
	(carried: boolean) =>
	(next: Transport): Transport =>
	async (request) => {
		if (!isCreation(request.body)) return await next(request);
		if (carried) await next(request);
		throw new NoAnswer('The connection was reset.', true);
	};

const names = (shop: Shop): unknown[] => shop.bcOrders().map((order) => order['externalDocumentNumber']);

describe('exactly once', () => {
	it(
		'DOC-99: a creation whose answer was lost is found by its marker, completed and handed over; it is never sent twice',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }, { product: '2000', price: 7.5 }], { discountamount: 5 });
			expect(codesOf(await shop.import({}, { transport: losing(true) }))).toEqual(['INSERT_UNSETTLED']);
			expect(names(shop)).toEqual([shop.crmOrder(id)['ordernumber']]);
			shop.world.minutes(1);
			const { orders, job } = await shop.import();
			expect([orders[0]!.action, job.job.coupled, codesOf({ job } as never)]).toEqual(['completed', 1, []]);
			expect(shop.bcOrders()).toMatchObject([
				{ externalDocumentNumber: 'PURCHASE 4711', discountAmount: 5, totalAmountExcludingTax: 102.5 },
			]);
		}),
	);

	it(
		'DOC-99: one that was not carried out is sent again only when it can be no more: after fifteen minutes, and a search',
		inShop(async (shop) => {
			shop.order([{ product: '1000' }]);
			expect(codesOf(await shop.import({}, { transport: losing(false) }))).toEqual(['INSERT_UNSETTLED']);
			shop.world.minutes(10);
			expect([codesOf(await shop.import()), shop.bcOrders()]).toEqual([['INSERT_UNSETTLED'], []]);
			shop.world.minutes(6);
			expect([(await shop.import()).job.job.inserted, names(shop)]).toEqual([1, ['PURCHASE 4711']]);
		}),
	);

	it(
		'DOC-99: one that arrives late is met, not made twice',
		inShop(async (shop) => {
			shop.order([{ product: '1000' }]);
			let late: (() => Promise<unknown>) | undefined;
			await shop.import(
				{},
				{
					transport: (next) => async (request) => {
						if (!isCreation(request.body)) return await next(request);
						late = () => next(request);
						throw new NoAnswer('The request timed out.', true);
					},
				},
			);
			shop.world.minutes(12);
			await late!();
			await shop.import();
			shop.world.minutes(20);
			await shop.import();
			expect(names(shop)).toEqual(['PURCHASE 4711']);
		}),
	);

	it(
		'several orders with the marker are nobody’s guess',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const id = shop.order([{ product: '1000' }]);
			const make = (): Row =>
				bc.insert('salesOrders', { customerId: shop.customer, externalDocumentNumber: shop.crmOrder(id)['ordernumber'] });
			const [one] = [make(), make()];
			expect(codesOf(await shop.import())).toEqual(['INSERT_AMBIGUOUS']);
			bc.remove('salesOrders', String(one['id']));
			expect((await shop.import()).orders).toMatchObject([{ action: 'completed' }]);
			expect(shop.bcLines(shop.bcOrders()[0]!)).toHaveLength(1);
		}),
	);

	it(
		'an order of another customer that carries the number by chance is left alone',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const other = String(bc.insert('customers', { number: 'C8', displayName: 'Other', blocked: '_x0020_' })['id']);
			const id = shop.order([{ product: '1000' }]);
			bc.insert('salesOrders', { customerId: other, externalDocumentNumber: shop.crmOrder(id)['ordernumber'] });
			expect((await shop.import()).orders).toMatchObject([{ action: 'created' }]);
			expect(shop.bcOrders()).toHaveLength(2);
		}),
	);

	it(
		'what is kept of a failed order goes when the order is nobody’s wish any more',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }], { shipto_country: 'Utopia' });
			await shop.import();
			shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), statecode: 2, statuscode: 4 }] as never);
			expect(codesOf(await shop.import())).toEqual([]);
			expect((await shop.use(({ store }) => store.listFailures({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows).toEqual([]);
		}),
	);

	it(
		'a store that has forgotten the order meets it by its marker while it is not renamed',
		inShop(
			async (shop) => {
				const id = shop.order([{ product: '1000' }]);
				await shop.import();
				await shop.use(({ store }) => store.commit({ documentsDone: [{ mapping: 'SALESORDER-ORDER', crmId: id }] }));
				shop.edit(id, { lastbackofficesubmit: null });
				await shop.import();
				expect(shop.bcOrders()).toHaveLength(1);
			},
			{ externalDocumentFrom: 'number' },
		),
	);

	it(
		'an order that was canceled, or deleted, while its creation was in doubt is told with what Business Central made of it',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const [canceled, deleted] = [shop.order([{ product: '1000' }]), shop.order([{ product: '1000' }])];
			await shop.import({}, { transport: losing(true) });
			crm.seed('salesorder', [{ ...shop.crmOrder(canceled), statecode: 2, statuscode: 4 }] as never);
			crm.update('salesorder', deleted, { statecode: 0, statuscode: 2 });
			crm.remove('salesorder', deleted);
			shop.world.minutes(20);
			const { job } = await shop.import();
			expect(codesOf({ job } as never)).toEqual(['CRM_ORDER_CANCELED']);
			expect(job.warnings).toEqual([
				expect.stringMatching(/^Order S-ORD\d+ of Business Central was made for an order of CRM that was deleted/),
			]);
			// Listed until Business Central has it no more.
			const open = shop.bcOrders().find(({ number }) => !job.warnings[0]!.includes(String(number)))!;
			expect(codesOf(await shop.import())).toEqual(['CRM_ORDER_CANCELED']);
			shop.world.sandbox.businessCentral.company(shop.world.base.companyName).remove('salesOrders', String(open['id']));
			for (const failed of [[], []]) {
				expect(codesOf(await shop.import())).toEqual(failed);
				shop.world.minutes(2);
			}
			expect((await shop.import()).job.job.message).toBe('No changes.');
			expect((await shop.use(({ store }) => store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows).toEqual([]);
			expect(await shop.use(({ store }) => store.intents('SALESORDER-ORDER', 'fromCrm', 9))).toEqual([]);
		}),
	);

	it(
		'two runs at a time: one imports, the other says so',
		inShop(async (shop) => {
			shop.order([{ product: '1000' }]);
			const second: Array<Awaited<ReturnType<Shop['import']>>> = [];
			await shop.import(
				{},
				{
					transport: (next) => async (request) => {
						if (isCreation(request.body)) second.push(await shop.import());
						return await next(request);
					},
				},
			);
			expect([second.map(({ job }) => job.job.status), shop.bcOrders().length]).toEqual([['alreadyRunning'], 1]);
		}),
	);
});

describe('a preview', () => {
	it(
		'DOC-98: decides the same, shows what would be sent and what both sides come to, and writes nothing',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			shop.order([{ product: '1000', quantity: 2 }, { writeIn: 'Assembly' }], { freightamount: 5, discountamount: 10 });
			shop.order([{ product: '1000' }], { shipto_country: 'Utopia' });
			const before = JSON.stringify([crm.rows('salesorder'), shop.bcOrders()]);
			shop.world.takeRequests();
			const preview = await shop.import({ preview: true });
			expect(shop.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
			expect(JSON.stringify([crm.rows('salesorder'), shop.bcOrders()])).toBe(before);
			const kept = await shop.use(async ({ store }) => [
				(await store.jobs({ mapping: 'SALESORDER-ORDER', limit: 9 })).rows,
				(await store.listFailures({ mapping: 'SALESORDER-ORDER', limit: 9 })).rows,
				(await store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 9 })).rows,
			]);
			expect(kept).toEqual([[], [], []]);
			expect([preview.job.job.message, codesOf(preview)]).toEqual(['Would be: 1 created, 1 failed.', ['COUNTRY_UNKNOWN']]);
			const [planned] = preview.orders;
			expect(planned).toMatchObject({
				action: 'wouldCreate',
				businessCentral: null,
				amounts: { status: 'agree', crm: { net: 205, discount: 10 }, businessCentral: { net: 205, discount: 10 } },
				sends: { discountAmount: 10, externalDocumentNumber: 'PURCHASE 4711' },
			});
			await shop.import();
			const [order] = shop.bcOrders();
			for (const [name, value] of Object.entries(planned!.sends!.header))
				if (name !== 'externalDocumentNumber') expect([name, order![name]]).toEqual([name, value]);
			const lines = shop.bcLines(order!);
			expect(planned!.sends!.lines).toHaveLength(lines.length);
			planned!.sends!.lines.forEach((line, index) => expect(lines[index]).toMatchObject(line));
		}),
	);
});

test(
	'forty orders of ten lines take at most 2.2 requests an order, and a quiet run at most twelve',
	inShop(async (shop) => {
		const lines = Array.from({ length: 10 }, (_, n) => ({ product: n % 2 ? '1000' : '2000', price: n + 1 }));
		for (let n = 0; n < 40; n++) shop.order(lines, { name: `Order ${n}`, ...(n % 3 === 0 ? { discountamount: 1 } : {}) });
		shop.world.takeRequests();
		const { job } = await shop.import({ pageSize: 20 });
		expect(job.job).toMatchObject({ inserted: 40, failed: 0 });
		const requests = shop.world.takeRequests();
		process.stdout.write(`${requests.length} requests for 40 orders of 10 lines\n`);
		expect(requests.length).toBeLessThanOrEqual(40 * 2.2);
		shop.world.minutes(30);
		await shop.import();
		expect(shop.world.takeRequests().length).toBeLessThanOrEqual(12);
	}),
);

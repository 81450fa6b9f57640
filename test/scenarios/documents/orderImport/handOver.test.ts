import { releaseClaims } from '../../../../engine';
import { by, codesOf, inShop, type Row, type Shop } from './kit';

const bcOf = (shop: Shop) => shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
const stamps = (row: Row): unknown[] => [row['statecode'], row['statuscode'], row['lastbackofficesubmit']];
const documentOf = async (shop: Shop, id: string) =>
	(await shop.use(({ store }) => store.documentsOf('SALESORDER-ORDER', 'crm', [id]))).get(id);

describe('the hand-over', () => {
	it(
		'DOC-33, DOC-97: day, company and back to Submitted, in one change set conditional on the version that was read',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }]);
			shop.world.takeRequests();
			await shop.import();
			const row = shop.crmOrder(id);
			expect(stamps(row)).toEqual([1, 3, '2026-03-07T12:00:00Z']);
			expect([row['bcbi_companyid'], row['submitstatusdescription']]).toEqual([
				shop.world.base.companyRowId,
				'Business Central order S-ORD101001',
			]);
			const [sent, ...more] = shop.world.takeRequests().filter(({ system, writes }) => system === 'crm' && writes > 0);
			expect(more).toEqual([]);
			expect(sent!.requestBody.match(/^PATCH .*salesorders\(/gm)).toHaveLength(3);
			expect(sent!.requestBody.match(/^Content-Type: multipart\/mixed/gim)).toHaveLength(1);
			expect(sent!.requestBody.match(/^If-Match: .*$/gim)).toEqual([expect.stringMatching(/W\//), 'If-Match: *', 'If-Match: *']);
		}),
	);

	it(
		'DOC-36, DOC-2: the order stays Draft; nothing is released, posted or archived',
		inShop(async (shop) => {
			shop.order([{ product: '1000' }]);
			shop.world.takeRequests();
			await shop.import();
			expect(shop.bcOrders()[0]).toMatchObject({ status: 'Draft', fullyShipped: false });
			expect(shop.world.takeRequests().some(({ path, requestBody }) => /Microsoft\.NAV\./.test(path + requestBody))).toBe(false);
		}),
	);

	it(
		'DOC-33: an order that people only looked at or moved meanwhile is handed over under its new version; one that they changed is not',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const meddle = async (change: (id: string) => void): Promise<[string, string[]]> => {
				const id = shop.order([{ product: '1000' }]);
				let done = false;
				const result = await shop.import(
					{ ids: [id] },
					{
						transport: (next) => async (request) => {
							if (!done && request.url.includes('crm') && request.body?.includes('submitstatusdescription')) {
								done = true;
								change(id);
							}
							return await next(request);
						},
					},
				);
				return [id, codesOf(result)];
			};
			const [moved, nothing] = await meddle((id) => shop.edit(id, { prioritycode: 1 }));
			expect([nothing, stamps(shop.crmOrder(moved))]).toEqual([[], [1, 3, '2026-03-07T12:00:00Z']]);
			const [changed, codes] = await meddle((id) => shop.edit(id, { freightamount: 3 }));
			expect([codes, shop.crmOrder(changed)['lastbackofficesubmit'] ?? null]).toEqual([['CRM_ORDER_CHANGED'], null]);
			const [open, reopened] = await meddle((id) => crm.update('salesorder', id, { statecode: 0, statuscode: 2 }));
			expect([reopened, stamps(shop.crmOrder(open)).slice(0, 2)]).toEqual([['CRM_ORDER_REOPENED'], [0, 2]]);
			const [, canceled] = await meddle((id) => crm.seed('salesorder', [{ ...shop.crmOrder(id), statecode: 2, statuscode: 4 }] as never));
			expect([canceled, shop.bcOrders().length]).toEqual([['CRM_ORDER_CANCELED'], 4]);
		}),
	);

	it(
		'DOC-12: an order submitted again is handed over again where it is what it was; changed ones wait for a person; there is never a second one',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const id = shop.order([{ product: '1000' }]);
			await shop.import();
			shop.edit(id, { lastbackofficesubmit: null });
			expect((await shop.import()).orders).toMatchObject([{ action: 'completed' }]);
			crm.update('salesorder', id, { statecode: 0, statuscode: 2 });
			expect(codesOf(await shop.import({ ids: [id] }))).toEqual(['CRM_ORDER_REOPENED']);
			crm.update('salesorder', id, { lastbackofficesubmit: null, name: 'Renamed' } as never);
			shop.submit(id);
			expect(codesOf(await shop.import())).toEqual(['CRM_ORDER_CHANGED']);
			const accepted = await shop.import({ ids: [id], accept: true });
			expect([codesOf(accepted), accepted.orders[0]!.action]).toEqual([[], 'completed']);
			expect([shop.bcOrders().length, shop.crmOrder(id)['lastbackofficesubmit']]).toEqual([1, '2026-03-07T12:00:00Z']);
		}),
	);

	it(
		'an order that was deleted in Business Central before it was handed over is imported anew, after a second look',
		inShop(
			async (shop) => {
				bcOf(shop).data.settings.invoiceDiscountPercent['C1'] = 0;
				const id = shop.order([{ product: '1000' }], {}, { submit: false });
				shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), totallineitemamount: 90, totalamountlessfreight: 90, statecode: 1, statuscode: 3 }] as never); // prettier-ignore
				expect(codesOf(await shop.import())).toEqual(['AMOUNTS_DIFFER']);
				const first = String(shop.bcOrders()[0]!['id']);
				bcOf(shop).remove('salesOrders', first);
				expect(codesOf(await shop.import())).toEqual(['ORDER_GONE']);
				expect(shop.bcOrders()).toEqual([]);
				shop.world.minutes(2);
				await shop.import();
				expect(shop.bcOrders().map(({ id: bcId }) => bcId === first)).toEqual([false]);
			},
			{ amountPolicy: 'hold' },
		),
	);

	it(
		'an order that was posted before it could be handed over ends as Invoiced',
		inShop(
			async (shop) => {
				const id = shop.order([{ product: '1000' }], {}, { submit: false });
				shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), totallineitemamount: 90, totalamountlessfreight: 90, statecode: 1, statuscode: 3 }] as never); // prettier-ignore
				await shop.import();
				const bcId = String(shop.bcOrders()[0]!['id']);
				bcOf(shop).clerk.ship(bcId);
				bcOf(shop).clerk.invoice(bcId);
				expect((await shop.import()).orders).toMatchObject([{ action: 'closed', invoices: ['PS-INV103001'] }]);
				expect(stamps(shop.crmOrder(id)).slice(0, 2)).toEqual([4, 100003]);
				expect((await shop.import()).job.job.message).toBe('No changes.');
			},
			{ amountPolicy: 'hold' },
		),
	);
});

describe('amounts', () => {
	it(
		'DOC-30, DOC-31: the header discount is written after all lines, never with the creation; the customer’s own one is taken away',
		inShop(async (shop) => {
			bcOf(shop).data.settings.invoiceDiscountPercent['C1'] = 10;
			shop.world.takeRequests();
			const ids = [shop.order([{ product: '1000' }], { discountamount: 5, discountpercentage: 2 }), shop.order([{ product: '1000' }])];
			await shop.import({ ids });
			expect(shop.bcOrders().map(({ discountAmount }) => discountAmount)).toEqual([7, 0]);
			const writes = shop.world.takeRequests().filter(({ system, writes: count }) => system === 'businessCentral' && count > 0);
			expect(
				writes
					.slice(0, 2)
					.map(({ requestBody: body }) => /"POST".*salesOrderLines/.test(body) && !/"customerId"[^[]*"discountAmount"/.test(body)),
			).toEqual([true, false]);
		}),
	);

	it(
		'DOC-35: VAT is told and not compared; a difference of net amounts is told with both figures and the order is imported',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }], {}, { submit: false });
			shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), totallineitemamount: 90, totalamountlessfreight: 90, totaltax: 4, totalamount: 94, statecode: 1, statuscode: 3 }] as never); // prettier-ignore
			const { orders, job } = await shop.import();
			expect(orders[0]).toMatchObject({
				action: 'created',
				amounts: { status: 'differ', crm: { net: 90, tax: 4 }, businessCentral: { net: 100, tax: 20 } },
				warnings: [expect.stringContaining('CRM says 90.00 GBP without VAT, Business Central 100.00 GBP: 10.00 GBP apart') as string],
			});
			const { rows } = await shop.use(({ store }) => store.log({ jobId: job.job.id, limit: 9 }));
			expect(by(rows as unknown as Row[], 'code', 'AMOUNTS_DIFFER')).toMatchObject({ kind: 'warning', crm: { id } });
		}),
	);

	it(
		'held orders stay coupled and unstamped until a person accepts; what changed since was not accepted',
		inShop(
			async (shop) => {
				const id = shop.order([{ product: '1000' }], {}, { submit: false });
				shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), totallineitemamount: 90, totalamountlessfreight: 90, statecode: 1, statuscode: 3 }] as never); // prettier-ignore
				for (let run = 0; run < 2; run++) expect(codesOf(await shop.import())).toEqual(['AMOUNTS_DIFFER']);
				expect([shop.bcOrders().length, shop.crmOrder(id)['lastbackofficesubmit'] ?? null]).toEqual([1, null]);
				expect(await documentOf(shop, id)).toMatchObject({ stage: 'held', amounts: { status: 'differ' } });
				const { orders } = await shop.import({ ids: [id], accept: true });
				expect([orders[0]!.action, (await documentOf(shop, id))!.stage]).toEqual(['completed', 'handedOver']);
				const fresh = shop.order([{ product: '1000' }]);
				expect(codesOf(await shop.import({ ids: [fresh], accept: true }))).toEqual(['ORDER_NOT_IMPORTED']);
			},
			{ amountPolicy: 'hold' },
		),
	);

	it(
		'an organization that calculates nothing is told so, and the lines are imported as they are',
		inShop(async (shop) => {
			shop.world.sandbox.crm.priceCalculation = false;
			const id = shop.order([{ product: '1000', quantity: 2, price: 50 }], { discountamount: 10 });
			const { orders } = await shop.import({ ids: [id] });
			expect(orders[0]).toMatchObject({ amounts: { status: 'unchecked', businessCentral: { net: 90, discount: 10 } } });
			expect(orders[0]!.warnings.join()).toContain('not compared');
		}),
	);
});

test(
	'a claim is released; what was imported stays this company’s',
	inShop(async (shop) => {
		const own = { bcbi_companyid: { table: 'bcbi_company', id: shop.world.base.companyRowId } };
		const [claimed, imported] = [shop.order([{ product: '1000' }], own), shop.order([{ product: '1000' }], own)];
		await shop.import({ ids: [imported] });
		const free = shop.order([{ product: '1000' }]);
		const nobody = '00000000-0000-4000-8000-000000000abc';
		const outcomes = await shop.use((session) => releaseClaims(session, [claimed, imported, free, nobody]));
		expect(outcomes.map(({ outcome, error }) => [outcome, error])).toEqual(
			['released', 'imported', 'notClaimed', 'notFound'].map((outcome) => [outcome, undefined]),
		);
		expect([claimed, imported].map((id) => shop.crmOrder(id)['bcbi_companyid'] ?? null)).toEqual([null, shop.world.base.companyRowId]);
		expect(stamps(shop.crmOrder(claimed)).slice(0, 2)).toEqual([1, 3]);
	}),
);

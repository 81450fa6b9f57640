import { codesOf, inShop, type Row, type Shop } from './kit';

const numbers = (shop: Shop): unknown[] => shop.bcOrders().map((order) => order['externalDocumentNumber']);

describe('which orders are imported', () => {
	it(
		'DOC-10: all that are submitted and not handed over, of this company or of none; blank and 1900-01-01 are the same',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const other = crm.insert('bcbi_company', { bcbi_externalid: '00000000-0000-4000-8000-000000000099', bcbi_name: 'Other' });
			const named = (name: string, values: Row = {}, options = {}) => shop.order([{ product: '1000' }], { name, ...values }, options);
			named('blank');
			named('mark', { lastbackofficesubmit: '1900-01-01T00:00:00Z' });
			named('day before', { lastbackofficesubmit: '1899-12-31T12:00:00Z' });
			named('day after', { lastbackofficesubmit: '1900-01-02T12:00:00Z' });
			named('draft', {}, { submit: false });
			named('own', { bcbi_companyid: { table: 'bcbi_company', id: shop.world.base.companyRowId } });
			named('foreign', { bcbi_companyid: { table: 'bcbi_company', id: other } });
			// With two companies the account says whose an order without a company is; it carries ours, as its customer does.
			const { job, orders } = await shop.import();
			expect([job.job.message, codesOf({ job } as never)]).toEqual(['3 created.', []]);
			expect(orders.map(({ crm: row }) => row.name)).toEqual(['blank', 'mark', 'own']);
			expect(numbers(shop)).toEqual(['BLANK', 'MARK', 'OWN']);
			expect((await shop.import()).job.job.message).toBe('No changes.');
			expect(shop.bcOrders()).toHaveLength(3);
		}),
	);

	it(
		'DOC-10: among several companies the account decides, else a setting; the company claims the order before it creates anything',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const other = crm.insert('bcbi_company', { bcbi_externalid: '00000000-0000-4000-8000-000000000099', bcbi_name: 'Other' });
			crm.update('account', shop.account, { bcbi_companyid: null } as never);
			const id = shop.order([{ product: '1000' }]);
			expect(codesOf(await shop.import())).toEqual(['ORDER_COMPANY_UNKNOWN']);
			crm.update('account', shop.account, { bcbi_companyid: { table: 'bcbi_company', id: other } } as never);
			// Nobody asked for another company's order; who does is told.
			expect(codesOf(await shop.import())).toEqual([]);
			expect(codesOf(await shop.import({ ids: [id] }))).toEqual(['OTHER_COMPANY']);
			expect(codesOf(await shop.import())).toEqual([]);
			expect((await shop.use(({ store }) => store.listFailures({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows).toEqual([]);
			crm.update('account', shop.account, { bcbi_companyid: null } as never);
			await shop.world.settings({ claimUnstamped: true });
			expect(shop.crmOrder(id)['bcbi_companyid']).toBeFalsy();
			shop.world.takeRequests();
			expect((await shop.import()).job.job.message).toBe('1 created.');
			expect(shop.crmOrder(id)['bcbi_companyid']).toBe(shop.world.base.companyRowId);
			const writes = shop.world.takeRequests().filter(({ writes: count }) => count > 0);
			expect([writes[0]!.system, writes.at(-1)!.system]).toEqual(['crm', 'crm']);
			expect(writes.slice(1, -1).every(({ system }) => system === 'businessCentral')).toBe(true);
		}),
	);

	it(
		'DOC-11: any other state is refused by its name',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const ids = [0, 2, 3, 4].map((state) => {
				const id = shop.order([{ product: '1000' }], { name: `state ${state}` }, { submit: false });
				if (state > 0)
					crm.seed('salesorder', [
						{ ...crm.get('salesorder', id), statecode: state, statuscode: [1, 3, 4, 100001, 100003][state] },
					] as never);
				return id;
			});
			const { job } = await shop.import({ ids });
			expect(codesOf({ job } as never)).toEqual(Array(4).fill('ORDER_NOT_SUBMITTED'));
			expect(job.failed.map(({ message }) => /it is (\w+) in CRM/.exec(message)?.[1])).toEqual([
				'Active',
				'Canceled',
				'Fulfilled',
				'Invoiced',
			]);
			expect(shop.bcOrders()).toEqual([]);
		}),
	);

	it(
		'DOC-12: importing twice creates nothing and names the order, and later its invoice',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }]);
			await shop.import();
			const [order] = shop.bcOrders();
			const again = await shop.import({ ids: [id] });
			expect(again.orders).toMatchObject([{ action: 'known', businessCentral: { number: order!['number'] }, invoices: [] }]);
			const { clerk } = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			clerk.ship(String(order!['id']));
			clerk.invoice(String(order!['id']));
			const posted = await shop.import({ ids: [id] });
			expect(posted.orders).toMatchObject([{ action: 'known', invoices: ['PS-INV103001'] }]);
			expect([again.job.job.unchanged, posted.job.job.unchanged, shop.bcOrders().length]).toEqual([1, 1, 0]);
		}),
	);

	it(
		'an order handed over by somebody else is imported only when a person says so',
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }], { lastbackofficesubmit: '2026-01-05T12:00:00Z' });
			const refused = await shop.import({ ids: [id] });
			expect(codesOf(refused)).toEqual(['ORDER_HANDED_OVER']);
			expect(refused.job.failed[0]!.message).toContain('2026-01-05');
			expect((await shop.import({ ids: [id], importStamped: true })).job.job.inserted).toBe(1);
			expect(shop.bcOrders()).toHaveLength(1);
		}),
	);

	it(
		'ids that CRM does not have are named',
		inShop(async (shop) => {
			const missing = '00000000-0000-4000-8000-000000000abc';
			expect((await shop.import({ ids: [missing] })).notFound).toEqual([missing]);
		}),
	);
});

describe('one order and the others', () => {
	it(
		'DOC-13, DOC-14: one that fails neither stops nor undoes another, and leaves no order, no couple, no stamp',
		inShop(async (shop) => {
			shop.order([{ product: '1000' }], { name: 'first' });
			const bad = shop.order([{ product: '1000' }], { name: 'bad', shipto_country: 'Utopia' });
			shop.order([{ product: '1000' }], { name: 'last' });
			const result = await shop.import();
			expect([result.job.job.message, codesOf(result)]).toEqual(['2 created, 1 failed.', ['COUNTRY_UNKNOWN']]);
			expect(numbers(shop)).toEqual(['FIRST', 'LAST']);
			expect(shop.crmOrder(bad)['lastbackofficesubmit']).toBeFalsy();
			const kept = await shop.use(({ store }) => store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 9 }));
			expect(kept.rows.map(({ name }) => name).sort()).toEqual(['first', 'last']);
			// Tried again by every run, and never skipped: what it lacks need not change the order.
			for (const attempts of [2, 3]) {
				const again = await shop.import();
				expect([again.job.job.failed, again.job.job.skipped]).toEqual([1, 0]);
				const { rows } = await shop.use(({ store }) => store.listFailures({ mapping: 'SALESORDER-ORDER', limit: 9 }));
				expect(rows.map((row) => [row.attempts, row.skipped])).toEqual([[attempts, false]]);
			}
			shop.world.sandbox.businessCentral
				.company(shop.world.base.companyName)
				.insert('countriesRegions', { code: 'UT', displayName: 'Utopia' });
			expect((await shop.import()).job.job.message).toBe('1 created.');
			expect((await shop.use(({ store }) => store.listFailures({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows).toEqual([]);
		}),
	);

	it(
		'DOC-14: what Business Central refuses is refused as a whole, in its own words',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const id = shop.order([{ product: '1000' }, { product: 'LINA', price: 50 }]);
			bc.update('ResourceCard', 'LINA', { Blocked: true });
			const result = await shop.import();
			expect(result.job.failed).toMatchObject([{ errorClass: 'data', message: expect.stringMatching(/^Order ORD-.*Blocked/s) as string }]);
			expect([shop.bcOrders(), shop.crmOrder(id)['lastbackofficesubmit'] ?? null]).toEqual([[], null]);
			expect(await shop.use(({ store }) => store.intents('SALESORDER-ORDER', 'fromCrm', 9))).toEqual([]);
			bc.update('ResourceCard', 'LINA', { Blocked: false });
			expect((await shop.import()).job.job.message).toBe('1 created.');
		}),
	);

	it(
		'DOC-14: an invoice discount that Business Central refuses takes its order along',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			// Lines of accounts take part in no invoice discount: there is nothing to take it off.
			const id = shop.order([], { freightamount: 20 }, { submit: false });
			shop.world.sandbox.crm.seed('salesorder', [
				{ ...shop.crmOrder(id), discountamount: 5, totallineitemamount: 5, totalamountlessfreight: 0, statecode: 1, statuscode: 3 },
			] as never);
			const result = await shop.import();
			expect(result.job.failed).toMatchObject([{ errorClass: 'data', message: expect.stringContaining('invoice discount') as string }]);
			expect([bc.rows('salesOrders'), result.job.job.inserted]).toEqual([[], 0]);
			expect((await shop.use(({ store }) => store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 9 }))).rows).toEqual([]);
		}),
	);
});

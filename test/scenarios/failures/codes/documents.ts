import type { JobResult } from '../../../../engine/jobs/jobResult';
import { NoAnswer } from '../../../../engine/systems/odata/transport';
import type { Transport } from '../../../../engine/systems/odata/transport';
import { by, openShop, type Row, type Shop } from '../../documents/orderImport/kit';
import { productOf } from '../../products/shop';
import { failedWith, says, type Walks } from './kit';

/** Orders of CRM that cannot become orders of Business Central. */
async function inShop(walk: (shop: Shop) => Promise<void>, settings: Row = {}): Promise<void> {
	const shop = await openShop(settings);
	try {
		await walk(shop);
	} finally {
		await shop.close();
	}
}

const run = async (shop: Shop, request = {}, transport?: (next: Transport) => Transport): Promise<JobResult> =>
	(await shop.import(request, transport ? { transport } : {})).job;
/** Tried again, the order is imported: Business Central has it once. */
async function imported(shop: Shop, request = {}, orders = 1): Promise<void> {
	const { failed, job } = await run(shop, request);
	expect([job.status, failed, shop.bcOrders().length]).toEqual(['finished', [], orders]);
}
const one = (shop: Shop, values: Row = {}): string => shop.order([{ product: '1000' }], values);
const bc = (shop: Shop) => shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
const seed = (shop: Shop, id: string, values: Row): void =>
	void shop.world.sandbox.crm.seed('salesorder', [{ ...shop.crmOrder(id), ...values }] as never);
const seedProduct = (shop: Shop, values: Row): void =>
	void shop.world.sandbox.crm.seed('product', [{ ...productOf(shop.world, '1000'), ...values }] as never);
const setItem = (shop: Shop, values: Row): void =>
	void bc(shop).update('items', String(by(bc(shop).rows('items'), 'number', '1000')['id']), values);

/** Amounts that differ by ten. */
function differing(shop: Shop): string {
	const id = one(shop);
	seed(shop, id, { totallineitemamount: 90, totalamountlessfreight: 90 });
	return id;
}
const HOLD = { amountPolicy: 'hold' };

/** An order whose creation went through without anybody hearing of it. */
const unheard =
	(next: Transport): Transport =>
	async (request) => {
		const answer = await next(request);
		if (request.body?.includes('"salesOrderLines"')) throw new NoAnswer('The connection was reset.', true);
		return answer;
	};

export const documentWalks: Walks = {
	ORDER_NOT_SUBMITTED: () =>
		inShop(async (shop) => {
			const id = shop.order([{ product: '1000' }], {}, { submit: false });
			says(failedWith('ORDER_NOT_SUBMITTED', await run(shop, { ids: [id] })), 'Submit the order in CRM');
			shop.submit(id);
			await imported(shop, { ids: [id] });
		}),

	ORDER_HANDED_OVER: () =>
		inShop(async (shop) => {
			const id = one(shop, { lastbackofficesubmit: '2026-01-05T12:00:00Z' });
			says(failedWith('ORDER_HANDED_OVER', await run(shop, { ids: [id] })), '"Import Orders Handed Over Before"');
			await imported(shop, { ids: [id], importStamped: true });
		}),

	ORDER_COMPANY_UNKNOWN: () =>
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			crm.insert('bcbi_company', { bcbi_externalid: '00000000-0000-4000-8000-000000000099', bcbi_name: 'Other' });
			crm.update('account', shop.account, { bcbi_companyid: null } as never);
			one(shop);
			says(failedWith('ORDER_COMPANY_UNKNOWN', await run(shop)), 'Couple the account', '"Claim Orders of No Company"');
			await shop.world.settings({ claimUnstamped: true });
			await imported(shop);
			// Or the account gets its company, as coupling gives it.
			await shop.world.settings({ claimUnstamped: false });
			one(shop);
			failedWith('ORDER_COMPANY_UNKNOWN', await run(shop));
			crm.update('account', shop.account, { bcbi_companyid: { table: 'bcbi_company', id: shop.world.base.companyRowId } } as never);
			await imported(shop, {}, 2);
		}),

	ORDER_NOT_IMPORTED: () =>
		inShop(async (shop) => {
			const id = one(shop);
			says(failedWith('ORDER_NOT_IMPORTED', await run(shop, { ids: [id], accept: true })), 'Create Orders in Business Central');
			await imported(shop, { ids: [id] });
		}),

	CUSTOMER_MISSING: () =>
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const contact = crm.insert('contact', { lastname: 'Ray' } as never);
			one(shop, { customerid: { table: 'contact', id: contact } });
			says(failedWith('CUSTOMER_MISSING', await run(shop)), 'Give the contact an account in CRM');
			crm.update('contact', contact, { parentcustomerid: { table: 'account', id: shop.account } } as never);
			await imported(shop);
		}),

	ACCOUNT_NOT_CUSTOMER: () =>
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			crm.update('account', shop.account, { customertypecode: 5 } as never);
			one(shop);
			says(failedWith('ACCOUNT_NOT_CUSTOMER', await run(shop)), 'Set the relationship type of the account to Customer');
			crm.update('account', shop.account, { customertypecode: 3 } as never);
			await imported(shop);
		}),

	CURRENCY_UNKNOWN: () =>
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const krone = crm.insert('transactioncurrency', { isocurrencycode: 'DKK', currencyname: 'Krone', currencysymbol: 'kr', exchangerate: 8, currencyprecision: 2 } as never); // prettier-ignore
			one(shop, { transactioncurrencyid: krone });
			says(failedWith('CURRENCY_UNKNOWN', await run(shop)), 'Create the currency in Business Central');
			bc(shop).insert('currencies', { code: 'DKK', displayName: 'Krone' });
			await imported(shop);
		}),

	PRODUCT_NOT_ACTIVE: () =>
		inShop(async (shop) => {
			one(shop);
			seedProduct(shop, { statecode: 1, statuscode: 2 });
			says(failedWith('PRODUCT_NOT_ACTIVE', await run(shop)), 'Activate the product again');
			seedProduct(shop, { statecode: 0, statuscode: 1 });
			await imported(shop);
		}),

	PRODUCT_TYPE: () =>
		inShop(async (shop) => {
			const id = one(shop);
			seedProduct(shop, { producttypecode: 2 });
			says(failedWith('PRODUCT_TYPE', await run(shop)), 'Exchange the product in the order', 'submit the order again');
			const { crm } = shop.world.sandbox;
			crm.update('salesorder', id, { statecode: 0, statuscode: 2 });
			crm.update('salesorderdetail', String(shop.crmLines(id)[0]!['salesorderdetailid']), {
				productid: productOf(shop.world, '2000')['productid'],
				uomid: productOf(shop.world, '2000')['defaultuomid'],
			} as never);
			shop.submit(id);
			await imported(shop);
		}),

	ITEM_BLOCKED: () =>
		inShop(async (shop) => {
			one(shop);
			setItem(shop, { blocked: true });
			says(failedWith('ITEM_BLOCKED', await run(shop)), 'Remove the check mark Blocked');
			setItem(shop, { blocked: false });
			await imported(shop);
		}),

	UNIT_UNCLEAR: () =>
		inShop(
			async (shop) => {
				one(shop);
				setItem(shop, { baseUnitOfMeasureCode: 'BOX' });
				says(failedWith('UNIT_UNCLEAR', await run(shop)), 'Give the item that base unit again', 'switch "Unit Groups" on');
				setItem(shop, { baseUnitOfMeasureCode: 'PCS' });
				await imported(shop);
			},
			{ unitGroups: false },
		),

	WRITE_IN_MISSING: () =>
		inShop(
			async (shop) => {
				shop.order([{ writeIn: 'Assembly' }]);
				says(failedWith('WRITE_IN_MISSING', await run(shop)), 'Enter the number of the write-in item');
				await shop.world.settings({ writeInItem: 'MISC' });
				await imported(shop);
			},
			{ writeInItem: '' },
		),

	FREIGHT_ACCOUNT_MISSING: () =>
		inShop(
			async (shop) => {
				one(shop, { freightamount: 5 });
				says(failedWith('FREIGHT_ACCOUNT_MISSING', await run(shop)), '"Freight Account"');
				await shop.world.settings({ freightAccount: '8100' });
				await imported(shop);
			},
			{ freightAccount: '' },
		),

	FREIGHT_ACCOUNT_REFUSED: () =>
		inShop(
			async (shop) => {
				one(shop, { freightamount: 5 });
				expect(failedWith('FREIGHT_ACCOUNT_REFUSED', await run(shop)).message).toContain('does not exist');
				bc(shop).data.insert('G/L Account', { 'No.': '9999', Name: 'Total', 'Direct Posting': false }, 'ANNA');
				const seen = failedWith('FREIGHT_ACCOUNT_REFUSED', await run(shop));
				expect(seen.message).toContain('does not allow direct posting');
				says(seen, 'Choose another account');
				await shop.world.settings({ freightAccount: '8100' });
				await imported(shop);
			},
			{ freightAccount: '9999' },
		),

	PRICING_ERROR: () =>
		inShop(async (shop) => {
			const id = one(shop);
			const [line] = shop.crmLines(id);
			shop.world.sandbox.crm.seed('salesorderdetail', [{ ...line!, extendedamount: 7 }] as never);
			says(failedWith('PRICING_ERROR', await run(shop)), 'let the order be calculated again');
			shop.world.sandbox.crm.seed('salesorderdetail', [line!] as never);
			await imported(shop);
		}),

	AMOUNTS_DIFFER: () =>
		inShop(async (shop) => {
			const [accepted, corrected] = [differing(shop), differing(shop)];
			const seen = failedWith('AMOUNTS_DIFFER', await run(shop));
			says(seen, 'Correct the order in Business Central', 'Sales Documents → Accept Amounts');
			await imported(shop, { ids: [accepted], accept: true }, 2);
			const { bcId } = (await shop.use(({ store }) => store.documentsOf('SALESORDER-ORDER', 'crm', [corrected]))).get(corrected)!;
			const [line] = bc(shop).rows('salesOrderLines').filter(({ documentId }) => documentId === bcId); // prettier-ignore
			bc(shop).update('salesOrderLines', String(line!['id']), { unitPrice: 90 });
			await imported(shop, {}, 2);
		}, HOLD),

	CRM_ORDER_CHANGED: () =>
		inShop(async (shop) => {
			const [byHand, anew] = [differing(shop), differing(shop)];
			await run(shop);
			for (const id of [byHand, anew]) {
				shop.edit(id, { name: 'Renamed' });
				seed(shop, id, { totallineitemamount: 90, totalamountlessfreight: 90 });
			}
			says(
				failedWith('CRM_ORDER_CHANGED', await run(shop)),
				'Enter the changes',
				'Accept Amounts',
				'delete that order in Business Central',
			);
			await imported(shop, { ids: [byHand], accept: true }, 2);
			const { bcId } = (await shop.use(({ store }) => store.documentsOf('SALESORDER-ORDER', 'crm', [anew]))).get(anew)!;
			bc(shop).remove('salesOrders', bcId!);
			await shop.world.settings({ amountPolicy: 'warn' });
			await run(shop);
			shop.world.minutes(2);
			await imported(shop, {}, 2);
		}, HOLD),

	CRM_ORDER_REOPENED: () =>
		inShop(async (shop) => {
			const id = one(shop);
			await run(shop);
			shop.world.sandbox.crm.update('salesorder', id, { statecode: 0, statuscode: 2 });
			says(failedWith('CRM_ORDER_REOPENED', await run(shop, { ids: [id] })), 'Submit the order again in CRM');
			shop.submit(id);
			await imported(shop, { ids: [id] });
		}),

	CRM_ORDER_CANCELED: () =>
		inShop(async (shop) => {
			const id = one(shop);
			await run(shop);
			seed(shop, id, { statecode: 2, statuscode: 4 });
			says(failedWith('CRM_ORDER_CANCELED', await run(shop, { ids: [id] })), 'Delete order');
			bc(shop).remove('salesOrders', String(shop.bcOrders()[0]!['id']));
			await imported(shop, {}, 0);
		}),

	ORDER_RELEASED: () =>
		inShop(async (shop) => {
			one(shop, { discountamount: 5 });
			await run(shop, {}, unheard);
			const id = String(shop.bcOrders()[0]!['id']);
			bc(shop).clerk.release(id);
			says(failedWith('ORDER_RELEASED', await run(shop)), 'Reopen order');
			bc(shop).clerk.reopen(id);
			await imported(shop);
			expect(shop.bcOrders()[0]).toMatchObject({ discountAmount: 5 });
		}),

	ORDER_GONE: () =>
		inShop(async (shop) => {
			differing(shop);
			await run(shop);
			bc(shop).remove('salesOrders', String(shop.bcOrders()[0]!['id']));
			says(failedWith('ORDER_GONE', await run(shop)), 'Nothing to do');
			await shop.world.settings({ amountPolicy: 'warn' });
			shop.world.minutes(2);
			await imported(shop);
		}, HOLD),

	CRM_ORDER_BUSY: () =>
		inShop(async (shop) => {
			const id = one(shop);
			let priority = 0;
			const meddling =
				(next: Transport): Transport =>
				async (request) => {
					if (request.body?.includes('submitstatusdescription')) {
						shop.edit(id, { prioritycode: 1, name: 'Purchase 4711', totaltax: ++priority });
						shop.world.minutes(1);
					}
					return await next(request);
				};
			says(failedWith('CRM_ORDER_BUSY', await run(shop, {}, meddling)), 'Nothing to do');
			await imported(shop);
		}),
};

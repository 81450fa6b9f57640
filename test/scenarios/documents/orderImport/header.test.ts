import { by, codesOf, inShop, type Row, type Shop } from './kit';

const imported = async (shop: Shop, values: Row): Promise<Row> => {
	const before = shop.bcOrders().length;
	const result = await shop.import({ ids: [shop.order([{ product: '1000' }], values)] });
	expect(codesOf(result)).toEqual([]);
	return shop.bcOrders()[before]!;
};

describe('the header', () => {
	it(
		'DOC-15: an account is a customer and coupled; a contact counts by its account',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const contact = crm.insert('contact', { lastname: 'Ray', parentcustomerid: { table: 'account', id: shop.account } } as never);
			const alone = crm.insert('contact', { lastname: 'Falk' } as never);
			const stranger = crm.insert('account', { name: 'Stranger', customertypecode: 3 } as never);
			const partner = crm.insert('account', { name: 'Partner', customertypecode: 5 } as never);
			const of = (table: string, id: string): string => shop.order([{ product: '1000' }], { name: table, customerid: { table, id } });
			const ids = [of('contact', contact), of('contact', alone), of('account', stranger), of('account', partner)];
			const result = await shop.import({ ids });
			expect(codesOf(result)).toEqual(['CUSTOMER_MISSING', 'DEPENDENCY', 'ACCOUNT_NOT_CUSTOMER']);
			expect(shop.bcOrders().map(({ customerId }) => customerId)).toEqual([shop.customer]);
		}),
	);

	it(
		'DOC-15: the relationship type of a contact’s account is not asked for',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			crm.update('account', shop.account, { customertypecode: 5 } as never);
			const contact = crm.insert('contact', { lastname: 'Ray', parentcustomerid: { table: 'account', id: shop.account } } as never);
			expect((await imported(shop, { customerid: { table: 'contact', id: contact } }))['customerId']).toBe(shop.customer);
		}),
	);

	it(
		'DOC-16: the local currency is a blank one, also for a customer of another; a foreign one is sent, an unknown one is an error',
		inShop(async (shop) => {
			const { crm } = shop.world.sandbox;
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			bc.update('customers', shop.customer, { currencyCode: 'EUR' });
			expect((await imported(shop, {}))['currencyId']).toBe('00000000-0000-0000-0000-000000000000');
			const euro = by(crm.rows('transactioncurrency'), 'isocurrencycode', 'EUR')['transactioncurrencyid'];
			expect((await imported(shop, { transactioncurrencyid: euro }))['currencyCode']).toBe('EUR');
			const krone = crm.insert('transactioncurrency', { isocurrencycode: 'DKK', currencyname: 'Krone', currencysymbol: 'kr', exchangerate: 8, currencyprecision: 2 } as never); // prettier-ignore
			const result = await shop.import({ ids: [shop.order([{ product: '1000' }], { transactioncurrencyid: krone })] });
			expect([codesOf(result), shop.bcOrders().length]).toEqual([['CURRENCY_UNKNOWN'], 2]);
		}),
	);

	it(
		'DOC-17: the external document number is the name, cut and in capitals; or the number, where that is chosen',
		inShop(async (shop) => {
			expect((await imported(shop, { name: 'Purchase of many things in the spring' }))['externalDocumentNumber']).toBe(
				'PURCHASE OF MANY THINGS IN THE SPRI',
			);
			await shop.world.settings({ externalDocumentFrom: 'number' });
			const order = await imported(shop, { name: 'Another', ordernumber: 'ord-77' });
			expect(order['externalDocumentNumber']).toBe('ORD-77');
		}),
	);

	it(
		'DOC-18: of the ship-to address all six parts or none; a name only with them; too long ones are cut and told',
		inShop(async (shop) => {
			const own = await imported(shop, { shipto_name: 'Nobody' });
			expect([own['shipToName'], own['shipToAddressLine1'], own['shipToCity']]).toEqual(['Adatum', 'Home Street 1', 'London']);
			const other = await imported(shop, { shipto_name: 'Depot', shipto_city: 'Leeds', shipto_country: 'Great Britain' });
			expect([other['shipToName'], other['shipToAddressLine1'], other['shipToCity'], other['shipToCountry']]).toEqual([
				'Depot',
				'',
				'Leeds',
				'GB',
			]);
			const long = shop.order([{ product: '1000' }], { shipto_city: 'Llanfairpwllgwyngyllgogerychwyrndrobwll' });
			const result = await shop.import({ ids: [long] });
			expect(result.orders[0]!.warnings).toEqual([expect.stringContaining('ship-to address')]);
			expect(shop.bcOrders()[2]!['shipToCity']).toBe('Llanfairpwllgwyngyllgogerychwy');
		}),
	);

	it(
		'DOC-18: a known post code does not replace the city that the order names',
		inShop(async (shop) => {
			const { settings } = shop.world.sandbox.businessCentral.company(shop.world.base.companyName).data;
			settings.postCodes.push({ code: 'LS1', city: 'Leeds', county: 'Yorkshire' });
			const order = await imported(shop, { shipto_postalcode: 'LS1', shipto_city: 'Leeds Centre', shipto_stateorprovince: '' });
			expect([order['shipToPostCode'], order['shipToCity'], order['shipToState']]).toEqual(['LS1', 'Leeds Centre', '']);
		}),
	);

	it(
		'DOC-20: payment terms and shipment method by their couples; what is unknown leaves the customer’s own',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const net60 = by(bc.rows('paymentTerms'), 'code', 'NET 60')['id'];
			bc.update('customers', shop.customer, { paymentTermsId: net60 });
			const couplings = await shop.use(({ store }) => store.findCouplings({ mapping: 'PAYMENT TERMS', limit: 9 }));
			const net30 = couplings.rows.find(({ bcNumber }) => bcNumber === 'NET 30')!;
			expect((await imported(shop, { paymenttermscode: Number(net30.crmId) }))['paymentTermsId']).toBe(net30.bcId);
			expect((await imported(shop, {}))['paymentTermsId']).toBe(net60);
			const nobodys = [1, 2, 3, 4].find((value) => !couplings.rows.some(({ crmId }) => crmId === String(value)));
			expect((await imported(shop, { paymenttermscode: nobodys }))['paymentTermsId']).toBe(net60);
		}),
	);

	it(
		'DOC-21: prices never include VAT, also where the customer’s do',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const row = bc.data.table('Customer').get(shop.customer)!;
			bc.data.modify('Customer', row, { ...row.fields, 'Prices Including VAT': true }, 'ANNA');
			const order = await imported(shop, {});
			expect([order['pricesIncludeTax'], order['totalAmountExcludingTax']]).toEqual([false, 100]);
		}),
	);

	it(
		'the day of the delivery is sent as a day, and who pays by the setting',
		inShop(async (shop) => {
			const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
			const payer = String(bc.insert('customers', { number: 'C9', displayName: 'Payer', blocked: '_x0020_' })['id']).toLowerCase();
			bc.data.settings.billTo['C1'] = 'C9';
			const order = await imported(shop, { requestdeliveryby: '2026-04-01' });
			expect([order['requestedDeliveryDate'], order['billToCustomerId']]).toEqual(['2026-04-01', payer]);
			await shop.world.settings({ billTo: 'sellTo' });
			expect((await imported(shop, {}))['billToCustomerId']).toBe(shop.customer);
		}),
	);
});

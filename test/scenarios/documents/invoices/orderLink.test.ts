import { importOrders } from '../../../../engine';
import { company, productOf } from '../../products/shop';
import { codesOf, inOffice, type Office, type Row } from './kit';

/** A submitted order of CRM that is imported, shipped and invoiced; answers it and the invoice. */
async function invoiced(office: Office, values: Row = {}): Promise<{ order: string; invoice: string }> {
	const { crm } = office.world.sandbox;
	const list = crm.insert('pricelevel', { name: 'Orders', transactioncurrencyid: office.world.base.baseCurrencyId });
	const order = crm.insert('salesorder', {
		name: 'Purchase 4711',
		customerid: { table: 'account', id: office.account },
		pricelevelid: list,
		...values,
	} as never);
	const product = productOf(office.world, '1000');
	crm.insert('salesorderdetail', {
		salesorderid: order,
		quantity: 2,
		productid: product['productid'],
		uomid: product['defaultuomid'],
		ispriceoverridden: true,
		priceperunit: 90,
	} as never);
	crm.update('salesorder', order, { statecode: 1, statuscode: 3 });
	await office.use((session) => importOrders(session, {}));
	const { clerk } = company(office.world);
	const bc = String(company(office.world).rows('salesOrders').at(-1)!['id']);
	clerk.ship(bc);
	return { order, invoice: clerk.invoice(bc).toLowerCase() };
}

describe('DOC-72: an invoice is linked with its order', () => {
	it(
		'by the order it was posted from, which names customer, owner, opportunity and price list, also when that order is gone',
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const owner = office.world.base.users[1]!;
			const opportunity = crm.insert('opportunity', { name: 'Kitchen' });
			const { order, invoice } = await invoiced(office, { ownerid: { table: 'systemuser', id: owner }, opportunityid: opportunity });
			expect(company(office.world).rows('salesOrders')).toEqual([]);
			expect(codesOf(await office.run({ ids: [invoice] }))).toEqual([]);
			const row = office.crmInvoice(office.bcInvoice(invoice)['number']);
			expect(row).toMatchObject({
				salesorderid: order,
				name: 'Purchase 4711',
				ownerid: owner,
				opportunityid: opportunity,
				pricelevelid: crm.get('salesorder', order)!['pricelevelid'],
			});
			expect(String(row['datedelivered'])).toMatch(/^2026-03-07/);
		}),
	);

	it(
		'by the number in Your Reference; with none where two orders have it',
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const made = ['A-1', 'A-2', 'A-2'].map((ordernumber) =>
				crm.insert('salesorder', {
					name: `Order ${ordernumber}`,
					ordernumber,
					customerid: { table: 'account', id: office.account },
				} as never),
			);
			const ids = ['A-1', 'A-2'].map((reference) => office.invoice([{ item: '1000' }], { customerPurchaseOrderReference: reference }));
			const result = await office.run({ ids });
			expect(codesOf(result)).toEqual([]);
			const [one, two] = ids.map((id) => office.crmInvoice(office.bcInvoice(id)['number']));
			expect([one!['salesorderid'], one!['name'], two!['salesorderid'] ?? null, two!['name']]).toEqual([
				made[0],
				'Order A-1',
				null,
				two!['invoicenumber'],
			]);
			expect(result.invoices[1]!.warnings.join()).toMatch(/Several orders of CRM have the number A-2/);
		}),
	);

	it(
		'DOC-73: whose customer is not that of the invoice: nothing is created',
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const other = crm.insert('account', { name: 'Other' });
			crm.insert('salesorder', { name: 'Order', ordernumber: 'A-1', customerid: { table: 'account', id: other } } as never);
			const result = await office.run({ ids: [office.invoice([{ item: '1000' }], { customerPurchaseOrderReference: 'A-1' })] });
			expect(result.job.failed).toMatchObject([
				{ errorCode: 'INVOICE_CUSTOMER_CHANGED', message: expect.stringMatching(/C1 Adatum is not the customer of order A-1/) },
			]);
			expect(office.crmInvoices()).toEqual([]);
		}),
	);

	it(
		'the contact of an order becomes the customer of its invoice',
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const contact = crm.insert('contact', { lastname: 'Vik', parentcustomerid: { table: 'account', id: office.account } } as never);
			crm.insert('salesorder', { name: 'Order', ordernumber: 'A-1', customerid: { table: 'contact', id: contact } } as never);
			const id = office.invoice([{ item: '1000' }], { customerPurchaseOrderReference: 'A-1' });
			expect(codesOf(await office.run({ ids: [id] }))).toEqual([]);
			expect(office.crmInvoice(office.bcInvoice(id)['number'])).toMatchObject({ customerid: contact, customeridtype: 'contact' });
		}),
	);
});

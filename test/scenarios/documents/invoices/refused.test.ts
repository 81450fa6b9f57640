import { company, item, productOf } from '../../products/shop';
import { codesOf, inOffice, type Office } from './kit';

const refusedAs = async (office: Office, id: string) => {
	const result = await office.run({ ids: [id] });
	expect(office.crmInvoices()).toEqual([]);
	return result.job.failed.map(({ errorCode, message }) => ({ errorCode, message }));
};

describe('nothing is created unless all of it is resolved', () => {
	it(
		'DOC-1: a draft never leaves Business Central',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }], {}, { post: false });
			expect(await refusedAs(office, id)).toMatchObject([{ errorCode: 'INVOICE_NOT_POSTED' }]);
			await office.use((session) =>
				session.store.commit({ failuresDone: [{ mapping: 'POSTEDSALESINV-INV', direction: 'toCrm', sourceId: id }] }),
			);
			const all = await office.run({ createFrom: '' });
			expect([all.job.job.message, office.crmInvoices()]).toEqual(['No changes.', []]);
		}),
	);

	it(
		'DOC-8: without lines it is not committed yet: tried again',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			const { data } = company(office.world);
			const lines = [...data.table('Sales Line').withField('Document Id', id)];
			for (const line of lines) data.remove('Sales Line', line, 'ANNA');
			expect(await refusedAs(office, id)).toMatchObject([{ errorCode: 'INVOICE_LINES_MISSING' }]);
			for (const line of lines) data.insert('Sales Line', line.fields, 'ANNA', line.id);
			expect(codesOf(await office.run())).toEqual([]);
			expect(office.crmInvoices()).toHaveLength(1);
		}),
	);

	it(
		'DOC-70: customer, product, unit, currency, salesperson',
		inOffice(async (office) => {
			const stranger = String(company(office.world).insert('customers', { number: 'C9', displayName: 'Stranger' })['id']);
			expect(await refusedAs(office, office.invoice([{ item: '1000' }], { customerId: stranger }))).toMatchObject([
				{ errorCode: 'DEPENDENCY', message: expect.stringContaining('the customer C9 Stranger') },
			]);
			item(office.world, '3000');
			expect(await refusedAs(office, office.invoice([{ item: '3000' }]))).toMatchObject([
				{ errorCode: 'DEPENDENCY', message: expect.stringContaining('line 10000 (3000)') },
			]);
			company(office.world).insert('ItemUnitsOfMeasure', { Item_No: '2000', Code: 'BOX', Qty_per_Unit_of_Measure: 5 });
			expect(await refusedAs(office, office.invoice([{ item: '2000', values: { unitOfMeasureCode: 'BOX' } }]))).toMatchObject([
				{ errorCode: 'DEPENDENCY', message: expect.stringContaining('the unit BOX of line 10000 (2000)') },
			]);
			company(office.world).insert('currencies', { code: 'NOK', displayName: 'Krone' });
			expect(await refusedAs(office, office.invoice([{ item: '1000' }], { currencyCode: 'NOK' }))).toMatchObject([
				{ errorCode: 'CURRENCY_UNKNOWN' },
			]);
			company(office.world).insert('salespeoplePurchasers', { code: 'ZZ', displayName: 'Zoe' });
			expect(await refusedAs(office, office.invoice([{ item: '1000' }], { salesperson: 'ZZ' }))).toMatchObject([
				{ errorCode: 'DEPENDENCY', message: expect.stringContaining('the salesperson ZZ') },
			]);
		}),
	);

	it(
		'DOC-71: an item that is blocked and not coupled fails the invoice by name',
		inOffice(async (office) => {
			const id = item(office.world, '3000');
			const invoice = office.invoice([{ item: '1000' }, { item: '3000' }]);
			company(office.world).update('items', id, { blocked: true });
			expect(await refusedAs(office, invoice)).toMatchObject([
				{ errorCode: 'ITEM_BLOCKED', message: expect.stringContaining('line 20000 (3000)') },
			]);
		}),
	);

	it(
		'a product that is retired in CRM',
		inOffice(async (office) => {
			office.world.sandbox.crm.update('product', String(productOf(office.world, '1000')['productid']), { statecode: 1, statuscode: 2 });
			expect(await refusedAs(office, office.invoice([{ item: '1000' }]))).toMatchObject([
				{ errorCode: 'PRODUCT_NOT_ACTIVE', message: expect.stringContaining('retired') },
			]);
		}),
	);

	it(
		'one failing invoice stops no other, and is tried again by every run until its cause is gone',
		inOffice(async (office) => {
			const stranger = String(company(office.world).insert('customers', { number: 'C9', displayName: 'Stranger' })['id']);
			const bad = office.invoice([{ item: '1000' }], { customerId: stranger });
			const good = office.invoice([{ item: '1000' }]);
			const result = await office.run({ createFrom: '' });
			expect([codesOf(result), office.crmInvoices().length]).toEqual([['DEPENDENCY'], 1]);
			office.world.minutes(60);
			expect(codesOf(await office.run({ createFrom: '' }))).toEqual(['DEPENDENCY']);
			await office.world.run({ mapping: 'CUSTOMER', createUncoupled: true } as never);
			office.world.minutes(60);
			expect(codesOf(await office.run({ createFrom: '' }))).toEqual([]);
			expect(
				office
					.crmInvoices()
					.map((row) => row['invoicenumber'])
					.sort(),
			).toEqual([bad, good].map((id) => office.bcInvoice(id)['number']).sort());
			const left = await office.use(({ store }) => store.listFailures({ mapping: 'POSTEDSALESINV-INV', limit: 9 }));
			expect(left.rows).toEqual([]);
		}),
	);
});

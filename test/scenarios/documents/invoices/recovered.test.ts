import { company } from '../../products/shop';
import { credit, inOffice, type Office } from './kit';

/** As a run leaves it that died after the row of the invoice was complete, and before the store knew. */
async function dieBeforeTheCouple(office: Office, id: string): Promise<void> {
	await office.use(async ({ store }) => {
		const document = (await store.documentsOf('POSTEDSALESINV-INV', 'businessCentral', [id])).get(id)!;
		await store.commit({ documents: [{ ...document, stage: 'open', payment: null, handedOverAt: null }] });
	});
}

describe('what happened in Business Central after a run died', () => {
	it(
		'is written into the row that the run had completed, before its payment closes it',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ createFrom: '' });
			await dieBeforeTheCouple(office, id);
			company(office.world).update('salesInvoices', id, { dueDate: '2026-11-15' });
			office.pay(id);
			office.world.minutes(20);
			await office.run({ createFrom: '' });
			expect(office.crmInvoice(office.bcInvoice(id)['number'])).toMatchObject({ duedate: '2026-11-15', statecode: 2, statuscode: 100001 });
		}),
	);

	it(
		'is written into a row that the run had only begun',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ createFrom: '' });
			await dieBeforeTheCouple(office, id);
			const row = office.crmInvoice(office.bcInvoice(id)['number']);
			office.world.sandbox.crm.update('invoice', String(row['invoiceid']), { statecode: 0, statuscode: 1 });
			company(office.world).update('salesInvoices', id, { dueDate: '2026-11-15' });
			office.world.minutes(20);
			await office.run({ createFrom: '' });
			expect(office.crmInvoice(row['invoicenumber'])).toMatchObject({ duedate: '2026-11-15', statecode: 0, statuscode: 4 });
		}),
	);

	it(
		'a credit memo is told also where no run had looked for credit memos yet',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			// A run over chosen invoices looks for none, as does one that dies before.
			await office.run({ ids: [id] });
			office.world.minutes(20);
			const memo = credit(office, id);
			office.world.minutes(20);
			await office.run({ createFrom: '' });
			expect(office.crmInvoice(office.bcInvoice(id)['number'])['description']).toMatch(new RegExp(`\nCredit memo ${memo} ·`));
		}),
	);

	it(
		'a preview begins nothing',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ ids: [id], preview: true });
			const marks = await office.use(({ store }) => store.watermarkOf('INVOICE-CREDITS', 'businessCentral'));
			expect(marks).toBeNull();
		}),
	);
});

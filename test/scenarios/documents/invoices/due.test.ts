import { company } from '../../products/shop';
import { codesOf, inOffice, stateOf } from './kit';

const writesOf = (requests: ReadonlyArray<{ writes: number }>): number => requests.reduce((sum, { writes }) => sum + writes, 0);

describe('which invoices are due', () => {
	it(
		'without a word about new ones, only those that CRM has',
		inOffice(async (office) => {
			const known = office.invoice([{ item: '1000' }]);
			await office.run({ ids: [known] });
			office.world.minutes(20);
			office.invoice([{ item: '1000' }]);
			company(office.world).update('salesInvoices', known, { dueDate: '2026-04-30' });
			const result = await office.run();
			expect([result.job.job.message, result.job.notCoupled]).toEqual(['1 changed.', 1]);
			expect(office.crmInvoices().map((row) => row['duedate'])).toEqual(['2026-04-30']);
		}),
	);

	it(
		'new ones from a day on; another day reads anew, and what was there stays as it is',
		inOffice(async (office) => {
			const old = office.invoice([{ item: '1000' }], { postingDate: '2026-01-31' });
			const fresh = office.invoice([{ item: '1000' }], { postingDate: '2026-03-01' });
			await office.run({ createFrom: '2026-02-01' });
			expect(office.crmInvoices().map((row) => row['invoicenumber'])).toEqual([office.bcInvoice(fresh)['number']]);
			office.world.minutes(60);
			office.world.takeRequests();
			const later = await office.run({ createFrom: '2026-01-01' });
			expect([later.job.job.message, office.crmInvoices().length]).toEqual(['1 created, 1 unchanged.', 2]);
			expect(office.crmInvoice(office.bcInvoice(old)['number'])).toBeDefined();
		}),
	);

	it(
		'a run after which nothing happened writes nothing',
		inOffice(async (office) => {
			office.invoice([{ item: '1000' }]);
			office.invoice([{ item: '2000', quantity: 3 }]);
			await office.run({ createFrom: '' });
			const before = office.crmInvoices();
			office.world.takeRequests();
			const result = await office.run({ createFrom: '' });
			const requests = office.world.takeRequests();
			expect([result.job.job.message, writesOf(requests)]).toEqual(['2 unchanged.', 0]);
			expect(office.crmInvoices()).toEqual(before);
			office.world.minutes(60);
			await office.run({ createFrom: '' });
			expect(writesOf(office.world.takeRequests())).toBe(0);
		}),
	);

	it(
		'DOC-78: an invoice of CRM that is not Active keeps its content',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ ids: [id] });
			office.pay(id, 20);
			await office.payments();
			const before = office.crmInvoice(office.bcInvoice(id)['number']);
			office.world.minutes(20);
			company(office.world).update('salesInvoices', id, { dueDate: '2026-05-31' });
			await office.run();
			expect(office.crmInvoice(before['invoicenumber'])).toEqual(before);
			expect(stateOf(before)).toBe('2/100002');
		}),
	);

	it(
		'DOC-98: a preview tells what would be sent, and writes nothing',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000', quantity: 2 }]);
			office.invoice([{ item: '1000' }], {
				customerId: String(company(office.world).insert('customers', { number: 'C9', displayName: 'X' })['id']),
			});
			office.world.takeRequests();
			const result = await office.run({ createFrom: '', preview: true });
			expect([writesOf(office.world.takeRequests()), office.crmInvoices(), codesOf(result)]).toEqual([0, [], ['DEPENDENCY']]);
			expect(result.invoices).toMatchObject([
				{
					action: 'wouldCreate',
					businessCentral: { id },
					sends: {
						header: { invoicenumber: office.bcInvoice(id)['number'], discountamount: 0 },
						lines: [{ quantity: 2, priceperunit: 100, tax: 40 }],
					},
				},
			]);
			const kept = await office.use(async ({ store }) => [
				(await store.listDocuments({ mapping: 'POSTEDSALESINV-INV', limit: 9 })).rows,
				(await store.listFailures({ limit: 9 })).rows,
				await store.watermark('POSTEDSALESINV-INV', 'businessCentral'),
			]);
			expect(kept).toEqual([[], [], null]);
		}),
	);

	it(
		'ids that are not there are named; an invoice that was deleted in CRM comes back only by name',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			const missing = '00000000-0000-4000-8000-00000000dead';
			const { notFound } = await office.run({ ids: [id, missing] });
			expect(notFound).toEqual([missing]);
			const number = office.bcInvoice(id)['number'];
			const crmId = String(office.crmInvoice(number)['invoiceid']);
			office.world.sandbox.crm.remove('invoice', crmId);
			company(office.world).update('salesInvoices', id, { dueDate: '2026-04-30' });
			await office.run({ createFrom: '' });
			await office.run({ createFrom: '' });
			expect(office.crmInvoices()).toEqual([]);
			const log = await office.use(({ store }) => store.log({ limit: 9 }));
			expect(log.rows.filter(({ code }) => code === 'INVOICE_DELETED')).toHaveLength(1);
			expect(codesOf(await office.run({ ids: [id] }))).toEqual([]);
			expect(office.crmInvoice(number)['invoiceid']).toBe(crmId);
		}),
	);

	it(
		'60 invoices of 5 lines cost 10 requests of Business Central, and about one an invoice in all',
		inOffice(async (office) => {
			for (let n = 0; n < 60; n++) office.invoice(Array.from({ length: 5 }, () => ({ item: '1000', quantity: 2 })));
			office.world.takeRequests();
			const result = await office.run({ createFrom: '' });
			const requests = office.world.takeRequests();
			const ofBusinessCentral = requests.filter(({ system }) => system === 'businessCentral');
			expect([result.job.job.inserted, codesOf(result)]).toEqual([60, []]);
			expect([ofBusinessCentral.length <= 10, requests.length <= 66]).toEqual([true, true]);
		}),
	);
});

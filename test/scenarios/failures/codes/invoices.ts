import type { JobResult } from '../../../../engine/jobs/jobResult';
import { openOffice, type Office } from '../../documents/invoices/kit';
import { company } from '../../products/shop';
import { failedWith, says, type Walks } from './kit';

/** Posted invoices that cannot become invoices of CRM. */
async function inOffice(walk: (office: Office) => Promise<void>): Promise<void> {
	const office = await openOffice();
	try {
		await walk(office);
	} finally {
		await office.close();
	}
}

const run = async (office: Office, request = {}): Promise<JobResult> => (await office.run(request)).job;
/** Tried again, the invoice is brought: CRM has it once. */
async function brought(office: Office, request = {}): Promise<void> {
	const { failed, job } = await run(office, request);
	expect([job.status, failed, office.crmInvoices().length]).toEqual(['finished', [], 1]);
}

export const invoiceWalks: Walks = {
	INVOICE_NOT_POSTED: () =>
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }], {}, { post: false });
			says(failedWith('INVOICE_NOT_POSTED', await run(office, { ids: [id] })), 'Post the invoice in Business Central');
			company(office.world).act('salesInvoices', id, 'post');
			await brought(office);
		}),

	INVOICE_LINES_MISSING: () =>
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			const { data } = company(office.world);
			const [line] = [...data.table('Sales Line').withField('Document Id', id)];
			data.remove('Sales Line', line!, 'ANNA');
			says(failedWith('INVOICE_LINES_MISSING', await run(office, { ids: [id] })), 'the next run looks at it again');
			data.insert('Sales Line', line!.fields, 'ANNA', line!.id);
			await brought(office);
		}),

	INVOICE_CUSTOMER_CHANGED: () =>
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const other = crm.insert('account', { name: 'Other' });
			const order = crm.insert('salesorder', { name: 'Order', ordernumber: 'A-1', customerid: { table: 'account', id: other } } as never);
			const id = office.invoice([{ item: '1000' }], { customerPurchaseOrderReference: 'A-1' });
			says(failedWith('INVOICE_CUSTOMER_CHANGED', await run(office, { ids: [id] })), 'choose that account in the order');
			crm.update('salesorder', order, { customerid: { table: 'account', id: office.account } } as never);
			await brought(office);
		}),

	INVOICE_AMBIGUOUS: () =>
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const id = office.invoice([{ item: '1000' }]);
			const invoicenumber = office.bcInvoice(id)['number'];
			const [, wrong] = [1, 2].map(() =>
				crm.insert('invoice', { name: 'Theirs', invoicenumber, customerid: { table: 'account', id: office.account } } as never),
			);
			says(failedWith('INVOICE_AMBIGUOUS', await run(office, { ids: [id] })), 'Delete those that are wrong in CRM');
			crm.remove('invoice', wrong!);
			await brought(office);
		}),
};

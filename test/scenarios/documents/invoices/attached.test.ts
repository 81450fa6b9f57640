import { company } from '../../products/shop';
import { codesOf, credit, inOffice, stateOf } from './kit';

describe('what is attached to an invoice', () => {
	it(
		'the PDF, once, as a note',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ ids: [id], attachPdf: true });
			const number = String(office.bcInvoice(id)['number']);
			const notes = office.world.sandbox.crm.rows('annotation');
			expect(notes).toMatchObject([
				{
					subject: `Invoice ${number}`,
					filename: `${number}.pdf`,
					mimetype: 'application/pdf',
					isdocument: true,
					objectid: office.crmInvoice(number)['invoiceid'],
				},
			]);
			expect(Buffer.from(String(notes[0]!['documentbody']), 'base64').toString()).toMatch(/^%PDF-/);
			await office.run({ ids: [id], attachPdf: true });
			expect(office.world.sandbox.crm.rows('annotation')).toHaveLength(1);
		}),
	);

	it(
		'an invoice that is there already gets it when it is named',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ ids: [id] });
			expect(office.world.sandbox.crm.rows('annotation')).toEqual([]);
			await office.run({ ids: [id], attachPdf: true });
			expect(office.world.sandbox.crm.rows('annotation')).toHaveLength(1);
		}),
	);

	it(
		'a PDF that cannot be had is told, and the invoice is delivered all the same',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			office.world.sandbox.faults.add({ system: 'businessCentral', url: /pdfDocument/, times: 9, fault: { kind: 'answer', status: 400, body: '{"error":{"code":"Internal","message":"No report is selected."}}' } } as never); // prettier-ignore
			const result = await office.run({ ids: [id], attachPdf: true });
			expect([codesOf(result), stateOf(office.crmInvoice(office.bcInvoice(id)['number']))]).toEqual([[], '0/4']);
			expect(result.invoices[0]!.warnings.join()).toMatch(/its PDF could not be attached: .*No report is selected/);
			const log = await office.use(({ store }) => store.log({ limit: 9 }));
			expect(log.rows.map(({ code }) => code)).toContain('INVOICE_PDF');
		}),
	);

	it(
		'one of more than 5 MB is not attached',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			office.world.sandbox.faults.add({ system: 'businessCentral', url: /pdfDocument/, times: 1, fault: { kind: 'answer', status: 200, body: '%PDF'.repeat(1_400_000) } } as never); // prettier-ignore
			const result = await office.run({ ids: [id], attachPdf: true });
			expect(result.invoices[0]!.warnings.join()).toMatch(/it has 5\.3 MB, and notes take 5 MB/);
			expect(office.world.sandbox.crm.rows('annotation')).toEqual([]);
		}),
	);
});

describe('credit memos', () => {
	it(
		'one that is posted later is told by a post and a line, once, whatever state the invoice is in; its payment follows what remains',
		inOffice(async (office) => {
			office.world.sandbox.crm.followTable('invoice');
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ createFrom: '' });
			const number = office.bcInvoice(id)['number'];
			office.world.minutes(20);
			const first = credit(office, id);
			await office.payments();
			expect((await office.run({ createFrom: '' })).job.warnings).toEqual([]);
			const told = office.crmInvoice(number);
			expect(stateOf(told)).toBe('2/100002');
			expect(told['description']).toBe(`Invoice date 2026-03-07\nCredit memo ${first} · 2026-03-07 · 6.00 GBP`);
			expect(office.world.sandbox.crm.rows('post').map(({ text, regardingobjectid }) => [text, regardingobjectid])).toEqual([
				[`Credit memo ${first} · 2026-03-07 · 6.00 GBP`, told['invoiceid']],
			]);
			office.world.minutes(20);
			const second = credit(office, id);
			await office.run({ createFrom: '' });
			await office.run({ createFrom: '' });
			const lines = String(office.crmInvoice(number)['description']).split('\n');
			expect(lines.slice(1).map((line) => line.split(' ')[2])).toEqual([first, second]);
			expect(office.world.sandbox.crm.rows('post')).toHaveLength(2);
		}),
	);

	it(
		'one that was posted before CRM had the invoice is told with its creation; what people wrote stays',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			const memo = credit(office, id);
			const result = await office.run({ createFrom: '' });
			// Out of the box nobody can post about invoices.
			expect([codesOf(result), result.job.warnings.join()]).toEqual([[], expect.stringMatching(/^CRM takes no posts about invoices/)]);
			const row = office.crmInvoice(office.bcInvoice(id)['number']);
			expect([stateOf(row), String(row['description']).includes(`Credit memo ${memo} ·`)]).toEqual(['2/100002', true]);
		}),
	);

	it(
		'one that cancels the invoice ends it as Canceled',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000' }]);
			await office.run({ createFrom: '' });
			office.world.minutes(20);
			company(office.world).clerk.cancel(id);
			await office.run({ createFrom: '' });
			const row = office.crmInvoice(office.bcInvoice(id)['number']);
			expect([stateOf(row), String(row['description'])]).toEqual([
				'3/100003',
				expect.stringMatching(/\nCredit memo .* · 2026-03-07 · 120\.00 GBP$/),
			]);
		}),
	);
});

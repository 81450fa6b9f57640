import { codesOf, inOffice, stateOf } from './kit';

describe('a posted invoice becomes an invoice of CRM', () => {
	it(
		'DOC-74, 75: with its lines, discounts, VAT and totals',
		inOffice(async (office) => {
			const id = office.invoice(
				[
					{ item: '1000', quantity: 3, discount: 30 },
					{ resource: 'LINA', quantity: 2 },
					{ account: '8100', price: 12.34 },
					{ comment: 'Deliver early' },
				],
				{},
				{ discount: 10 },
			);
			const result = await office.run({ ids: [id] });
			expect([result.job.job.status, codesOf(result), result.job.job.message]).toEqual(['finished', [], '1 created.']);
			const bc = office.bcInvoice(id);
			const crm = office.crmInvoice(bc['number']);
			console.log(crm, office.crmLines(crm), bc, result.invoices);
			expect(stateOf(crm)).toBe('0/4');
			expect(crm).toMatchObject({
				totalamount: bc['totalAmountIncludingTax'],
				totaltax: bc['totalTaxAmount'],
				totalamountlessfreight: bc['totalAmountExcludingTax'],
			});
		}),
	);
});

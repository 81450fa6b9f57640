import { company, productOf } from '../../products/shop';
import { codesOf, inOffice, stateOf, type Office, type Row } from './kit';

const only = async (office: Office, id: string, expected: string[] = []) => {
	const result = await office.run({ ids: [id] });
	expect([result.job.job.status, codesOf(result)]).toEqual(['finished', expected]);
	return { result, bc: office.bcInvoice(id), crm: expected.length === 0 ? office.crmInvoice(office.bcInvoice(id)['number']) : {} };
};
const picked = (row: Row, ...names: string[]): unknown[] => names.map((name) => row[name] ?? null);
const totalsAgree = (bc: Row, crm: Row): void =>
	expect(picked(crm, 'totalamountlessfreight', 'totaltax', 'totalamount')).toEqual(
		picked(bc, 'totalAmountExcludingTax', 'totalTaxAmount', 'totalAmountIncludingTax'),
	);
const roundings = (office: Office, crm: Row): Row[] => office.crmLines(crm).filter((line) => line['productdescription'] === 'Rounding');

describe('a posted invoice becomes an invoice of CRM', () => {
	it(
		'DOC-74, DOC-75: lines with price, discount and VAT, and the invoice discount; both sides come to the same',
		inOffice(async (office) => {
			const id = office.invoice(
				[
					{ item: '1000', quantity: 3, discount: 30 },
					{ resource: 'LINA', quantity: 2 },
					{ account: '8100', price: 12.34 },
				],
				{},
				{ discount: 10 },
			);
			const { result, bc, crm } = await only(office, id);
			expect(result.job.job.message).toBe('1 created.');
			expect(stateOf(crm)).toBe('0/4');
			totalsAgree(bc, crm);
			expect(picked(crm, 'discountamount', 'discountpercentage', 'freightamount', 'duedate', 'shipto_city', 'customerid')).toEqual([
				10,
				0,
				0,
				bc['dueDate'],
				'London',
				office.account,
			]);
			const lines = company(office.world)
				.rows('salesInvoiceLines')
				.filter((line) => line['documentId'] === bc['id']) as Row[];
			const expected = lines.map((line) => {
				const [net, gross, share] = [
					Number(line['netAmount']),
					Number(line['netAmountIncludingTax']),
					Number(line['invoiceDiscountAllocation']),
				];
				const cents = (value: number): number => Math.round(value * 100) / 100;
				return [
					line['sequence'],
					line['quantity'],
					cents(gross - net),
					cents(net + share + Number(line['discountAmount'])),
					cents(gross + share),
				];
			});
			expect(office.crmLines(crm).map((line) => picked(line, 'lineitemnumber', 'quantity', 'tax', 'baseamount', 'extendedamount'))).toEqual(
				expected,
			);
			expect(office.crmLines(crm).map((line) => picked(line, 'productid', 'isproductoverridden', 'productdescription'))).toEqual([
				[productOf(office.world, '1000')['productid'], false, null],
				[productOf(office.world, 'LINA')['productid'], false, null],
				[null, true, 'Freight'],
			]);
			expect(result.invoices[0]).toMatchObject({ action: 'created', payment: 'billed', amounts: { status: 'agree' } });
		}),
	);

	it(
		'DOC-74: of prices that include VAT, price and line discount lose it',
		inOffice(async (office) => {
			const { data } = company(office.world);
			const customer = data.table('Customer').getByKey('C1')!;
			data.modify('Customer', customer, { ...customer.fields, 'Prices Including VAT': true }, 'ANNA');
			const id = office.invoice([{ item: '1000', quantity: 3, price: 119.99, discount: 12 }]);
			const { bc, crm } = await only(office, id);
			expect(bc['pricesIncludeTax']).toBe(true);
			totalsAgree(bc, crm);
			const [line] = office.crmLines(crm);
			expect(line!['manualdiscountamount']).toBe(10);
			expect(Number(line!['priceperunit'])).toBeCloseTo(99.99, 1);
		}),
	);

	it(
		'DOC-76: what CRM has no digits for goes into one rounding line, which a second run neither doubles nor changes',
		inOffice(async (office) => {
			const id = office.invoice([{ item: '1000', quantity: 700, price: 0.12345 }]);
			const { bc, crm } = await only(office, id);
			totalsAgree(bc, crm);
			const [rounding] = roundings(office, crm);
			expect(picked(rounding!, 'quantity', 'isproductoverridden', 'priceperunit')).toEqual([1, true, 2.42]);
			expect(roundings(office, crm)).toHaveLength(1);
			await office.run({ ids: [id] });
			expect(roundings(office, crm)).toEqual([rounding]);
		}),
	);

	it(
		'no rounding line where nothing is left over',
		inOffice(async (office) => {
			const { crm } = await only(office, office.invoice([{ item: '1000' }]));
			expect(office.crmLines(crm)).toHaveLength(1);
		}),
	);

	it(
		'a write-in item and a unit of its own cross; comments become text of the line before them',
		inOffice(async (office) => {
			const id = office.invoice([
				{ comment: 'Your project' },
				{ item: 'MISC', price: 5, values: { description: 'Assembly on site' } },
				{ item: '1000', values: { unitOfMeasureCode: 'BOX' } },
				{ comment: 'Ten in a box' },
				{ comment: 'Handle with care' },
			]);
			const { bc, crm } = await only(office, id);
			totalsAgree(bc, crm);
			const [writeIn, box] = office.crmLines(crm);
			expect(picked(writeIn!, 'productid', 'productdescription')).toEqual([null, 'Assembly on site']);
			expect(box!['description']).toBe('Ten in a box\nHandle with care');
			expect(office.world.sandbox.crm.get('uom', String(box!['uomid']))!['name']).toBe('BOX');
			expect(crm['description']).toBe(`Invoice date ${String(bc['invoiceDate'])}\nYour project`);
			expect(office.crmLines(crm)).toHaveLength(2);
		}),
	);

	it(
		'comments as write-in lines, or not at all, where that is wanted',
		inOffice(async (office) => {
			const lines = [{ item: '1000' }, { comment: 'Handle with care' }];
			const [first, second] = [office.invoice(lines), office.invoice(lines)];
			await office.run({ ids: [first], commentLines: 'writeIn' });
			await office.run({ ids: [second], commentLines: 'skip' });
			const linesOf = (id: string) => office.crmLines(office.crmInvoice(office.bcInvoice(id)['number']));
			expect(linesOf(first).map((line) => picked(line, 'productdescription', 'quantity'))).toEqual([
				[null, 1],
				['Handle with care', 0],
			]);
			expect(linesOf(second).map((line) => picked(line, 'description'))).toEqual([[null]]);
		}),
	);

	it(
		'a discount counts for each unit where the organization says so',
		inOffice(async (office) => {
			office.world.sandbox.crm.update('organization', office.world.sandbox.crm.rows('organization')[0]!['organizationid'] as string, {
				discountcalculationmethod: 1,
			});
			const { bc, crm } = await only(office, office.invoice([{ item: '1000', quantity: 4, discount: 10 }]));
			totalsAgree(bc, crm);
			expect(office.crmLines(crm)[0]!['manualdiscountamount']).toBe(2.5);
		}),
	);

	it(
		'where CRM calculates nothing, the totals are written as Business Central has them',
		inOffice(async (office) => {
			office.world.sandbox.crm.update('organization', office.world.sandbox.crm.rows('organization')[0]!['organizationid'] as string, {
				oobpricecalculationenabled: false,
			});
			const id = office.invoice(
				[
					{ item: '1000', quantity: 3, discount: 30 },
					{ account: '8100', price: 12.34 },
				],
				{},
				{ discount: 10 },
			);
			const { bc, crm } = await only(office, id);
			totalsAgree(bc, crm);
			expect(office.crmLines(crm).map((line) => picked(line, 'baseamount', 'extendedamount'))).toEqual([
				[300, expect.any(Number)],
				[12.34, expect.any(Number)],
			]);
			expect(stateOf(crm)).toBe('0/4');
		}),
	);

	it(
		'DOC-54: an invoice in foreign currency gets the price list of that currency, of which there is one',
		inOffice(async (office) => {
			const { crm } = office.world.sandbox;
			const ids = [1, 2].map(() => office.invoice([{ item: '1000', price: 80 }], { currencyCode: 'EUR' }));
			const result = await office.run({ ids });
			expect(codesOf(result)).toEqual([]);
			const lists = crm.rows('pricelevel').filter(({ name }) => name === 'Price List in EUR');
			expect(lists).toHaveLength(1);
			expect(office.crmInvoices().map((row) => row['pricelevelid'])).toEqual([lists[0]!['pricelevelid'], lists[0]!['pricelevelid']]);
			const prices = crm.rows('productpricelevel').filter((row) => row['pricelevelid'] === lists[0]!['pricelevelid']);
			expect(prices.map((row) => [row['productnumber'], row['amount']])).toEqual([['1000', 80]]);
		}),
	);
});

describe('amounts that differ', () => {
	/** A plug-in of the customer that adds to what every invoice line costs. */
	const dearer = (office: Office): (() => void) =>
		office.world.sandbox.crm.addPlugin({
			table: 'invoicedetail',
			messages: ['Create'],
			when: 'before',
			run: (line) => ({ tax: Number(line['tax'] ?? 0) + 7 }),
		});

	it(
		'AMOUNTS_DIFFER names both figures; the invoice is finished all the same',
		inOffice(async (office) => {
			dearer(office);
			const { result, crm } = await only(office, office.invoice([{ item: '1000' }]));
			expect(result.invoices[0]!.amounts!.status).toBe('differ');
			expect(result.invoices[0]!.warnings.join()).toMatch(/Business Central says 120\.00 GBP with VAT, CRM 127\.00 GBP: 7\.00 GBP apart/);
			expect(stateOf(crm)).toBe('0/4');
		}),
	);

	it(
		'held, it stays Active / New without payment status, and follows once the difference is gone',
		inOffice(
			async (office) => {
				dearer(office);
				const id = office.invoice([{ item: '1000' }]);
				const { result } = await only(office, id, ['AMOUNTS_DIFFER']);
				expect(result.job.failed[0]!.message).toContain('7.00 GBP apart');
				const crm = office.crmInvoice(office.bcInvoice(id)['number']);
				expect(stateOf(crm)).toBe('0/1');
				office.pay(id);
				await office.payments();
				expect(stateOf(office.crmInvoice(crm['invoicenumber']))).toBe('0/1');
				const [line] = office.crmLines(crm);
				office.world.sandbox.crm.update('invoicedetail', String(line!['invoicedetailid']), { tax: 20 });
				expect(codesOf(await office.run())).toEqual([]);
				expect(stateOf(office.crmInvoice(crm['invoicenumber']))).toBe('2/100001');
			},
			{ amountPolicy: 'hold' },
		),
	);

	it(
		'held, it is finished as it is where a person says so',
		inOffice(
			async (office) => {
				dearer(office);
				const id = office.invoice([{ item: '1000' }]);
				await only(office, id, ['AMOUNTS_DIFFER']);
				expect(codesOf(await office.run({ ids: [id], accept: true }))).toEqual([]);
				const crm = office.crmInvoice(office.bcInvoice(id)['number']);
				expect([stateOf(crm), crm['totalamount']]).toEqual(['0/4', 127]);
				expect(codesOf(await office.run({ ids: [id] }))).toEqual([]);
			},
			{ amountPolicy: 'hold' },
		),
	);
});

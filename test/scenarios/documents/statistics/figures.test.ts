import { clearBusinessCentralMetadata } from '../../../../engine/systems/businessCentral';
import { company } from '../../products/shop';
import { credit, type Row } from '../invoices/kit';
import { actionsOf, atCounter, codesOf, type Counter } from './kit';

const of = (row: Row | undefined, ...columns: string[]): unknown[] => columns.map((column) => row?.[`nav_${column}`]);
const AMOUNTS = ['balancelcy', 'overdueamountslcy', 'totalsaleslcy'] as const;

/** An order of the customer, of which some may be shipped. */
function order(counter: Counter, quantity: number, { shipped = 0, price = 100 } = {}): string {
	const bc = company(counter.world);
	const itemId = bc.rows('items').find(({ number }) => number === '1000')!['id'];
	const lines = [{ lineType: 'Item', itemId, quantity, unitPrice: price }];
	const id = String(bc.insert('salesOrders', { customerId: counter.customer, salesOrderLines: lines })['id']).toLowerCase();
	if (shipped > 0) bc.clerk.ship(id, { 10000: shipped });
	return id;
}

describe('the figures of customers', () => {
	it(
		'are those of Business Central, in its local currency, and the account shows them',
		atCounter(async (counter) => {
			company(counter.world).update('customers', counter.customer, { creditLimit: 5000 });
			const due = counter.invoice([{ item: '1000', quantity: 2 }], { postingDate: '2026-01-10', dueDate: '2026-02-01' });
			counter.invoice([{ item: '1000' }], { dueDate: '2026-04-01' });
			counter.invoice([{ item: '1000', quantity: 3 }], {}, { post: false });
			order(counter, 10, { shipped: 4 });
			counter.pay(due, 40);
			const result = await counter.statistics();
			expect([codesOf(result), actionsOf(result), result.job.warnings]).toEqual([[], ['created'], []]);
			expect(counter.figures()).toMatchObject({
				nav_name: 'Adatum',
				nav_customerno: 'C1',
				nav_balancelcy: 320,
				nav_outstandingorderslcy: 720,
				nav_shippednotinvoicedlcy: 480,
				nav_outstandinginvoiceslcy: 360,
				nav_totallcy: 1880,
				nav_creditlimitlcy: 5000,
				nav_overdueamountslcy: 200,
				nav_overdueamountsasof: '2026-03-07',
				nav_totalsaleslcy: 300,
				nav_invoicedprepaymentamountlcy: 0,
				transactioncurrencyid: counter.world.base.baseCurrencyId,
			});
		}),
	);

	it(
		'DOC-89: sales are those of the fiscal year, invoices less credit memos, and not those of all years',
		atCounter(async (counter) => {
			const invoice = counter.invoice([{ item: '1000' }], { postingDate: '2026-01-01' });
			counter.invoice([{ item: '1000', quantity: 5 }], { postingDate: '2025-12-31' });
			credit(counter, invoice);
			const { data } = company(counter.world);
			// What the sandbox posts, it posts today; the ledger entry of the old one lies in the year before.
			const [, old] = [...data.table('Cust. Ledger Entry').withField('Document Type', 'Invoice')];
			data.modify('Cust. Ledger Entry', old!, { ...old!.fields, 'Posting Date': '2025-12-31' }, 'ANNA');
			await counter.statistics();
			expect(of(counter.figures(), 'totalsaleslcy')).toEqual([95]);
			// A new year begins, and nobody has posted anything.
			counter.world.minutes(60 * 24 * 300);
			company(counter.world).seed('accountingPeriods', [{ startingDate: '2027-01-01', name: 'January', newFiscalYear: true }]);
			await counter.statistics();
			expect(of(counter.figures(), 'totalsaleslcy')).toEqual([0]);
		}),
	);

	it(
		'without an accounting period the sales of the year are not written, and it is told',
		atCounter(async (counter) => {
			const { data } = company(counter.world);
			for (const { id } of company(counter.world).rows('accountingPeriods'))
				data.remove('Accounting Period', data.table('Accounting Period').get(String(id).toLowerCase())!, 'ANNA');
			const result = await counter.statistics();
			expect(result.job.warnings.join()).toMatch(/no accounting period that begins before today/);
			expect(of(counter.figures(), 'balancelcy', 'totalsaleslcy')).toEqual([0, undefined]);
		}),
	);

	it(
		'what the sum holds twice or should not hold is taken off the total: invoice lines of shipments, prepayments, returns',
		atCounter(async (counter) => {
			const { data } = company(counter.world);
			const line = (type: string, values: Row): void =>
				void data.insert('Sales Line', { 'Document Type': type, 'Document No.': `X${type}`, 'Line No.': 10000, 'Bill-to Customer No.': 'C1', ...values } as never, 'ANNA'); // prettier-ignore
			order(counter, 10);
			line('Invoice', { 'Shipment No.': 'S1', 'Outstanding Amount (LCY)': 100 });
			line('Order', { 'Prepmt. Amount Inv. (LCY)': 50, 'Prepmt. VAT Amount Inv. (LCY)': 10 });
			await counter.statistics();
			expect(of(counter.figures(), 'totallcy', 'invoicedprepaymentamountlcy')).toEqual([1200 - 100 - 60, 60]);
		}),
	);

	it(
		'DOC-7: without the page what only it shows is not written; it is told once, and all else crosses',
		atCounter(async (counter) => {
			counter.world.sandbox.businessCentral.unpublish('workflowCustomers');
			clearBusinessCentralMetadata();
			company(counter.world).update('customers', counter.customer, { creditLimit: 700 });
			counter.invoice([{ item: '1000' }]);
			order(counter, 10);
			const result = await counter.statistics();
			expect(result.job.warnings).toEqual([expect.stringMatching(/"workflowCustomers" \(page 6408\) is not published/)]);
			expect(of(counter.figures(), ...AMOUNTS, 'creditlimitlcy', 'name')).toEqual([120, 0, 100, 700, 'Adatum']);
			expect(of(counter.figures(), 'outstandingorderslcy', 'totallcy')).toEqual([undefined, undefined]);
			// A limit moves the stamp of the card, and nothing else.
			counter.world.minutes(20);
			company(counter.world).update('customers', counter.customer, { creditLimit: 800 });
			await counter.statistics();
			expect(of(counter.figures(), 'creditlimitlcy')).toEqual([800]);
		}),
	);

	it(
		'a page that goes away between two runs ends one of them, and the next goes on without it',
		atCounter(async (counter) => {
			await counter.statistics();
			counter.world.sandbox.businessCentral.unpublish('workflowCustomers');
			counter.invoice([{ item: '1000' }]);
			expect(codesOf(await counter.statistics())).toEqual(['SETUP_CHANGED']);
			const next = await counter.statistics();
			expect([codesOf(next), of(counter.figures(), 'balancelcy')]).toEqual([[], [120]]);
		}),
	);
});

import { createSandbox } from '../../../sandbox';
import { seedDemo } from '../../../sandbox/demo';
import { applyBusinessCentralSwitches } from '../../../scripts/sandboxBusinessCentral';
import { NOON, type Json } from './client';

describe('Demonstration documents', () => {
	const sandbox = createSandbox({ now: NOON });
	seedDemo(sandbox, { customers: 10, items: 8, documents: true });
	const [company] = sandbox.businessCentral.companyList();
	const states = (set: string): string[] => [...new Set(company!.rows(set).map(({ status }) => String(status)))].sort();

	it.each([
		['salesQuotes', ['Accepted', 'Draft', 'Expired_x0020_', 'Sent']],
		['salesOrders', ['Draft', 'In_x0020_Review', 'Open']],
		['salesInvoices', ['Canceled', 'Draft', 'Open', 'Paid']],
		['salesCreditMemos', ['Corrective', 'Draft', 'Paid']],
	])('%s are there in the states %p', (set, wanted) => {
		expect(states(set)).toEqual(wanted);
	});

	it('some orders are shipped or invoiced in part, some completely shipped', () => {
		const lines: Json[] = company!.rows('salesOrderLines');
		expect(lines.some((line) => line.shippedQuantity > 0 && line.shippedQuantity < line.quantity)).toBe(true);
		expect(lines.some((line) => line.invoicedQuantity > 0 && line.invoicedQuantity < line.shippedQuantity)).toBe(true);
		expect(company!.rows('salesOrders').some(({ fullyShipped }) => fullyShipped)).toBe(true);
		expect(company!.count('salesShipments')).toBe(4);
	});

	it('invoices are open, paid in part, paid, overdue and disputed', () => {
		const invoices: Json[] = company!.rows('salesInvoices');
		expect(invoices.some((one) => one.status === 'Open' && one.remainingAmount < one.totalAmountIncludingTax)).toBe(true);
		expect(invoices.some((one) => one.disputeStatus === 'PRICE' && one.dueDate === '2025-12-01')).toBe(true);
	});

	it('every ledger agrees with the balance of the customers', () => {
		const open = [...company!.data.table('Cust. Ledger Entry').rows()].reduce((sum, { flow }) => sum + Number(flow['Remaining Amount']), 0);
		const balance = company!.rows('customers').reduce((sum, { balanceDue }) => sum + Number(balanceDue), 0);
		expect(Math.round(open * 100)).toBe(Math.round(balance * 100));
	});

	it('the second company has them too, and the same options give the same documents', () => {
		const again = createSandbox({ now: NOON });
		seedDemo(again, { customers: 10, items: 8, documents: true });
		const numbers = (one: typeof sandbox) =>
			one.businessCentral.companyList().map((each) => each.rows('salesInvoices').map((row) => row['totalAmountIncludingTax']));
		expect(numbers(again)).toEqual(numbers(sandbox));
	});
});

describe('Options of npm run sandbox about Business Central', () => {
	const values = {
		'bc-page': [] as string[],
		'bc-post-codes': false,
		'bc-permission-texts': '403',
		'bc-turkish': false,
		'bc-missing-setup': [] as string[],
		'bc-job-queue-ms': '0',
		'bc-copy': [] as string[],
	};

	it('set the switches', () => {
		const sandbox = createSandbox();
		const more = {
			'bc-page-size': '50',
			'bc-rate': '100',
			'bc-tenant': 'contoso',
			'bc-post-codes': true,
			'bc-turkish': true,
			'bc-job-queue-ms': '9',
		};
		applyBusinessCentralSwitches(sandbox, {
			...values,
			...more,
			'bc-page': ['all'],
			'bc-missing-setup': ['Marketing Setup'],
			'bc-copy': ['test'],
			'bc-permission-texts': 'older400',
		});
		const { businessCentral } = sandbox;
		const [company] = businessCentral.companyList();
		expect(businessCentral.published.has('CustomerLedgerEntries')).toBe(true);
		expect([businessCentral.pageSize, businessCentral.throttle.limits.rate, businessCentral.tenant]).toEqual([50, 100, 'contoso']);
		expect([businessCentral.permissions.answer, businessCentral.webhooks.jobQueueDelayMs()]).toEqual(['older400', 9]);
		expect(company!.settings).toMatchObject({ culture: 'tr-TR', postCodes: [{ code: 'W2 8HG' }, {}, {}] });
		expect([...company!.settings.missingSetup]).toEqual(['Marketing Setup']);
	});

	it.each([
		[{ 'bc-page-size': 'x' }, '--bc-page-size'],
		[{ 'bc-rate': '-1' }, '--bc-rate'],
		[{ 'bc-job-queue-ms': '1s' }, '--bc-job-queue-ms'],
		[{ 'bc-permission-texts': 'none' }, '--bc-permission-texts'],
		[{ 'bc-page': ['Nothing'] }, 'knows no page Nothing'],
	])('refuse %o', (wrong, text) => {
		expect(() => applyBusinessCentralSwitches(createSandbox(), { ...values, ...wrong })).toThrow(text);
	});
});

import { RELEASED_FIELDS } from '../../../engine/documents/orderLife/fields';
import { headerBack } from '../../../engine/documents/orderLife/headerBack';
import { type OrderFacts, progressOf } from '../../../engine/documents/orderLife/progress';
import { LIFE_TRANSITIONS } from '../../../engine/documents/orderLife/states';
import { toDocument } from '../../../engine/documents/kernel/salesDocument';

const row = (values: Record<string, unknown>) => ({ id: 'o', version: '1', modifiedAt: '', number: 'O1', name: 'Order', values }) as never;
const LOOKUPS = {
	countries: { codeOf: (text: string) => ({ germany: 'DE', de: 'DE', gb: 'GB' })[text.toLowerCase()] ?? null },
	paymentTerms: new Map([['1', 'aaaa']]),
	shipmentMethods: new Map([['2', 'bbbb']]),
	shippingAgents: new Map([['3', 'DHL']]),
} as never;

describe('What the header of a released order says in Business Central', () => {
	const crm = {
		totallineitemamount: 100,
		totalamountlessfreight: 90,
		discountpercentage: 10,
		shipto_line1: 'x'.repeat(120),
		shipto_country: 'Germany',
		paymenttermscode: 1,
		requestdeliveryby: '2026-04-01',
		datefulfilled: null,
	};
	const same = {
		shipToAddressLine1: 'X'.repeat(100),
		shipToCountry: 'DE',
		paymentTermsId: 'AAAA',
		requestedDeliveryDate: '2026-04-01',
		discountAmount: 10,
	};

	test('the same in other words is nothing to tell: a cut text, a country by name, a code in capitals, a discount by percentage', () => {
		expect(headerBack(toDocument(row(crm), {}), row(same), LOOKUPS, null)).toEqual({});
	});

	test('everything that differs is told, under the columns that the page names', () => {
		const other = {
			...Object.fromEntries(
				['shipTo', 'billTo'].flatMap((prefix) =>
					['Name', 'AddressLine1', 'AddressLine2', 'PostCode', 'City', 'State'].map((part) => [`${prefix}${part}`, `New ${part}`]),
				),
			),
			shipToCountry: 'GB',
			billToCountry: 'GB',
			paymentTermsId: 'aaaa',
			shipmentMethodId: 'bbbb',
			'salesDocuments/shippingAgentCode': 'DHL',
			requestedDeliveryDate: '0001-01-01',
			discountAmount: 25,
		};
		const told = headerBack(toDocument(row({ ...crm, paymenttermscode: null }), {}), row(other), LOOKUPS, '2026-05-02');
		expect(told).toMatchObject({
			paymenttermscode: 1,
			freighttermscode: 2,
			shippingmethodcode: 3,
			requestdeliveryby: null,
			datefulfilled: '2026-05-02',
			discountamount: 15,
			shipto_country: 'GB',
		});
		expect(Object.keys(told).sort()).toEqual(RELEASED_FIELDS.flatMap(({ crm: columns }) => columns.split(', ')).sort());
	});

	test('terms that nobody has coupled leave the column', () => {
		const unknown = { paymentTermsId: 'zzzz', shipmentMethodId: '', discountAmount: 10 };
		const told = headerBack(toDocument(row({ ...crm, shipto_line1: '', shipto_country: '', requestdeliveryby: null }), {}), row(unknown), LOOKUPS, null); // prettier-ignore
		expect(told).toEqual({});
	});
});

describe('How far an order has come', () => {
	const line = (quantity: number, shipped: number, invoiced: number, net = 100) => ({ sequence: 1, quantity, shipped, invoiced, net });
	const facts = (values: Partial<OrderFacts>): OrderFacts => ({
		number: 'S1',
		status: 'Draft',
		lines: [line(10, 0, 0)],
		posted: [],
		hasShipments: false,
		tracking: '',
		wasInvoiced: false,
		localCurrency: 'GBP',
		...values,
	});
	const invoice = (status: string, remaining: number, total = 100) => ({ number: 'I1', status, remaining, total, currency: 'EUR' });

	test.each<[string, Partial<OrderFacts>, string, number]>([
		['a draft', {}, 'draft', 10],
		['a draft in review', { status: 'In_x0020_Review' }, 'draft', 20],
		['released', { status: 'Open' }, 'released', 30],
		['shipped in part', { status: 'Open', lines: [line(10, 1, 0)] }, 'released', 40],
		['shipped', { status: 'Open', lines: [line(10, 10, 0)] }, 'released', 50],
		['DOC-40: invoiced in part', { status: 'Open', lines: [line(10, 10, 9)] }, 'released', 60],
		['DOC-40: one line of two not invoiced', { status: 'Open', lines: [line(10, 10, 10), line(1, 0, 0)] }, 'released', 60],
		['DOC-40: invoiced, and there still', { status: 'Open', lines: [line(10, 10, 10)] }, 'invoiced', 70],
		['gone, with an invoice', { status: null, lines: [], posted: [invoice('Open', 100)] }, 'posted', 70],
		['paid in part', { status: null, lines: [], posted: [invoice('Open', 40)] }, 'posted', 80],
		['one invoice of two paid', { status: null, lines: [], posted: [invoice('Paid', 0), invoice('Open', 100)] }, 'posted', 80],
		['paid', { status: null, lines: [], posted: [invoice('Paid', 0)] }, 'posted', 90],
		['cancelled', { status: null, lines: [], posted: [invoice('Canceled', 0)] }, 'posted', 95],
		['one cancelled, one paid', { status: null, lines: [], posted: [invoice('Canceled', 0), invoice('Paid', 0)] }, 'posted', 90],
		['DOC-41: gone, only shipments name it', { status: null, lines: [], hasShipments: true }, 'posted', 70],
		['DOC-42: gone without a trace', { status: null, lines: [] }, 'gone', 10],
		['gone, and known to have been invoiced', { status: null, lines: [], wasInvoiced: true }, 'posted', 70],
	])('%s', (_, values, state, status) => {
		expect(progressOf(facts(values))).toMatchObject({ state, status });
	});

	test('percentages are neither nothing nor everything as long as they are neither', () => {
		const text = (lines: OrderFacts['lines']): string => progressOf(facts({ status: 'Open', lines })).text;
		expect(text([line(1000, 1, 0)])).toBe('Business Central order S1 · released · 1 % shipped (0 of 1 line)');
		expect(text([line(1000, 999, 0)])).toBe('Business Central order S1 · released · 99 % shipped (0 of 1 line)');
	});

	test('every pair of states has its action', () => {
		const columns = ['draft', 'released', 'invoiced', 'posted', 'gone'];
		for (const byBc of Object.values(LIFE_TRANSITIONS)) expect(Object.keys(byBc)).toEqual(columns);
	});
});

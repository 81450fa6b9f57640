import { contentOf } from '../../../engine/documents/kernel/fingerprint';
import { externalNumber, isSameNumber, markerOf } from '../../../engine/documents/kernel/marker';
import { inOrder, toDocument, toLine } from '../../../engine/documents/kernel/salesDocument';
import { textLines } from '../../../engine/documents/kernel/textLines';
import { type BcState, bcStateOf, type CrmState, crmStateOf, ORDER_TRANSITIONS } from '../../../engine/documents/orderImport/states';
import type { FieldValue, SystemRecord } from '../../../engine/model/record';

const row = (values: Record<string, FieldValue>, change: Partial<SystemRecord> = {}): SystemRecord => ({
	id: 'o1',
	modifiedAt: '',
	version: 'W/"1"',
	number: 'ORD-1',
	name: 'Order',
	values,
	...change,
});
const order = (values: Record<string, FieldValue> = {}, change: Partial<SystemRecord> = {}) =>
	toDocument(row({ statecode: 1, ...values }, change), { handOver: 'lastbackofficesubmit' });

describe('DOC-10: the hand-over date counts by its day', () => {
	it.each<[FieldValue, CrmState]>([
		[null, 'eligible'],
		['', 'eligible'],
		['1900-01-01T00:00:00Z', 'eligible'],
		['1900-01-01T23:59:59Z', 'eligible'],
		['1899-12-31T23:59:59Z', 'stamped'],
		['1900-01-02T00:00:00Z', 'stamped'],
		['2026-03-07T12:00:00Z', 'stamped'],
	])('%s', (lastbackofficesubmit, expected) => expect(crmStateOf(order({ lastbackofficesubmit }))).toBe(expected));

	it.each([
		[0, 'active'],
		[2, 'canceled'],
		[3, 'fulfilled'],
		[4, 'invoiced'],
	])('DOC-11: state %i is %s, whatever its date', (statecode, expected) => expect(crmStateOf(order({ statecode }))).toBe(expected));
});

describe('every pair of states has an action', () => {
	const crm: CrmState[] = ['eligible', 'stamped', 'active', 'canceled', 'fulfilled', 'invoiced'];
	const businessCentral: BcState[] = ['none', 'unfinished', 'imported', 'posted', 'gone'];
	it('no order is created but from one that is submitted, and none twice', () => {
		const creating = crm.flatMap((one) =>
			businessCentral.flatMap((other) => (['import', 'again'].includes(ORDER_TRANSITIONS[one][other]) ? [`${one} ${other}`] : [])),
		);
		expect(creating).toEqual(['eligible none', 'eligible gone']);
		expect(crm.map((state) => Object.keys(ORDER_TRANSITIONS[state]))).toEqual(crm.map(() => businessCentral));
	});
	it('what is posted or without a partner is told apart', () => {
		const found = { exists: false, invoices: false };
		expect(bcStateOf(null, found)).toBe('none');
		expect(bcStateOf({ bcId: null } as never, found)).toBe('posted');
		expect(bcStateOf({ bcId: 'b', stage: 'open' } as never, { ...found, exists: true })).toBe('unfinished');
		expect(bcStateOf({ bcId: 'b', stage: 'handedOver' } as never, { ...found, exists: true })).toBe('imported');
		expect(bcStateOf({ bcId: 'b', stage: 'open' } as never, { ...found, invoices: true })).toBe('posted');
		expect(bcStateOf({ bcId: 'b', stage: 'open' } as never, found)).toBe('gone');
	});
});

describe('DOC-25: texts as lines', () => {
	it.each([
		['nothing', '  \n ', []],
		['one line', 'Deliver', ['Deliver']],
		['lines of their own, blank ones between them', 'One\r\n\r\nTwo', ['One', '', 'Two']],
		['exactly as long as fits', 'x'.repeat(100), ['x'.repeat(100)]],
	])('%s', (_what, text, expected) => expect(textLines(text)).toEqual(expected));

	it('nothing is lost, doubled or cut in half', () => {
		const long = `${'a'.repeat(99)}🚀${'b'.repeat(150)} end`;
		const lines = textLines(long);
		expect(lines.join('')).toBe(long);
		expect(lines.every((line) => line.length <= 100 && !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(line))).toBe(true);
	});
});

describe('DOC-17: numbers of documents', () => {
	it('the marker is the number in capitals, its end where it is too long', () => {
		expect(markerOf(' ord-01001-abc ')).toBe('ORD-01001-ABC');
		expect(markerOf(`${'0'.repeat(40)}-17`)).toBe(`${'0'.repeat(32)}-17`);
	});
	it('names are cut to 35 and put in capitals', () => {
		expect(externalNumber('  Purchase of many things in the spring ')).toBe('PURCHASE OF MANY THINGS IN THE SPRI');
		expect(isSameNumber('Purchase', ' PURCHASE')).toBe(true);
	});
});

describe('DOC-6: what a document holds', () => {
	const line = (values: Record<string, FieldValue>, id = 'l1', createdAt = '') => toLine(row(values, { id, createdAt }), 'salesorderid');
	const lines = [line({ sequencenumber: 1, quantity: 2, priceperunit: 5 })];
	it('does not change with the version, the state, the totals or the hand-over', () => {
		const other = order({ statecode: 0, totalamount: 99, lastbackofficesubmit: '2026-03-07T12:00:00Z' }, { version: 'W/"9"' });
		expect(contentOf(other, lines)).toBe(contentOf(order(), lines));
	});
	it.each([
		['a quantity', order(), [line({ sequencenumber: 1, quantity: 3, priceperunit: 5 })]],
		['a line', order(), []],
		['the freight', order({ freightamount: 4 }), lines],
		['the address', order({ shipto_city: 'Leeds' }), lines],
	])('changes with %s', (_what, document, below) => expect(contentOf(document, below)).not.toBe(contentOf(order(), lines)));
	it('DOC-22: lines stand by sequence, then line number, then age', () => {
		const [a, b, c, d] = [
			line({ sequencenumber: 2, lineitemnumber: 1 }, 'a'),
			line({ sequencenumber: 1, lineitemnumber: 2 }, 'b'),
			line({ sequencenumber: 1, lineitemnumber: 1 }, 'c', '2026-01-02'),
			line({ sequencenumber: 1, lineitemnumber: 1 }, 'd', '2026-01-01'),
		];
		expect(inOrder([a, b, c, d]).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
	});
});

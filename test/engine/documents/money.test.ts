import { Decimal } from '../../../engine/model/decimal';
import { crmAmounts, headerDiscount, type HeaderMoney, isCalculated } from '../../../engine/documents/kernel/money/crmAmounts';
import { type DiscountMethod, lineAmounts, type LineMoney, methodOf } from '../../../engine/documents/kernel/money/lineAmounts';
import { inWords, reconcile } from '../../../engine/documents/kernel/money/reconcile';
import { withoutVat } from '../../../engine/documents/kernel/money/withoutVat';

const line = (change: Partial<LineMoney> = {}): LineMoney => ({
	quantity: 3,
	price: 10,
	volumeDiscount: 0,
	manualDiscount: 0,
	tax: 0,
	extended: null,
	...change,
});
const net = (money: LineMoney, method: DiscountMethod = 'lineItem'): number => lineAmounts(money, method, 2).net.toNumber();
const dec = (value: number): Decimal => Decimal.of(value)!;

describe('DOC-100: money is reckoned in decimals, half away from zero', () => {
	it.each([
		['a half cent up', 1, 1.005, 1.01],
		['a product that binary fractions make too large', 3, 0.335, 1.01],
		['a negative one away from zero', -1, 1.005, -1.01],
		['large ones exactly', 1_000_000, 123_456.78, 123_456_780_000],
	])('%s', (_what, quantity, price, expected) => expect(net(line({ quantity, price }))).toBe(expected));

	it('sums and differences are exact', () => {
		expect(dec(0.1).plus(dec(0.2)).equals(dec(0.3))).toBe(true);
		expect(dec(0.3).minus(dec(0.1)).toNumber()).toBe(0.2);
		expect([dec(-2.5).magnitude.toNumber(), Decimal.orZero(null).toNumber(), Decimal.orZero('x').toNumber()]).toEqual([2.5, 0, 0]);
	});
});

describe('DOC-27: the discount of a line', () => {
	it('is quantity × volume discount and the manual discount', () =>
		expect(lineAmounts(line({ volumeDiscount: 1, manualDiscount: 2 }), 'lineItem', 2).discount.toNumber()).toBe(5));
	it('counts the manual discount for each unit where the organization says so', () =>
		expect(lineAmounts(line({ volumeDiscount: 1, manualDiscount: 2 }), 'perUnit', 2).discount.toNumber()).toBe(9));
	it('is none of a line without a quantity', () =>
		expect(lineAmounts(line({ quantity: 0, manualDiscount: 2 }), 'lineItem', 2).discount.toNumber()).toBe(0));
	it('is read from the extended amount where the organization says another way', () => {
		expect(methodOf(line({ manualDiscount: 2, extended: 24 }), 'lineItem', 2)).toBe('perUnit');
		expect(methodOf(line({ manualDiscount: 2, extended: 28 }), 'perUnit', 2)).toBe('lineItem');
		expect(methodOf(line({ manualDiscount: 2, tax: 4, extended: 32 }), 'lineItem', 2)).toBe('lineItem');
		expect(methodOf(line({ manualDiscount: 2, extended: 99 }), 'lineItem', 2)).toBeNull();
		expect(methodOf(line({ extended: null }), 'perUnit', 2)).toBe('perUnit');
	});
});

const header = (change: Partial<HeaderMoney> = {}): HeaderMoney => ({
	discountAmount: 0,
	discountPercent: 0,
	freight: 0,
	detail: 100,
	lessFreight: 100,
	tax: 0,
	total: 100,
	...change,
});

describe('DOC-30: the discount of the header', () => {
	it('is what lies between the lines and the amount less freight', () => {
		const given = header({ discountAmount: 5, discountPercent: 2, lessFreight: 93, freight: 8, total: 101 });
		expect(headerDiscount(given, dec(100), 2).toNumber()).toBe(7);
		expect(crmAmounts(given, dec(100), 2)).toEqual({ discount: 7, net: 101, tax: 0, total: 101 });
	});
	it('is none where neither amount nor percentage is entered, whatever the totals say', () =>
		expect(headerDiscount(header({ lessFreight: 90 }), dec(100), 2).toNumber()).toBe(0));
	it('is reckoned from what is entered where CRM calculates nothing', () => {
		const nothing = header({ discountAmount: 5, discountPercent: 2.5, detail: 0, lessFreight: 0, total: 0, freight: 1 });
		expect(isCalculated(nothing, dec(100))).toBe(false);
		expect(crmAmounts(nothing, dec(100), 2)).toEqual({ discount: 7.5, net: 93.5, tax: 0, total: 93.5 });
	});
});

describe('DOC-35: net amounts are compared, VAT is told', () => {
	const amounts = (n: number, discount = 0, tax = 0) => ({ discount, net: n, tax, total: n + tax });
	const compare = (crm: number, bc: number, change: object = {}) =>
		reconcile({ currency: 'GBP', crm: amounts(crm), businessCentral: amounts(bc, 0, 20), calculated: true, tolerance: 0.05, ...change });
	it('agree within the tolerance, and on its edge', () => {
		expect([compare(100, 100.05).status, compare(100, 99.95).status, compare(100, 100.06).status]).toEqual(['agree', 'agree', 'differ']);
	});
	it('differ when the header discount does, by whatever little', () =>
		expect(compare(100, 100, { businessCentral: amounts(100, 0.01) }).status).toBe('differ'));
	it('are not compared where CRM calculated none', () => expect(compare(0, 100, { calculated: false }).status).toBe('unchecked'));
	it('are told with both figures, the difference and a cause', () => {
		const found = compare(100, 90, { businessCentral: amounts(90, 10) });
		expect(inWords(found)).toBe(
			'CRM says 100.00 GBP without VAT, Business Central 90.00 GBP: 10.00 GBP apart (header discount 0.00 in CRM, 10.00 in Business Central)',
		);
		expect(found.causes).toEqual([expect.stringContaining('invoice discount')]);
		expect(compare(100, 90).causes).toEqual([expect.stringContaining('rounding')]);
	});
});

test('DOC-29: a price that includes VAT loses it to five places', () => {
	expect([withoutVat(120, 20), withoutVat(100, 19), withoutVat(10, 0)]).toEqual([100, 84.03361, 10]);
});

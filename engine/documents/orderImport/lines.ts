import { spelledCode } from '../../model/upperCase';
import { Decimal } from '../../model/decimal';
import type { FieldName, FieldValue } from '../../model/record';
import { type DiscountMethod, lineAmounts, methodOf } from '../kernel/money/lineAmounts';
import type { PlannedLine } from '../kernel/plannedDocument';
import type { SalesDocument, SalesLine } from '../kernel/salesDocument';
import { LINE_LENGTH, textLines } from '../kernel/textLines';
import {
	freightAccountMissing,
	freightAccountRefused,
	itemBlocked,
	lineName,
	orderDependency,
	pricingError,
	productNotActive,
	productType,
	unitUnclear,
	writeInMissing,
} from './orderErrors';
import type { OrderLookups, Product, SoldObject } from './orderLookups';
import { pricingErrorMeaning } from './pricingErrors';

const STEP = 10_000;
const BUNDLE = 2;
const PRODUCT_STATES: Readonly<Record<number, string>> = { 1: 'retired', 2: 'a draft', 3: 'under revision' };
const MAPPINGS = { 1: 'ITEM-PRODUCT', 3: 'RESOURCE-PRODUCT' } as const;
const UNITS = { Item: 'ITEM UOM', Resource: 'RESOURCE UOM' } as const;

export interface PlannedLines {
	lines: PlannedLine[];
	/** Lines less their discounts, freight not included. */
	net: Decimal;
}

/**
 * The lines of an order in Business Central: those of CRM in their order, each with the lines of its further text, and freight at the end. Pure.
 * @param lines in order
 * @throws SyncError (data) naming the line that cannot be sold; the whole order fails then
 */
export function plannedLines(order: SalesDocument, lines: readonly SalesLine[], lookups: OrderLookups, places: number): PlannedLines {
	const planned: PlannedLine[] = [];
	let net = Decimal.ZERO;
	const add = (line: Omit<PlannedLine, 'sequence' | 'properties'>, properties: Record<FieldName, FieldValue>): void => {
		const sequence = (planned.length + 1) * STEP;
		planned.push({ ...line, sequence, properties: { sequence, ...properties } });
	};
	for (const line of lines) {
		if (isPassedOver(order, line, lines)) continue;
		const { object, name } = soldBy(order, line, lookups);
		requirePriced(order, line, name);
		const amounts = lineAmounts(line.money, howDiscounted(order, line, lookups.discounts, { places, name }), places);
		net = net.plus(amounts.net);
		const further = texts(line, object);
		const gross = 'priceIncludesVat' in object && object.priceIncludesVat && line.money.price !== 0;
		add(
			{
				kind: 'line',
				crmId: line.id,
				...(gross ? { grossPrice: line.money.price } : {}),
				...('assembles' in object && object.assembles && line.money.quantity !== 0 ? { assembles: true as const } : {}),
			},
			{
				lineType: object.lineType,
				lineObjectNumber: object.number,
				...(further.own === null ? {} : { description: further.own }),
				...unit(order, line, object, lookups),
				quantity: line.money.quantity,
				// Always, and after the quantity: otherwise the item's own price and the customer's own discount would stay.
				unitPrice: line.money.price,
				discountAmount: amounts.discount.toNumber(),
			},
		);
		for (const description of further.rest) add({ kind: 'text', crmId: line.id }, { lineType: 'Comment', description });
	}
	const freight = freightLine(order, lookups);
	if (freight) add({ kind: 'freight', crmId: null }, freight);
	return { lines: planned, net };
}

/** A bundle's parts are lines of their own; the row of the bundle sells nothing, unless it carries the price. */
function isPassedOver(order: SalesDocument, line: SalesLine, all: readonly SalesLine[]): boolean {
	if (line.kind !== BUNDLE) return false;
	const hasParts = all.some(({ bundleId }) => bundleId === line.id);
	const isFree = line.money.price === 0 || (line.money.extended ?? 0) === 0;
	if (hasParts && isFree) return true;
	const why = hasParts ? 'is a bundle with a price of its own' : 'is a bundle whose parts are not in the order';
	throw productType(order, lineName(line.sequence, line.text), why);
}

type Sold = SoldObject | NonNullable<OrderLookups['writeIn']>;

function soldBy(order: SalesDocument, line: SalesLine, lookups: OrderLookups): { object: Sold; name: string } {
	if (line.productId === null) {
		const name = lineName(line.sequence, line.text.slice(0, 50));
		if (!lookups.writeIn) throw writeInMissing(order, name);
		return { object: lookups.writeIn, name };
	}
	const product = lookups.products.get(line.productId);
	const name = lineName(line.sequence, product ? [product.number, product.name].filter(Boolean).join(' ') : line.text);
	if (!product) throw orderDependency(order, `the product of ${name}`, 'ITEM-PRODUCT');
	return { object: objectOf(order, name, product), name };
}

function objectOf(order: SalesDocument, name: string, { type, state, object }: Product): SoldObject {
	const mapping = type === 1 || type === 3 ? MAPPINGS[type] : null;
	if (mapping === null) throw productType(order, name, 'is neither of the type Sales Inventory nor Services');
	if (state !== 0) throw productNotActive(order, name, PRODUCT_STATES[Number(state)] ?? 'not active');
	if (!object) throw orderDependency(order, `the product of ${name}`, mapping);
	if (object.blocked) throw itemBlocked(order, name, object.number);
	return object;
}

function requirePriced(order: SalesDocument, line: SalesLine, name: string): void {
	if (line.pricingError !== 0) throw pricingError(order, name, pricingErrorMeaning(line.pricingError));
}

function howDiscounted(
	order: SalesDocument,
	{ money }: SalesLine,
	says: DiscountMethod,
	{ places, name }: { places: number; name: string },
): DiscountMethod {
	const method = methodOf(money, says, places);
	if (method === null) throw pricingError(order, name, 'quantity, price and discounts do not come to its extended amount');
	return method;
}

/**
 * The description of the line, and what goes to lines of text below it. A write-in begins with its text; an item or resource keeps its own description, and
 * another text follows as a whole.
 */
function texts({ text, isWriteIn, productId }: SalesLine, object: Sold): { own: string | null; rest: string[] } {
	const [first, ...rest] = textLines(text, LINE_LENGTH);
	if (first === undefined) return { own: null, rest: [] };
	if (isWriteIn || productId === null) return { own: first, rest };
	const isName = 'name' in object && object.name.trim().toLowerCase() === text.trim().toLowerCase();
	return { own: null, rest: isName ? [] : [first, ...rest] };
}

/** The unit is sent, so that nobody has to guess which one Business Central would take. */
function unit(order: SalesDocument, line: SalesLine, object: Sold, { settings, units }: OrderLookups): Record<FieldName, FieldValue> {
	if (line.unitId === null || !('baseUnit' in object)) return {};
	const known = units.get(line.unitId);
	const name = lineName(line.sequence, object.number);
	if (settings.unitGroups) {
		if (!known?.coupled || spelledCode(known.coupled.owner) !== spelledCode(object.number))
			throw orderDependency(order, `the unit ${known?.name ?? ''} of ${name}`, UNITS[object.lineType]);
		return { unitOfMeasureCode: known.coupled.code };
	}
	if (object.baseUnit === '') return {};
	if (spelledCode(known?.name) !== spelledCode(object.baseUnit)) throw unitUnclear(order, name, known?.name ?? '', object.baseUnit);
	return { unitOfMeasureCode: object.baseUnit };
}

function freightLine(order: SalesDocument, { settings, freightProblem }: OrderLookups): Record<FieldName, FieldValue> | null {
	const { freight } = order.money;
	if (freight <= 0) return null;
	const account = settings.freightAccount;
	if (account === '') throw freightAccountMissing(order);
	if (freightProblem !== null) throw freightAccountRefused(order, account, freightProblem);
	return {
		lineType: 'Account',
		lineObjectNumber: account,
		description: 'Freight Amount',
		quantity: 1,
		unitPrice: freight,
		discountAmount: 0,
	};
}

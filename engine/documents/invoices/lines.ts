import { cutText } from '../../model/cutText';
import { Decimal } from '../../model/decimal';
import type { FieldName, FieldValue, LookupValue } from '../../model/record';
import { spelledCode } from '../../model/upperCase';
import { withoutVat } from '../kernel/money/withoutVat';
import { address, DESCRIPTION_LENGTH } from './header';
import { lineId } from './ids';
import { dependency, itemBlocked, lineName, productNotActive } from './invoiceErrors';
import type { InvoiceLookups, Sold } from './invoiceLookups';
import type { ListPrice, PlannedInvoiceLine } from './invoiceWork';
import type { InvoiceLine, PostedInvoice } from './postedInvoice';
import { unitKey } from './soldObjects';

const ACTIVE = 0;
const UNDER_REVISION = 3;
const STATE_NAMES: Readonly<Record<number, string>> = { 1: 'retired', 2: 'a draft' };
const MAPPINGS = { item: 'ITEM-PRODUCT', resource: 'RESOURCE-PRODUCT' } as const;
const UNIT_MAPPINGS = { item: 'ITEM UOM', resource: 'RESOURCE UOM' } as const;
/** Characters of a product description that every organization takes. */
const WRITE_IN_LENGTH = 250;

export interface PlannedLines {
	lines: PlannedInvoiceLine[];
	prices: ListPrice[];
	/** Comments before the first line. */
	comments: string[];
	/** What prices lose by the digits that CRM keeps. */
	lost: Decimal;
}

interface Of {
	companyId: string;
	invoice: PostedInvoice;
	lookups: InvoiceLookups;
	/** Digits of the currency. */
	places: number;
}

/**
 * The lines of an invoice in CRM, in order. Pure.
 * @throws SyncError (data) naming the line; nothing is created then
 */
export function plannedLines(of: Of, lines: readonly InvoiceLine[]): PlannedLines {
	const planned: Array<{ line: InvoiceLine; values: Record<FieldName, FieldValue | LookupValue>; texts: string[] }> = [];
	const prices: ListPrice[] = [];
	const comments: string[] = [];
	let lost = Decimal.ZERO;
	for (const line of lines) {
		if (line.kind === 'comment' && of.lookups.comments !== 'writeIn') {
			if (line.text !== '' && of.lookups.comments === 'text') (planned.at(-1)?.texts ?? comments).push(line.text);
			continue;
		}
		const money = moneyOf(of, line);
		const what = sells(of, line);
		lost = lost.plus(money.lost);
		planned.push({ line, values: { ...what, ...money.values, ...common(of, line) }, texts: [] });
		if ('productid' in what && money.price > 0)
			prices.push({ productId: what['productid'].id, unitId: what['uomid'].id, amount: money.price });
	}
	const ready = planned.map(({ line, values, texts }): PlannedInvoiceLine => ({
		id: lineId(of.companyId, of.invoice.id, line.sequence),
		values: texts.length === 0 ? values : { ...values, description: cutText(texts.join('\n'), DESCRIPTION_LENGTH) },
	}));
	return { lines: ready, prices, comments, lost };
}

function common({ invoice }: Of, line: InvoiceLine): Record<FieldName, FieldValue | LookupValue> {
	return {
		lineitemnumber: line.sequence,
		quantity: line.quantity,
		ispriceoverridden: true,
		tax: Decimal.orZero(line.gross).minus(Decimal.orZero(line.net)).toNumber(),
		...(line.shipmentDate === null ? {} : { actualdeliveryon: `${line.shipmentDate}T12:00:00Z` }),
		...address('shipto', invoice.shipTo),
	};
}

/** Price and discount of a line without VAT: (net + line discount) ÷ quantity, to the digits that CRM keeps. */
function moneyOf({ invoice, lookups, places }: Of, line: InvoiceLine) {
	const { pricePlaces, discounts } = lookups;
	const quantity = Decimal.orZero(line.quantity);
	if (quantity.sign === 0) return { values: { priceperunit: 0, manualdiscountamount: 0 }, price: 0, lost: Decimal.ZERO };
	const discount = Decimal.orZero(invoice.pricesIncludeVat ? withoutVat(line.lineDiscount, line.vatPercent) : line.lineDiscount).rounded(
		places,
	);
	const gross = Decimal.orZero(line.lineNet).plus(discount);
	const price = gross.dividedBy(quantity, pricePlaces) ?? Decimal.ZERO;
	const manual = discounts === 'perUnit' ? (discount.dividedBy(quantity, pricePlaces) ?? Decimal.ZERO) : discount;
	const counted = discounts === 'perUnit' ? manual.times(quantity).rounded(places) : manual;
	const lost = gross.minus(discount).minus(price.times(quantity).rounded(places).minus(counted));
	return { values: { priceperunit: price.toNumber(), manualdiscountamount: manual.toNumber() }, price: price.toNumber(), lost };
}

type OfProduct = { productid: LookupValue; uomid: LookupValue; isproductoverridden: false };
type OfText = { isproductoverridden: true; productdescription: string };

function sells(of: Of, line: InvoiceLine): OfProduct | OfText {
	const writeIn: OfText = {
		isproductoverridden: true,
		productdescription: cutText(line.text, WRITE_IN_LENGTH) || line.number || lineName(line.sequence, ''),
	};
	if (line.kind !== 'item' && line.kind !== 'resource') return writeIn;
	const { settings, items, resources } = of.lookups;
	const number = spelledCode(line.number);
	if (number === spelledCode(line.kind === 'item' ? settings.writeInItem : settings.writeInResource)) return writeIn;
	const sold = line.kind === 'item' ? items.get(line.itemId ?? '') : resources.get(number);
	const product = productOf(of, line, sold);
	return {
		productid: { table: 'product', id: product.id },
		uomid: { table: 'uom', id: unitOf(of, line, product) },
		isproductoverridden: false,
	};
}

function productOf({ invoice }: Of, line: InvoiceLine, sold: Sold | undefined): NonNullable<Sold['product']> {
	const name = lineName(line.sequence, line.number);
	const kind = line.kind === 'resource' ? 'resource' : 'item';
	if (!sold?.product) {
		if (sold?.blocked) throw itemBlocked(invoice, name);
		throw dependency(invoice, `the ${kind} of ${name}`, MAPPINGS[kind]);
	}
	const { state } = sold.product;
	if (state !== ACTIVE && state !== UNDER_REVISION) throw productNotActive(invoice, name, STATE_NAMES[state] ?? 'not active');
	return sold.product;
}

/** With unit groups the unit that is coupled with that of the line; without them the product's own. */
function unitOf({ invoice, lookups }: Of, line: InvoiceLine, { defaultUnitId }: NonNullable<Sold['product']>): string {
	const kind = line.kind === 'resource' ? 'resource' : 'item';
	const missing = () => dependency(invoice, `the unit ${line.unit} of ${lineName(line.sequence, line.number)}`, UNIT_MAPPINGS[kind]);
	if (lookups.settings.unitGroups && line.unit !== '') {
		const unit = lookups.units.get(`${kind} ${unitKey(line)}`);
		if (unit === undefined) throw missing();
		return unit;
	}
	if (defaultUnitId === null) throw missing();
	return defaultUnitId;
}

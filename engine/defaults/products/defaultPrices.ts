import type { Decimal } from '../../model/decimal';
import { SyncError } from '../../model/errors';
import type { SyncSession } from '../../ports/session';
import type { RuleContext } from '../../mapping/rules';
import { fixedId } from '../fixedId';
import { defaultPriceList } from './defaultPriceList';
import type { TableSource } from '../../model/record';
import type { WriteOperation } from '../../ports/write';

const PRICE: TableSource = { name: 'productpricelevel', numberField: null, nameField: 'productnumber' };
/** Dataverse choice productpricelevel.pricingmethodcode: the plain amount. */
const CURRENCY_AMOUNT = 1;

/** What a product costs in one of its units, in local currency. */
export interface UnitPrice {
	product: string;
	/** Number or name of the product, for messages. */
	label: string;
	unit: string;
	amount: Decimal;
}

/**
 * Keeps the default price list: one price list item for each product and unit, also at a price of 0; other price lists are left alone.
 * Writes differences only, or only what is `missing`, and answers errors by product.
 */
export async function keepDefaultPrices(
	context: RuleContext,
	prices: readonly UnitPrice[],
	which: 'all' | 'missing' = 'all',
): Promise<Map<string, SyncError>> {
	if (prices.length === 0) return new Map();
	const { session } = context;
	const list = await defaultPriceList(context);
	const decimals = await pricingDecimals(session);
	const rounded = ({ amount }: UnitPrice): number => amount.rounded(decimals).toNumber();
	const key = (product: unknown, unit: unknown): string => `${String(product)} ${String(unit)}`;
	const fields = ['productid', 'uomid', 'amount'];
	const products = [...new Set(prices.map(({ product }) => product))];
	const existing = await session.crm.readByValues(PRICE, 'productid', products, fields, `_pricelevelid_value eq ${list}`);
	const known = new Map(existing.map((price) => [key(price.values['productid'], price.values['uomid']), price]));
	const writes = prices.flatMap((price): Array<{ price: UnitPrice; operation: WriteOperation }> => {
		const { product, unit } = price;
		const there = known.get(key(product, unit));
		const amount = rounded(price);
		if (there && which === 'missing') return [];
		if (there && Number(there.values['amount'] ?? NaN) === amount) return [];
		if (there) return [{ price, operation: { kind: 'update', id: there.id, version: there.version, number: '', values: { amount } } }];
		const values = {
			pricelevelid: { table: 'pricelevel', id: list },
			productid: { table: 'product', id: product },
			uomid: { table: 'uom', id: unit },
			pricingmethodcode: CURRENCY_AMOUNT,
			amount,
		};
		return [{ price, operation: { kind: 'insert', id: fixedId(list, product, unit), values } }];
	});
	tellZeros(
		context,
		writes.flatMap(({ price }) => (price.amount.sign !== 0 && rounded(price) === 0 ? [price] : [])),
	);
	const outcomes = await session.crm.write(
		PRICE,
		writes.map(({ operation }) => operation),
	);
	const errors = new Map<string, SyncError>();
	outcomes.forEach((outcome, index) => {
		const { product } = writes[index]!.price;
		if (outcome.status === 'failed' || outcome.status === 'unknown') errors.set(product, outcome.error);
		else if (outcome.status === 'stale' || outcome.status === 'missing') errors.set(product, priceChanging());
	});
	return errors;
}

/** Prices that CRM has no digits for, and that are 0 there. */
function tellZeros({ recorder }: RuleContext, prices: readonly UnitPrice[]): void {
	if (!recorder || prices.length === 0) return;
	const named = prices.slice(0, NAMED).map(({ label, amount }) => `${label} (${amount.toNumber()} becomes 0)`);
	const more = prices.length > NAMED ? ` and ${prices.length - NAMED} more` : '';
	recorder.warn(`CRM keeps too few digits of prices, so in the default price list these cost nothing: ${named.join(', ')}${more}.`, {
		code: 'CUT_TO_ZERO',
		hint: 'Raise the pricing decimal precision of the organization in Dataverse, or let the price be for a larger unit.',
	});
}

/** Prices that a warning names. */
const NAMED = 20;

/** Digits that Dataverse keeps of prices. */
async function pricingDecimals(session: SyncSession): Promise<number> {
	const known = decimals.get(session);
	if (known !== undefined) return known;
	const [row] = await session.crm.readAll('organization', ['pricingdecimalprecision']);
	const value = row?.['pricingdecimalprecision'];
	const digits = typeof value === 'number' ? value : 2;
	decimals.set(session, digits);
	return digits;
}

const decimals = new WeakMap<SyncSession, number>();

const priceChanging = (): SyncError =>
	new SyncError({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: 'crm',
		table: 'productpricelevel',
		message: 'The price of the product in the default price list was changed by somebody else at the same moment.',
		hint: 'Nothing to do: the next run tries again.',
	});

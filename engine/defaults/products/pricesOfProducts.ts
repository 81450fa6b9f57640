import type { Decimal } from '../../model/decimal';
import type { SyncError } from '../../model/errors';
import type { RuleContext, WrittenPair } from '../../mapping/rules';
import { absoluteQuantity, type UnitRow, unitsOfGroups } from '../units/unitRows';
import { defaultPriceList } from './defaultPriceList';
import { keepDefaultPrices, type UnitPrice } from './defaultPrices';
import { PRODUCT } from './priceOfUnits';
import { amountIn, amountOf } from './unitAmounts';
import type { SystemRecord } from '../../model/record';
import type { ProductKind } from './productKind';

/** What products cost in their default unit, and with unit groups in every other unit of the item. */
export async function pricesOf(
	{ session, settings }: RuleContext,
	kind: ProductKind,
	products: readonly SystemRecord[],
): Promise<UnitPrice[]> {
	const groupOf = ({ values }: SystemRecord): string => String(values['defaultuomscheduleid'] ?? '');
	const units = await unitsOfGroups(session, settings.unitGroups ? products.map(groupOf) : []);
	const ids = [...units.values()].flat().map(({ id }) => id);
	const coupled = ids.length === 0 ? new Map() : await session.store.couplingsOf(kind.units, 'crm', ids);
	return products.flatMap((product) => {
		const { id, values } = product;
		const price = amountOf(values['price']);
		const label = product.number || product.name;
		const all = units.get(groupOf(product)) ?? [];
		const base = all.find((unit) => unit.id === values['defaultuomid']);
		const perBase = base ? absoluteQuantity(base, all) : 1;
		const amount = (unit: UnitRow): Decimal => amountIn(price, absoluteQuantity(unit, all), perBase);
		const others = all.filter((unit) => coupled.has(unit.id) && unit.id !== values['defaultuomid']);
		const own = typeof values['defaultuomid'] === 'string' ? [{ product: id, label, unit: values['defaultuomid'], amount: price }] : [];
		return [...own, ...others.map((unit) => ({ product: id, label, unit: unit.id, amount: amount(unit) }))];
	});
}

/**
 * A product that became an item has its prices in the default price list like any other, and the list itself where it had none; prices that are
 * there already are left alone. Errors by product.
 */
export async function addMissingPrices(
	context: RuleContext,
	kind: ProductKind,
	pairs: readonly WrittenPair[],
): Promise<Map<string, SyncError>> {
	const products = pairs.map(({ source }) => source);
	const errors = await keepDefaultPrices(context, await pricesOf(context, kind, products), 'missing');
	const open = pairs.filter(({ source: { id, values } }) => values['pricelevelid'] === null && !errors.has(id));
	if (open.length === 0) return errors;
	const pricelevelid = { table: 'pricelevel', id: await defaultPriceList(context) };
	const outcomes = await context.session.crm.write(
		PRODUCT,
		open.map(({ source: { id, version } }) => ({ kind: 'update' as const, id, version, number: '', values: { pricelevelid } })),
	);
	// One that was changed or deleted meanwhile is looked at again anyway.
	outcomes.forEach((outcome, index) => {
		const pair = open[index]!;
		if (outcome.status === 'written') pair.sourceAfter = { ...outcome.record, values: { ...pair.source.values, ...outcome.record.values } };
		else if (outcome.status === 'failed' || outcome.status === 'unknown') errors.set(pair.source.id, outcome.error);
	});
	return errors;
}

import type { SyncError } from '../../model/errors';
import { compositeId } from '../../model/compositeId';
import type { MappingRules, RuleContext } from '../../mapping/rules';
import { codeOf } from '../units/unitRows';
import { keepDefaultPrices, type UnitPrice } from './defaultPrices';
import { amountOf } from './unitAmounts';
import type { SystemRecord, TableSource } from '../../model/record';
import type { OwnedUnits } from '../units/ownedUnitsKind';

export const PRODUCT: TableSource = { name: 'product', numberField: 'productnumber', nameField: 'name' };

/**
 * A new or changed unit of an item that has a product gets its price in the default price list: the product's price times the quantity.
 */
export const priceOfUnits =
	(kind: OwnedUnits): NonNullable<MappingRules['afterWrite']> =>
	async (context, pairs) => {
		const numberOf = (source: SystemRecord): string => codeOf(source.values[kind.ownerField]);
		const products = await productsOf(context, kind, [...new Set(pairs.map(({ source }) => numberOf(source)))]);
		const prices = pairs.flatMap(({ source, target }): Array<UnitPrice & { source: string }> => {
			const product = products.get(numberOf(source));
			if (!product) return [];
			const amount = amountOf(product.values['price']).times(amountOf(source.values['Qty_per_Unit_of_Measure'] ?? 1));
			return [{ source: source.id, product: product.id, label: product.number || product.name, unit: target.id, amount }];
		});
		const errors = await keepDefaultPrices(context, prices);
		return new Map(
			prices.flatMap(({ source, product }): Array<[string, SyncError]> => {
				const error = errors.get(product);
				return error ? [[source, error]] : [];
			}),
		);
	};

/** Products coupled with items or resources, by their number. */
async function productsOf(context: RuleContext, kind: OwnedUnits, numbers: readonly string[]): Promise<Map<string, SystemRecord>> {
	const { session, references, mappings } = context;
	const bc = mappings.get(kind.products)?.bc;
	if (!bc || (await session.store.countCouplings(kind.products)) === 0) return new Map();
	const ids = new Map<string, string>();
	if (bc.page) for (const number of numbers) ids.set(number, compositeId([number]));
	else
		for (const { number, id } of await session.businessCentral.readByValues(bc, bc.numberField!, numbers, [])) ids.set(codeOf(number), id);
	const rows = await references.coupledRows(kind.products, ids.values());
	const products = await session.crm.readByIds(PRODUCT, [...rows.values()], ['price']);
	return new Map(
		[...ids].flatMap(([number, id]): Array<[string, SystemRecord]> => {
			const product = products.get(rows.get(id) ?? '');
			return product ? [[number, product]] : [];
		}),
	);
}

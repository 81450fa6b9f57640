import type { WrittenPair } from '../../mapping/rules';
import { isGroupName } from '../units/groupNames';
import { absoluteQuantity, type UnitRow } from '../units/unitRows';
import type { SystemRecord } from '../../model/record';

/** An item or resource made from a product, with its unit group on both sides. */
export interface Owned {
	pair: WrittenPair;
	number: string;
	/** Record of Business Central's unit groups. */
	group: SystemRecord;
	/** Id of the product's unit group. */
	row: string;
}

/** How many default units of the product a unit is. */
export function quantityOf(unit: UnitRow, units: readonly UnitRow[], { pair }: Owned): number {
	const base = units.find(({ id }) => id === pair.source.values['defaultuomid']);
	return absoluteQuantity(unit, units) / (base ? absoluteQuantity(base, units) : 1);
}

/** Units with codes: the base unit that bears its group's name is none. */
export const ownUnits = (rows: ReadonlyMap<string, UnitRow[]>, { row }: Owned): UnitRow[] =>
	(rows.get(row) ?? []).filter(({ name }) => !isGroupName(name));

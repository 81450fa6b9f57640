import { inDependencyOrder } from '../../defaults/catalog';
import type { TableMapping } from '../../model/tableMapping';

/**
 * These come first, in this order, because others refer to them; then the rest. A name stands for all mappings whose name begins with it.
 */
const FIRST = [
	'SALESPEOPLE',
	'CURRENCY',
	'UNIT GROUP',
	'UNIT OF MEASURE',
	'ITEM UOM',
	'RESOURCE UOM',
	'CUSTOMER',
	'VENDOR',
	'CONTACT',
	'ITEM-',
	'RESOURCE-',
];

/** The order in which the changes of all mappings are synchronized: the usual one, as far as dependencies allow. */
export function inRunOrder(mappings: readonly TableMapping[]): TableMapping[] {
	const rank = ({ name }: TableMapping): number => {
		const index = FIRST.findIndex((first) => name.startsWith(first));
		return index < 0 ? FIRST.length : index;
	};
	return inDependencyOrder([...mappings].sort((a, b) => rank(a) - rank(b)));
}

import { currency } from './currency';
import { customers } from './customers';
import { documents, lines } from './documents';
import { activities } from './activities';
import { addresses, addressOwners } from './addresses';
import { discounts } from './discounts';
import { lineStates } from './lineStates';
import { names } from './names';
import { serviceEndpoints } from './serviceEndpoints';
import { notes } from './notes';
import { owner } from './owner';
import { priceLists } from './priceLists';
import { documentTotals, linePrices } from './pricing';
import { products } from './products';
import type { Rules } from './rule';
import { states } from './states';
import { units } from './units';

/** In the order in which they run. */
export const allRules: Rules[] = [
	states,
	documents,
	lines,
	units,
	products,
	priceLists,
	notes,
	activities,
	addresses,
	discounts,
	serviceEndpoints,
	owner,
	customers,
	names,
	linePrices,
	documentTotals,
	lineStates,
	currency,
	addressOwners,
];

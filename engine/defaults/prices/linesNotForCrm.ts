import { compositeId } from '../../model/compositeId';
import type { RuleContext } from '../../mapping/rules';
import { codeOf } from '../units/unitRows';
import { isForCrm } from './listsNotForCrm';
import type { SystemRecord } from '../../model/record';

const LISTS = 'PLHEADER-PRICE';

/**
 * The page of lines shows those of all lists: of purchases and of projects, too, and of lists that are not to be coupled. Lines of a list that
 * could be coupled, but is not, are told as missing it.
 */
export async function linesNotForCrm(
	{ session, settings, mappings, references }: RuleContext,
	lines: readonly SystemRecord[],
): Promise<Set<string>> {
	const listOf = ({ values }: SystemRecord): string => codeOf(values['Price_List_Code']);
	const bc = mappings.get(LISTS)?.bc;
	const codes = [...new Set(lines.map(listOf))];
	if (!bc || codes.length === 0) return new Set();
	const coupled = await references.rowsOfKeys(
		LISTS,
		codes.map((code) => compositeId([code])),
	);
	const open = codes.filter((code) => !coupled.has(compositeId([code])));
	if (open.length === 0) return new Set();
	const lists = await session.businessCentral.readByValues(bc, bc.numberField!, open, ['Status', 'AmountType', 'AllowUpdatingDefaults']);
	const couplable = new Set(lists.filter((list) => isForCrm(list, settings)).map(({ number }) => codeOf(number)));
	return new Set(lines.filter((line) => open.includes(listOf(line)) && !couplable.has(listOf(line))).map(({ id }) => id));
}

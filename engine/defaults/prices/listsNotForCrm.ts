import type { CompanySettings } from '../../model/companySettings';
import type { RuleContext } from '../../mapping/rules';
import type { SystemRecord } from '../../model/record';

/**
 * Price lists that are not to be coupled: drafts, lists of discounts, and lists that allow updating defaults unless one of them is the
 * default. The kind of amount is shown by the page, which cannot be asked for it.
 */
export const isForCrm = ({ values }: SystemRecord, { defaultPriceListCode }: CompanySettings): boolean =>
	values['Status'] !== 'Draft' &&
	!['Any', 'Discount'].includes(String(values['AmountType'] ?? '')) &&
	values['AllowUpdatingDefaults'] === (defaultPriceListCode !== '');

/** Lists that are coupled already stay with us whatever happens to them, for instance a draft while somebody corrects it. */
export async function listsNotForCrm({ session, settings, mapping }: RuleContext, lists: readonly SystemRecord[]): Promise<Set<string>> {
	const unfit = lists.filter((list) => !isForCrm(list, settings));
	const coupled = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		unfit.map(({ id }) => id),
	);
	return new Set(unfit.filter(({ id }) => !coupled.has(id)).map(({ id }) => id));
}

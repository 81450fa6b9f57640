import { SyncError } from '../../../errors';
import type { SystemRecord, WriteOperation } from '../../../systems/system';
import type { RuleContext, WriteValues, WrittenPair } from '../../rules';
import { defaultPriceList } from './defaultPriceList';
import { keepDefaultPrices } from './defaultPrices';
import { pricesOf } from './pricesOfProducts';
import { PRODUCT } from './priceOfUnits';
import type { ProductKind } from './productRules';
import { PRODUCT_STATE, PRODUCT_STATUS } from './states';

/**
 * After a product was written: its prices in the default price list, and, while it is a draft, its publication (default mappings, ITEM-PRODUCT).
 * Everything is compared first, so that going through it again after a crash changes nothing. Errors by source id.
 */
export async function publishAndPrice(
	context: RuleContext,
	kind: ProductKind,
	pairs: readonly WrittenPair[],
): Promise<Map<string, SyncError>> {
	const errors = new Map<string, SyncError>();
	const tell = (of: readonly WrittenPair[], error: SyncError): void => of.forEach(({ source }) => errors.set(source.id, error));
	try {
		const prices = await pricesOf(
			context,
			kind,
			pairs.map(({ target }) => target),
		);
		const failed = await keepDefaultPrices(context, prices);
		for (const pair of pairs) if (failed.has(pair.target.id)) tell([pair], failed.get(pair.target.id)!);
		await publish(
			context,
			kind,
			pairs.filter(({ source, target }) => !errors.has(source.id) && isDraft(target)),
			tell,
		);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'setup') throw error;
		tell(pairs, error);
	}
	return errors;
}

const isDraft = ({ values }: SystemRecord): boolean => values['statecode'] === PRODUCT_STATE.draft;

/** Draft → active; the product of a blocked item goes on to retired, which a draft cannot become at once. */
async function publish(
	context: RuleContext,
	kind: ProductKind,
	drafts: readonly WrittenPair[],
	tell: (of: readonly WrittenPair[], error: SyncError) => void,
): Promise<void> {
	if (drafts.length === 0) return;
	const list = await defaultPriceList(context);
	const published = await change(context, drafts, () => ({ ...stateOf('active'), pricelevelid: { table: 'pricelevel', id: list } }), tell);
	const blocked = published.filter(({ source }) => source.values[kind.blocked] === true);
	if (blocked.length > 0) await change(context, blocked, () => stateOf('retired'), tell);
}

const stateOf = (name: 'active' | 'retired'): WriteValues => ({
	statecode: PRODUCT_STATE[name],
	statuscode: PRODUCT_STATUS[PRODUCT_STATE[name]],
});

/** Updates the products; answers the pairs that were updated, with what they are `after`. */
async function change(
	{ session }: RuleContext,
	pairs: readonly WrittenPair[],
	values: (pair: WrittenPair) => WriteValues,
	tell: (of: readonly WrittenPair[], error: SyncError) => void,
): Promise<WrittenPair[]> {
	const operations = pairs.map((pair): WriteOperation => {
		const { id, version } = pair.after ?? pair.target;
		return { kind: 'update', id, version, number: '', values: values(pair) };
	});
	const outcomes = await session.crm.write(PRODUCT, operations);
	return pairs.filter((pair, index) => {
		const outcome = outcomes[index]!;
		if (outcome.status === 'written') {
			pair.after = { ...outcome.record, values: { ...pair.target.values, ...pair.after?.values, ...outcome.record.values } };
			return true;
		}
		tell([pair], outcome.status === 'failed' || outcome.status === 'unknown' ? outcome.error : changedMeanwhile());
		return false;
	});
}

const changedMeanwhile = (): SyncError =>
	new SyncError({
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: 'crm',
		table: 'product',
		message: 'The product was changed by somebody else before it could be published.',
		hint: 'Nothing to do: the next run tries again.',
	});

import { SyncError } from '../../model/errors';
import type { RuleContext, WriteValues, WrittenPair } from '../../mapping/rules';
import { defaultPriceList } from './defaultPriceList';
import { keepDefaultPrices } from './defaultPrices';
import { pricesOf } from './pricesOfProducts';
import { PRODUCT } from './priceOfUnits';
import { PRODUCT_STATE, PRODUCT_STATUS } from './states';
import type { SystemRecord } from '../../model/record';
import type { WriteOperation } from '../../ports/write';
import type { ProductKind } from './productKind';

/**
 * After a product was written: its prices in the default price list, its publication while it is a draft,
 * and the default price list itself where it has none.
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
			pairs.filter(({ source, target }) => !errors.has(source.id) && (isDraft(target) || lacksList(target))),
			tell,
		);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'setup') throw error;
		tell(pairs, error);
	}
	return errors;
}

const isDraft = ({ values }: SystemRecord): boolean => values['statecode'] === PRODUCT_STATE.draft;

const lacksList = ({ values }: SystemRecord): boolean => values['pricelevelid'] === null && values['statecode'] !== PRODUCT_STATE.retired;

/**
 * Draft → active, and the default price list where a product has none. Some organizations create products active (`createproductswithoutparentin…`).
 * The new product of a blocked item goes on to retired, which a draft cannot become at once.
 */
async function publish(
	context: RuleContext,
	kind: ProductKind,
	open: readonly WrittenPair[],
	tell: (of: readonly WrittenPair[], error: SyncError) => void,
): Promise<void> {
	if (open.length === 0) return;
	const list = { table: 'pricelevel', id: await defaultPriceList(context) };
	const wanted = ({ target }: WrittenPair): WriteValues => ({
		...(isDraft(target) ? stateOf('active') : {}),
		...(lacksList(target) ? { pricelevelid: list } : {}),
	});
	const published = await change(context, open, wanted, tell);
	const blocked = published.filter(({ source, target, inserted }) => source.values[kind.blocked] === true && (inserted || isDraft(target)));
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

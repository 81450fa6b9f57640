import type { Coupling } from '../../model/coupling';
import { Decimal } from '../../model/decimal';
import type { LogRecordRef } from '../../model/logEntry';
import type { SystemRecord } from '../../model/record';
import type { FlowContext } from '../kernel/flowJob';
import { skippedCouples } from '../kernel/skippedCouples';
import { keptChanging, productMissing, refused } from './availabilityErrors';
import { ITEM_MAPPING, ON_HAND, PLACES, PRODUCTS } from './tables';

export interface AvailabilityOutcome {
	action: 'updated' | 'unchanged' | 'wouldUpdate';
	businessCentral: LogRecordRef;
	crm: LogRecordRef;
	/** As CRM has it now, or would have it. */
	onHand: number;
	/** As CRM had it. */
	before: number | null;
}

export type AvailabilityContext = FlowContext<AvailabilityOutcome>;

/** An item of Business Central and the couple that says which product it is. */
export interface CoupledItem {
	item: SystemRecord;
	coupling: Coupling;
}

/** Times that a product which was changed meanwhile is looked at. */
const TRIES = 2;

/** Items that are coupled with a product; without those that runs of their mapping leave alone, unless somebody has named them. */
export async function coupledItems(
	{ session, job, report }: AvailabilityContext,
	items: readonly SystemRecord[],
	which: 'notSkipped' | 'skippedToo',
): Promise<CoupledItem[]> {
	const { store } = session;
	const couplings = await store.couplingsOf(ITEM_MAPPING, 'businessCentral', items.map(({ id }) => id)); // prettier-ignore
	const skipped = await skippedCouples(session, ITEM_MAPPING, [...couplings.values()]);
	return items.flatMap((item): CoupledItem[] => {
		const coupling = couplings.get(item.id);
		if (!coupling) {
			job.recorder.notCoupled.add(item.id);
			report.settle(item.id);
			return [];
		}
		const failure = report.failureOf(item.id);
		// Its product was missing: another one is another case.
		const isLeftAlone = failure?.skipped && failure.sourceVersion === coupling.crmId;
		return which === 'notSkipped' && (skipped.has(item.id) || isLeftAlone) ? [] : [{ item, coupling }];
	});
}

/** What CRM can say of it: nothing is less than nothing. */
export function onHandOf({ values }: SystemRecord): number {
	const quantity = Decimal.orZero(values['inventory']).rounded(PLACES).toNumber();
	return quantity < 0 ? 0 : quantity;
}

/** Writes the quantity of products where it differs, and nothing else. Two requests, however many there are. */
export async function deliver(context: AvailabilityContext, works: readonly CoupledItem[]): Promise<void> {
	const { session, report, job, preview } = context;
	let open = works;
	for (let round = 1; open.length > 0 && round <= TRIES; round++) {
		const products = await session.crm.readByIds(PRODUCTS, open.map(({ coupling }) => coupling.crmId), [ON_HAND]); // prettier-ignore
		const differing: Array<CoupledItem & { product: SystemRecord }> = [];
		for (const work of open) {
			const product = products.get(work.coupling.crmId);
			if (!product) fail(context, work, productMissing(work.item), true);
			else if (isSame(product, work)) done(context, work, product, 'unchanged');
			else differing.push({ ...work, product });
		}
		if (preview) {
			for (const work of differing) done(context, work, work.product, 'wouldUpdate');
			return;
		}
		const outcomes =
			differing.length === 0
				? []
				: await session.crm.write(
						PRODUCTS,
						differing.map(({ item, product }) => ({
							kind: 'update' as const,
							id: product.id,
							version: product.version,
							number: '',
							values: { [ON_HAND]: onHandOf(item) },
						})),
					);
		open = differing.filter((work, index) => {
			const outcome = outcomes[index]!;
			if (outcome.status === 'written') done(context, work, work.product, 'updated');
			else if (outcome.status === 'failed' || outcome.status === 'unknown') fail(context, work, refused(work.item, outcome.error));
			else return true;
			return false;
		});
	}
	for (const work of open) fail(context, work, keptChanging(work.item));
	if (!preview) await job.commit(report.take());
}

const isSame = ({ values }: SystemRecord, { item }: CoupledItem): boolean => {
	const there = values[ON_HAND];
	return there !== null && there !== undefined && Decimal.orZero(there).equals(Decimal.orZero(onHandOf(item)));
};

function done(
	{ report, job }: AvailabilityContext,
	{ item }: CoupledItem,
	product: SystemRecord,
	action: AvailabilityOutcome['action'],
): void {
	job.recorder.count(action === 'unchanged' ? 'unchanged' : 'modified');
	const pair = { businessCentral: item, crm: product, coupling: null };
	const before = product.values[ON_HAND];
	report.done(item.id, {
		action,
		businessCentral: job.recorder.ref('businessCentral', pair)!,
		crm: job.recorder.ref('crm', pair)!,
		onHand: onHandOf(item),
		before: typeof before === 'number' ? before : null,
	});
}

/** One that lacks its product is left alone until it has another one; the run goes on. */
function fail(
	{ report }: AvailabilityContext,
	{ item, coupling }: CoupledItem,
	error: Parameters<typeof report.fail>[1],
	leftAlone = false,
): void {
	const crm = { id: coupling.crmId, number: '', name: coupling.crmName, version: '', modifiedAt: '', values: {} };
	report.fail({ sourceId: item.id, version: coupling.crmId, businessCentral: item, crm }, error, { leftAlone });
}

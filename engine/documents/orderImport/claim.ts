import { COMPANY_COLUMN, companyStamp } from '../../model/companyColumn';
import type { SyncError } from '../../model/errors';
import { editLocked } from '../kernel/changeSet';
import type { SalesDocument } from '../kernel/salesDocument';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { companyUnknown, keptChanging, otherCompanyOrder } from './orderErrors';
import type { OrderLookups } from './orderLookups';
import { ACTIVE_PENDING, SUBMITTED } from './states';
import { CRM_ORDERS } from './tables';

/** Why an order is not for this company; null where it is. Pure. */
export function notForUs(order: SalesDocument, lookups: OrderLookups): SyncError | null {
	const { companyRowId, severalCompanies, settings, parties } = lookups;
	if (companyRowId === null || order.companyId === companyRowId) return null;
	if (order.companyId !== null) return otherCompanyOrder(order);
	if (!severalCompanies) return null;
	const owner = order.customerId === null ? null : (parties.get(order.customerId)?.companyId ?? null);
	if (owner === companyRowId) return null;
	if (owner !== null) return otherCompanyOrder(order);
	return settings.claimUnstamped ? null : companyUnknown(order);
}

/**
 * Where several companies share the CRM, an order of none becomes this company's before anything is created from it: of two runs only one succeeds. Answers
 * those that are this company's, with the versions they have now.
 */
export async function claim(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const { run } = context;
	const open = run.severalCompanies && run.companyRowId !== null ? works.filter(({ order }) => order.companyId === null) : [];
	if (open.length === 0) return [...works];
	const versions = await stamped(context, open, run.companyRowId);
	return works.flatMap((work) => {
		if (!open.includes(work)) return [work];
		const version = versions.get(work.row.id);
		if (typeof version !== 'string') {
			context.report.fail(work, version ?? keptChanging(work.order));
			return [];
		}
		const order = { ...work.order, companyId: run.companyRowId, version };
		return [{ ...work, order, row: { ...work.row, version }, claimed: true }];
	});
}

/** Gives orders that were claimed for nothing back. */
export async function giveBack(context: ImportContext, works: readonly OrderWork[]): Promise<void> {
	if (works.length > 0) await stamped(context, works, null);
}

/** Versions by id; an error where the order could not be written, undefined where somebody else was faster. */
async function stamped(
	{ session }: ImportContext,
	works: readonly OrderWork[],
	companyRowId: string | null,
): Promise<Map<string, string | SyncError | undefined>> {
	const outcomes = await session.crm.write(
		CRM_ORDERS,
		works.map(({ row }) =>
			editLocked({
				table: CRM_ORDERS,
				id: row.id,
				version: row.version,
				editable: ACTIVE_PENDING,
				ends: SUBMITTED,
				values: companyRowId === null ? { [COMPANY_COLUMN]: null } : companyStamp(companyRowId),
			}),
		),
	);
	return new Map(
		works.map(({ row }, index): [string, string | SyncError | undefined] => {
			const outcome = outcomes[index]!;
			if (outcome.status === 'written') {
				const last = outcome.parts?.at(-1);
				return [row.id, last?.status === 'written' ? last.record.version : undefined];
			}
			return [row.id, 'error' in outcome ? outcome.error : undefined];
		}),
	);
}

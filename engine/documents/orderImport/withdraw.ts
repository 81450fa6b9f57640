import type { SyncError } from '../../model/errors';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { BC_ORDERS, ORDER_MAPPING } from './tables';

/** An order of Business Central that could not be brought to what is planned. */
export interface Refused {
	work: OrderWork;
	error: SyncError;
}

/**
 * A failed import leaves nothing behind: what this run has created itself, and Business Central will not let become what the CRM order says, is deleted
 * again, unless somebody has touched it since. An order that was there before stays, and so does one whose trouble may pass.
 */
export async function withdraw(context: ImportContext, refused: readonly Refused[]): Promise<void> {
	const { session, report, job } = context;
	const own = refused.filter(({ work, error }) => work.made === 'created' && error.errorClass === 'data');
	const current =
		own.length === 0
			? new Map()
			: await session.businessCentral.readByIds(
					BC_ORDERS,
					own.map(({ work }) => work.bc!.id),
					['status'],
				);
	const free = own.filter(({ work }) => current.get(work.bc!.id)?.values['status'] === 'Draft');
	const outcomes =
		free.length === 0
			? []
			: await session.businessCentral.write(
					BC_ORDERS,
					free.map(({ work }) => ({ kind: 'delete' as const, id: work.bc!.id, version: current.get(work.bc!.id)!.version })),
				);
	const gone = new Set(free.flatMap(({ work }, index) => (['written', 'missing'].includes(outcomes[index]!.status) ? [work] : [])));
	for (const { work, error } of refused) report.fail(gone.has(work) ? { ...work, bc: null, document: null } : work, error);
	for (const _ of gone) job.recorder.uncount('inserted');
	await job.commit({ documentsDone: [...gone].map(({ row }) => ({ mapping: ORDER_MAPPING, crmId: row.id })), ...report.take() });
}

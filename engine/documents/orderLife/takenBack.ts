import { ORDER_STATES } from '../orderImport/states';
import { userHasIt } from '../orderImport/orderErrors';
import { BC_ORDERS } from '../orderImport/tables';
import type { LifeContext, LifeWork } from './lifeContext';

/**
 * Orders that a person took back in CRM, to Active or to Canceled, while Business Central has them. Business Central stays as it is, and it is told in every
 * run until somebody decides; unless the company settings say that a canceled order is deleted there, which is done while it is a draft of which nothing was
 * shipped or invoiced.
 */
export async function takenBack(context: LifeContext, works: readonly LifeWork[]): Promise<void> {
	const { session, job, report, settings, preview } = context;
	const deletes = works.filter((work) => settings.cancelInBusinessCentral && isUntouchedDraft(work) && isCanceled(work));
	for (const work of works) if (!deletes.includes(work)) report.fail(work, userHasIt(work.order, work.document.bcNumber, isCanceled(work)));
	if (preview) {
		for (const work of deletes) report.done(work, 'wouldUncouple');
		return;
	}
	const outcomes =
		deletes.length === 0
			? []
			: await session.businessCentral.write(
					BC_ORDERS,
					deletes.map(({ bc }) => ({ kind: 'delete' as const, id: bc!.id, version: bc!.version })),
				);
	const gone = deletes.filter((_, index) => ['written', 'missing'].includes(outcomes[index]!.status));
	for (const [index, work] of deletes.entries()) {
		const outcome = outcomes[index]!;
		if (!gone.includes(work)) {
			report.fail(work, 'error' in outcome && outcome.error ? outcome.error : userHasIt(work.order, work.document.bcNumber, true));
			continue;
		}
		job.recorder.count('deleted');
		report.warn(work, `it was canceled in CRM; order ${work.document.bcNumber} of Business Central was deleted.`, {
			code: 'ORDER_DELETED',
			hint: 'Nothing to do.',
		});
		report.done({ ...work, bc: null }, 'uncoupled');
	}
	const documentsDone = gone.map(({ document: { mapping, crmId } }) => ({ mapping, crmId }));
	await job.commit({ documentsDone, ...report.take() });
}

const isCanceled = ({ order }: LifeWork): boolean => order.state === ORDER_STATES.canceled;

/** Nobody has released it, and nothing of it was shipped or invoiced. */
export const isUntouchedDraft = ({ bc, bcLines }: LifeWork): boolean =>
	bc !== null &&
	bc.values['status'] === 'Draft' &&
	bcLines.every(({ values }) => Number(values['shippedQuantity'] ?? 0) === 0 && Number(values['invoicedQuantity'] ?? 0) === 0);

import { companyStamp } from '../../model/companyColumn';
import { type SyncError } from '../../model/errors';
import type { CoupledDocument } from '../../model/document';
import { editLocked } from '../kernel/changeSet';
import { contentOf, isUnchanged } from '../kernel/fingerprint';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { keptChanging, orderChanged, userHasIt } from './orderErrors';
import { readOrders } from './readOrders';
import { STATUS } from '../kernel/orderStatus';
import { ACTIVE_PENDING, crmStateOf, INVOICED, ORDER_STATES, SUBMITTED } from './states';
import { CRM_ORDERS, HAND_OVER } from './tables';

/** How often an order that somebody else is writing is read and handed over again. */
const TRIES = 3;

/**
 * Tells CRM that Business Central has the orders: the day, the company and the number of the order, in one change set that takes the order back to Active
 * and on again, and only if it still is what was imported. An order that was posted already ends as Invoiced.
 */
export async function handOver(context: ImportContext, works: readonly OrderWork[]): Promise<void> {
	let open: readonly OrderWork[] = works;
	for (let attempt = 1; open.length > 0 && attempt <= TRIES; attempt++) {
		const outcomes = await context.session.crm.write(
			CRM_ORDERS,
			open.map((work) =>
				editLocked({
					table: CRM_ORDERS,
					id: work.row.id,
					version: work.row.version,
					editable: ACTIVE_PENDING,
					ends: isPosted(work) ? INVOICED : SUBMITTED,
					values: stampOf(context, work),
				}),
			),
			[HAND_OVER],
		);
		const stale: OrderWork[] = [];
		const done: OrderWork[] = [];
		for (const [index, outcome] of outcomes.entries()) {
			const work = open[index]!;
			if (outcome.status === 'written') done.push(work);
			else if (outcome.status === 'stale' || outcome.status === 'exists') stale.push(work);
			else context.report.fail(work, named(work, outcome.status === 'missing' ? outcome.error : outcome.error));
		}
		await handedOver(context, done);
		open = await readAgain(context, stale);
	}
	for (const work of open) context.report.fail(work, keptChanging(work.order));
	await context.job.commit(context.report.take());
}

/** The order of Business Central is gone, and its invoices are there. */
const isPosted = ({ bc, invoices }: OrderWork): boolean => bc === null && invoices.length > 0;

/** Columns of the order that say so; the text is for people in CRM. */
function stampOf({ run, session }: ImportContext, { bc, invoices }: OrderWork) {
	const today = new Date(session.clock.now()).toISOString().slice(0, 10);
	return {
		// A day, sent at noon, so that no time zone makes another day of it.
		[HAND_OVER]: `${today}T12:00:00Z`,
		...(run.companyRowId === null ? {} : companyStamp(run.companyRowId)),
		submitstatus: bc ? STATUS.imported : STATUS.invoiced,
		submitstatusdescription: bc ? `Business Central order ${bc.number}` : `Business Central invoice ${invoices.join(', ')}`,
	};
}

/** Makes durable that the orders are handed over. */
export async function handedOver({ job, report }: ImportContext, works: readonly OrderWork[]): Promise<void> {
	if (works.length === 0) return;
	const now = job.recorder.now();
	const documents = works.map(({ document }): CoupledDocument => ({ ...document!, stage: 'handedOver', handedOverAt: now }));
	for (const [index, work] of works.entries()) {
		if (work.made === 'met') job.recorder.count('coupled');
		else if (work.made !== 'created') job.recorder.count('modified');
		const action = isPosted(work) ? 'closed' : work.made === 'created' ? 'created' : 'completed';
		report.done({ ...work, document: documents[index]! }, action);
	}
	const intentsDone = works.map(({ row }) => ({ mapping: documents[0]!.mapping, direction: 'fromCrm' as const, sourceId: row.id }));
	await job.commit({ documents, intentsDone, ...report.take() });
}

/** Somebody wrote the orders meanwhile. Those that still hold what was imported are handed over under their new version. */
async function readAgain(context: ImportContext, stale: readonly OrderWork[]): Promise<OrderWork[]> {
	if (stale.length === 0) return [];
	const now = await readOrders(
		context.session,
		stale.map(({ row }) => row.id),
		context.columns,
	);
	const again: OrderWork[] = [];
	const done: OrderWork[] = [];
	for (const work of stale) {
		const read = now.get(work.row.id);
		const bcNumber = work.bc?.number ?? work.document!.bcNumber;
		if (!read) context.report.fail(work, userHasIt(work.order, bcNumber, true));
		else if (crmStateOf(read.order) === 'stamped') done.push({ ...work, ...read });
		else if (read.order.state !== ORDER_STATES.submitted)
			context.report.fail(work, userHasIt(work.order, bcNumber, read.order.state === ORDER_STATES.canceled));
		else if (!isUnchanged(work.document!, contentOf(read.order, read.lines))) context.report.fail(work, orderChanged(work.order, bcNumber));
		else again.push({ ...work, ...read });
	}
	// An answer was lost, and what it would have told was found here.
	await handedOver(context, done);
	return again;
}

function named({ order }: OrderWork, error: SyncError | undefined): SyncError {
	if (!error) return keptChanging(order);
	return error.with({ message: `Order ${order.number}: ${error.message}`, recordId: order.id });
}

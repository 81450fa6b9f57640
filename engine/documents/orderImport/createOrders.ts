import type { Intent } from '../../model/intent';
import type { SyncError } from '../../model/errors';
import type { CoupledDocument } from '../../model/document';
import { contentOf } from '../kernel/fingerprint';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { unsettled } from './orderErrors';
import { newDocument } from './settleDoubts';
import { BC_ORDER_FIELDS, BC_ORDERS, ORDER_MAPPING } from './tables';

/** Lines that go with the creation of a header; more follow afterwards, each under its planned number. */
export const LINES_AT_ONCE = 200;

/**
 * Creates orders in Business Central, each with its lines in one request, and couples them: what is about to be sent is made durable first, and what came
 * of it afterwards, so that a process may die at any moment. Answers those that exist now.
 */
export async function createOrders(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	if (works.length === 0) return [];
	const { session, job, report } = context;
	await job.commit({ intents: works.map((work) => intentOf(context, work)), ...report.take() });
	const outcomes = await session.businessCentral.write(
		BC_ORDERS,
		works.map(({ plan }) => ({
			kind: 'insert' as const,
			values: plan!.header,
			children: { property: 'salesOrderLines', rows: plan!.lines.slice(0, LINES_AT_ONCE).map(({ properties }) => properties) },
		})),
		BC_ORDER_FIELDS,
	);
	const created: OrderWork[] = [];
	const documents: CoupledDocument[] = [];
	const settled: OrderWork[] = [];
	for (const [index, outcome] of outcomes.entries()) {
		const work = works[index]!;
		if (outcome.status === 'written') {
			const document = newDocument(work.row, outcome.record, contentOf(work.order, work.lines), job.recorder.now());
			documents.push(document);
			created.push({ ...work, document, bc: outcome.record, made: 'created' });
			settled.push(work);
			job.recorder.count('inserted');
		} else if (outcome.status === 'unknown') report.fail(work, unsettled(work.order, outcome.error));
		else {
			// What was refused was not carried out at all: there is no order, and nothing to look for.
			settled.push(work);
			report.fail(work, refused(work, outcome.status === 'failed' || outcome.status === 'missing' ? outcome.error : undefined));
		}
	}
	await job.commit({ documents, intentsDone: settled.map(({ row }) => keyOf(row.id)), ...report.take() });
	return created;
}

export const keyOf = (sourceId: string): { mapping: string; direction: 'fromCrm'; sourceId: string } => ({
	mapping: ORDER_MAPPING,
	direction: 'fromCrm',
	sourceId,
});

function intentOf({ session, job }: ImportContext, { row, order, lines, plan }: OrderWork): Intent {
	const there = session.businessCentral.serviceNow();
	return {
		...keyOf(row.id),
		targetId: null,
		values: { externalDocumentNumber: plan!.marker, customerId: plan!.header['customerId'] ?? null, content: contentOf(order, lines) },
		createdAt: job.recorder.now(),
		...(there === null ? {} : { announcedAt: new Date(there).toISOString() }),
	};
}

/** In the words of Business Central, with the order it is about. */
function refused({ order }: OrderWork, error: SyncError | undefined): SyncError {
	if (!error) return unsettled(order);
	return error.with({ message: `Order ${order.number}: ${error.message}`, recordId: order.id });
}

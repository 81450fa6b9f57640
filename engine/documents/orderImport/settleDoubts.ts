import { INSERTS_SENT_WITHIN_MS } from '../../ports/write';
import type { CoupledDocument } from '../../model/document';
import type { Intent } from '../../model/intent';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { contentOf } from '../kernel/fingerprint';
import { isSameNumber, markerOf } from '../kernel/marker';
import type { ImportContext, ImportStart } from './importContext';
import type { OrderLookups } from './orderLookups';
import type { OrderWork } from './orderWork';
import { ambiguous, unsettled } from './orderErrors';
import { BC_INVOICES, BC_ORDER_FIELDS, BC_ORDERS, ORDER_MAPPING } from './tables';

/** Drafts stand in the same entity set; names with a blank are spelled as OData spells them. */
const UNPOSTED: ReadonlySet<string> = new Set(['Draft', 'In_x0020_Review']);

/** A request of Business Central ends after ten minutes at the latest ("Working with API limits in Dynamics 365 Business Central"), and one for the clocks. */
const LONGEST_REQUEST_MS = 11 * 60_000;
const SETTLE_MS = INSERTS_SENT_WITHIN_MS + LONGEST_REQUEST_MS;

/**
 * Before an order is created, Business Central is asked for one that carries its marker: an earlier creation whose answer was lost, or one that an older
 * state of this store has forgotten. What is found is coupled; what may still appear waits. Answers those that may be created, or go on. Two requests.
 */
export async function settleDoubts(
	context: ImportContext,
	works: readonly OrderWork[],
	{ parties }: Pick<OrderLookups, 'parties'>,
): Promise<OrderWork[]> {
	const open = works.filter(({ document }) => document === null);
	if (open.length === 0) return [...works];
	const { businessCentral } = context.session;
	const markers = [...new Set(open.map(({ order }) => markerOf(order.number)))].filter((marker) => marker !== '');
	const orders = await businessCentral.readByValues(BC_ORDERS, 'externalDocumentNumber', markers, BC_ORDER_FIELDS);
	const posted = await businessCentral.readByValues(BC_INVOICES, 'externalDocumentNumber', markers, [
		'externalDocumentNumber',
		'status',
		'orderId',
	]);
	const taken = await context.session.store.documentsOf(
		ORDER_MAPPING,
		'businessCentral',
		orders.map(({ id }) => id),
	);
	const ready: OrderWork[] = [];
	for (const work of works) {
		if (work.document !== null) {
			ready.push(work);
			continue;
		}
		// An order of somebody else may carry the same number by chance.
		const customer = context.intents.get(work.row.id)?.values['customerId'] ?? parties.get(work.order.customerId ?? '')?.customerId;
		const isTheirs = ({ values }: SystemRecord): boolean =>
			customer === undefined || customer === null || values['customerId'] === customer;
		const hits = carrying(orders, work).filter((record) => !taken.has(record.id) && isTheirs(record));
		const invoices = carrying(posted, work).filter(({ values }) => !UNPOSTED.has(String(values['status'])));
		if (hits.length > 1) {
			const numbers = hits.map(({ number }) => number);
			context.report.fail(work, ambiguous(work.order, markerOf(work.order.number), numbers));
		} else if (hits[0]) ready.push({ ...work, document: met(context, work, hits[0]), bc: hits[0], made: 'met' });
		else if (invoices[0] && context.intents.has(work.row.id)) {
			ready.push({ ...work, document: met(context, work, null), invoices: invoices.map(({ number }) => number), made: 'met' });
		} else if (mayStillArrive(context, work)) context.report.fail(work, unsettled(work.order));
		else ready.push(work);
	}
	return ready;
}

const carrying = (records: readonly SystemRecord[], { order }: OrderWork): SystemRecord[] =>
	records.filter(({ values }) => isSameNumber(String(values['externalDocumentNumber'] ?? ''), markerOf(order.number)));

/** A lost creation may be carried out until the longest request has ended. A time that lies ahead tells nothing: a clock was set back. */
function mayStillArrive({ intents, session }: ImportContext, { row }: Pick<OrderWork, 'row'>): boolean {
	const intent = intents.get(row.id);
	return intent !== undefined && isOpen(session, intent);
}

function isOpen(session: SyncSession, intent: Intent): boolean {
	const there = session.businessCentral.serviceNow();
	const [then, now] =
		there !== null && intent.announcedAt !== undefined ? [intent.announcedAt, there] : [intent.createdAt, session.clock.now()];
	return now - Date.parse(then) < SETTLE_MS;
}

/**
 * Creations in doubt, and imports that have not come to their end, whose CRM order was deleted since. The couple ends; an order of Business Central that has
 * no partner now is named, so that somebody decides about it, and is left as it is.
 */
export async function settleDeleted({ session, job, intents }: ImportStart, ids: readonly string[]): Promise<void> {
	const settled = ids.flatMap((id) => intents.get(id) ?? []).filter((intent) => !isOpen(session, intent));
	const documents = [...(await session.store.documentsOf(ORDER_MAPPING, 'crm', ids)).values()];
	if (settled.length + documents.length === 0) return;
	const markers = settled.map(({ values }) => String(values['externalDocumentNumber'] ?? ''));
	const found = await session.businessCentral.readByValues(BC_ORDERS, 'externalDocumentNumber', markers, BC_ORDER_FIELDS);
	const coupled = await session.businessCentral.readByIds(
		BC_ORDERS,
		documents.flatMap(({ bcId }) => bcId ?? []),
		[],
	);
	for (const { id, number, name } of [...found, ...coupled.values()]) {
		const message = `Order ${number} of Business Central was made for an order of CRM that was deleted since. It has no partner.`;
		const hint = 'Delete it in Business Central if it is not to be delivered.';
		const businessCentral = { id, number, name, url: session.businessCentral.link(BC_ORDERS, id, number) };
		job.recorder.warn(message, { code: 'INSERT_PARTNERLESS', hint, businessCentral });
	}
	const gone = [...settled.map(({ sourceId }) => sourceId), ...documents.map(({ crmId }) => crmId)];
	await job.commit({
		intentsDone: settled.map(({ mapping, direction, sourceId }) => ({ mapping, direction, sourceId })),
		documentsDone: documents.map(({ mapping, crmId }) => ({ mapping, crmId })),
		failuresDone: gone.map((sourceId) => ({ mapping: ORDER_MAPPING, direction: 'fromCrm' as const, sourceId })),
	});
}

/**
 * The order was found: what was sent with it is taken for what it was made from, where that is known. Null for one that somebody has posted
 * already.
 */
function met({ session, intents }: ImportContext, { row, order, lines }: OrderWork, bc: SystemRecord | null): CoupledDocument {
	const sent = intents.get(row.id)?.values['content'];
	return newDocument(row, bc, typeof sent === 'string' ? sent : contentOf(order, lines), new Date(session.clock.now()).toISOString());
}

/** A document that has just got its partner. */
export const newDocument = (row: SystemRecord, bc: SystemRecord | null, content: string, now: string): CoupledDocument => ({
	mapping: ORDER_MAPPING,
	crmId: row.id,
	bcId: bc?.id ?? null,
	crmNumber: row.number,
	bcNumber: bc?.number ?? '',
	name: row.name,
	stage: 'open',
	content,
	amounts: null,
	accepted: null,
	goneSince: null,
	coupledAt: now,
	handedOverAt: null,
	lines: [],
});

import type { CoupledDocument } from '../../model/document';
import { SyncError } from '../../model/errors';
import type { FieldName, SystemRecord } from '../../model/record';
import { contentOf } from '../kernel/fingerprint';
import { STATUS } from '../kernel/orderStatus';
import { POSTED } from '../invoices/tables';
import { readOrders } from '../orderImport/readOrders';
import { BC_INVOICES, BC_LINES, BC_ORDERS, CRM_ORDERS } from '../orderImport/tables';
import type { LifeContext, LifeWork } from './lifeContext';
import { type PostedPart, progressOf, soldLines } from './progress';
import {
	AGENT,
	BC_LIFE_FIELDS,
	BC_LIFE_LINE_FIELDS,
	BC_PART_FIELDS,
	BC_SHIPMENT_FIELDS,
	BC_SHIPMENTS,
	ORDERS_WITH_PAGE,
	PAGE,
	TRACKING,
} from './tables';

/** Orders that are looked at, and couples whose CRM order does not exist any more, with what Business Central has of them. */
export interface ReadLife {
	works: LifeWork[];
	deleted: Array<{ document: CoupledDocument; bc: SystemRecord | null }>;
}

/** Both sides of a page of orders: header, lines, shipments and invoices. Some seven requests. */
export async function readLife(context: LifeContext, documents: readonly CoupledDocument[]): Promise<ReadLife> {
	const { session, columns } = context;
	const { businessCentral } = session;
	const read = await readOrders(session, documents.map(({ crmId }) => crmId), columns); // prettier-ignore
	const ids = documents.flatMap(({ bcId }) => bcId ?? []);
	const headers = await headersOf(context, ids);
	const there = ids.filter((id) => headers.has(id));
	const questions = there.map((id) => ({ field: 'documentId', values: [id], filter: null }));
	const found = questions.length > 0 ? await businessCentral.readByQuestions(BC_LINES, questions, BC_LIFE_LINE_FIELDS) : [];
	const lines = new Map(there.map((id, index) => [id, found[index]!]));
	const invoices = ids.length > 0 ? await businessCentral.readByValues(BC_INVOICES, 'orderId', ids, BC_PART_FIELDS, POSTED) : [];
	const numbers = [...new Set(documents.flatMap(({ bcNumber }) => (bcNumber === '' ? [] : [bcNumber])))];
	const shipments = numbers.length > 0 ? await businessCentral.readByValues(BC_SHIPMENTS, 'orderNumber', numbers, BC_SHIPMENT_FIELDS) : [];
	const { localCurrency } = await context.lookups();
	const missing = documents.flatMap(({ crmId }) => (read.has(crmId) ? [] : [crmId]));
	const hidden = missing.length > 0 ? await session.crm.existing(CRM_ORDERS, missing) : new Set<string>();
	const works: LifeWork[] = [];
	const deleted: ReadLife['deleted'] = [];
	for (const known of documents) {
		const document = asTold(known, read.get(known.crmId));
		const bc = document.bcId === null ? null : (headers.get(document.bcId) ?? null);
		const order = read.get(document.crmId);
		if (!order && hidden.has(document.crmId)) {
			// It is there, and the user may not see it: nothing is known of it, least of all that it was deleted.
			context.job.recorder.count('skipped');
			continue;
		}
		if (!order) {
			deleted.push({ document, bc });
			continue;
		}
		const bcLines = document.bcId === null ? [] : (lines.get(document.bcId) ?? []);
		const posted = invoices.filter(({ values }) => document.bcId !== null && sameText(values['orderId'], document.bcId)).map(partOf);
		const own = shipments.filter(({ values }) => sameText(values['orderNumber'], document.bcNumber));
		const days = own.map(({ values }) => String(values['postingDate'] ?? '').slice(0, 10)).sort();
		const progress = progressOf({
			number: bc?.number ?? document.bcNumber,
			status: bc === null ? null : String(bc.values['status'] ?? ''),
			lines: soldLines(bcLines),
			posted,
			hasShipments: own.length > 0,
			tracking: trackingOf(bc),
			wasInvoiced: document.bcId === null || (document.life?.status ?? 0) >= STATUS.invoiced,
			localCurrency,
		});
		works.push({ ...order, document, bc, bcLines, posted, shippedOn: days.at(-1) ?? null, progress, invoices: posted.map(({ number }) => number), warnings: [] }); // prettier-ignore
	}
	return { works, deleted };
}

/** What an interrupted run told it is what it holds. */
function asTold(document: CoupledDocument, read: Pick<LifeWork, 'order' | 'lines'> | undefined): CoupledDocument {
	const telling = document.life?.telling;
	return telling !== undefined && read && contentOf(read.order, read.lines) === telling ? { ...document, content: telling } : document;
}

const sameText = (value: unknown, other: string): boolean => typeof value === 'string' && value.toLowerCase() === other.toLowerCase();

const trackingOf = (bc: SystemRecord | null): string => {
	const value = bc?.values[TRACKING];
	return typeof value === 'string' ? value.trim() : '';
};

function partOf({ number, values }: SystemRecord): PostedPart {
	const [currency, amount] = [values['currencyCode'], (name: string) => Number(values[name] ?? 0)];
	return {
		number,
		status: String(values['status'] ?? ''),
		remaining: amount('remainingAmount'),
		total: amount('totalAmountIncludingTax'),
		currency: typeof currency === 'string' ? currency : '',
	};
}

/** With what the page shows, where it is there; without it tracking number and shipping agent are not told, which is said once a run. */
async function headersOf({ session, job }: LifeContext, ids: readonly string[]): Promise<Map<string, SystemRecord>> {
	const { businessCentral } = session;
	if (ids.length === 0) return new Map();
	const fields: FieldName[] = [...BC_LIFE_FIELDS, TRACKING, AGENT];
	let rows: Map<string, SystemRecord>;
	let refused: SyncError | null = null;
	try {
		rows = await businessCentral.readByIds(ORDERS_WITH_PAGE, ids, fields);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
		refused = error;
		rows = await businessCentral.readByIds(BC_ORDERS, ids, BC_LIFE_FIELDS);
	}
	const message = `The page ${PAGE} is not published in Business Central. Tracking number and shipping agent of orders were not told to CRM.`;
	if ((refused || businessCentral.absentPages?.has(PAGE)) && !job.recorder.warnings.includes(message)) {
		job.recorder.warn(message, {
			code: 'SURFACE_MISSING',
			hint: 'Publish page 6402 (Sales Document Entity) as web service "salesDocuments" in Business Central if CRM is to know them.',
		});
	}
	return rows;
}

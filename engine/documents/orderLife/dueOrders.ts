import { chunksOf } from '../../model/chunks';
import { Decimal } from '../../model/decimal';
import type { CoupledDocument } from '../../model/document';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { FieldName, SystemRecord, TableSource } from '../../model/record';
import type { RecordSystem } from '../../ports/recordSystem';
import { STATUS } from '../kernel/orderStatus';
import { POSTED } from '../invoices/tables';
import type { ReadingMark } from '../kernel/readingMark';
import { BC_INVOICES, BC_ORDERS, CRM_ORDERS, HAND_OVER, ORDER_MAPPING } from '../orderImport/tables';
import type { LifeContext } from './lifeContext';
import { BC_PART_FIELDS, BC_SHIPMENT_FIELDS, BC_SHIPMENTS } from './tables';

/** What both systems say of all orders in a handful of requests: enough to tell which of them are to be looked at. */
interface Signs {
	/** Orders of Business Central: version and customer by id. */
	orders: ReadonlyMap<string, { version: string; customerId: string }>;
	/** Versions of CRM orders that are submitted and handed over. */
	submitted: ReadonlyMap<string, string>;
	/** Numbers of orders that were shipped since the last run. */
	shipped: ReadonlySet<string>;
	/** Orders whose invoices were posted, paid or cancelled since. */
	invoiced: ReadonlySet<string>;
	/** Customers of invoices that name no order, because they are for several. */
	customers: ReadonlySet<string>;
	/** Open amount by order. */
	remaining: ReadonlyMap<string, number>;
}

export interface Marks {
	shipments: ReadingMark;
	invoices: ReadingMark;
}

/** Orders of the store looked through at a time. */
const PAGE = 1_000;

/**
 * Imported orders that are to be looked at: what was never looked at, changed on either side, was shipped, invoiced or paid, is gone, or failed. Partial
 * shipments and partial payments move no stamp of an order or of an invoice: shipments are found by their own rows, payments by what remains of all open
 * invoices. Five requests, however many orders there are, up to some thousands of them.
 */
export async function* dueOrders(
	context: LifeContext,
	marks: Marks,
	failed: ReadonlySet<string>,
	pageSize: number,
): AsyncGenerator<CoupledDocument[]> {
	const { store } = context.session;
	const signs = await readSigns(context, marks);
	const asked = (document: CoupledDocument): boolean => failed.has(document.bcId ?? document.crmId) || isDue(document, signs);
	let next: string | undefined;
	do {
		const page = await store.listDocuments({ mapping: ORDER_MAPPING, stage: 'handedOver', limit: PAGE, ...(next ? { next } : {}) });
		await context.job.checkpoint();
		yield* chunksOf(page.rows.filter(asked), pageSize);
		next = page.next;
	} while (next);
	// An invoice that was paid, and is not any more: its order had come to its end.
	const again = await store.documentsOf(ORDER_MAPPING, 'businessCentral', [...signs.invoiced]);
	yield* chunksOf(
		[...again.values()].filter(({ stage }) => stage === 'closed'),
		pageSize,
	);
}

/** Pure. */
export function isDue({ bcId, bcNumber, crmId, life }: CoupledDocument, signs: Signs): boolean {
	if (!life || bcId === null) return true;
	const order = signs.orders.get(bcId);
	const isInvoiced = life.status >= STATUS.invoiced;
	if ((order?.version ?? null) !== life.businessCentral) return true;
	if (order === undefined && !isInvoiced) return true;
	if (signs.shipped.has(bcNumber) || signs.invoiced.has(bcId)) return true;
	if (order && signs.customers.has(order.customerId)) return true;
	if ((signs.remaining.get(bcId) ?? 0) !== life.remaining) return true;
	return !isInvoiced && signs.submitted.get(crmId) !== life.crm;
}

async function readSigns({ session, companyRowId }: LifeContext, { shipments, invoices }: Marks): Promise<Signs> {
	const { businessCentral, crm } = session;
	const orders = new Map<string, { version: string; customerId: string }>();
	for await (const { id, version, values } of all(businessCentral, BC_ORDERS, ['customerId'], null))
		orders.set(id, { version, customerId: String(values['customerId'] ?? '') });
	shipments.begin();
	invoices.begin();
	const submitted = new Map<string, string>();
	for await (const { id, version } of all(crm, CRM_ORDERS, [], submittedFilter(companyRowId))) submitted.set(id, version);
	const shipped = new Set<string>();
	const changes = (table: TableSource, fields: readonly FieldName[], filter: string | null, since: string | null) =>
		businessCentral.readChanges({ table, fields, filter, since, pageSize: 5_000 });
	// The first time everything is looked at anyhow.
	if (shipments.isKnown)
		for await (const rows of changes(BC_SHIPMENTS, BC_SHIPMENT_FIELDS, null, shipments.since))
			for (const { values } of rows) shipped.add(String(values['orderNumber'] ?? ''));
	const invoiced = new Set<string>();
	const customers = new Set<string>();
	if (invoices.isKnown)
		for await (const rows of changes(BC_INVOICES, BC_PART_FIELDS, POSTED, invoices.since))
			for (const { values } of rows) {
				if (orderOf(values) === '') customers.add(String(values['customerId'] ?? ''));
				else invoiced.add(orderOf(values));
			}
	const remaining = new Map<string, number>();
	for await (const { values } of all(businessCentral, BC_INVOICES, ['orderId', 'remainingAmount'], "status eq 'Open'")) {
		const order = orderOf(values);
		if (order !== '')
			remaining.set(order, Decimal.orZero(remaining.get(order)).plus(Decimal.orZero(values['remainingAmount'])).rounded(2).toNumber());
	}
	return { orders, submitted, shipped, invoiced, customers, remaining };
}

/** Blank, or all zeros. */
function orderOf(values: SystemRecord['values']): string {
	const id = String(values['orderId'] ?? '').toLowerCase();
	return /^[0-]*$/.test(id) ? '' : id;
}

const submittedFilter = (companyRowId: string | null): string =>
	[
		'statecode eq 1',
		`${HAND_OVER} ne null`,
		...(companyRowId === null ? [] : [`(_${COMPANY_COLUMN}_value eq ${companyRowId} or _${COMPANY_COLUMN}_value eq null)`]),
	].join(' and ');

/** All rows that a filter selects, in the largest pages the service gives. */
async function* all(
	system: RecordSystem,
	table: TableSource,
	fields: readonly FieldName[],
	filter: string | null,
): AsyncGenerator<SystemRecord> {
	let from: string | null = null;
	do {
		const page = await system.readVersions({ table, fields, filter, from });
		yield* page.records;
		from = page.next;
	} while (from !== null);
}

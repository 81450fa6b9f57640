import type { Reconciliation } from '../../model/documentAmounts';
import type { CoupledDocument, DocumentStage } from '../../model/document';
import type { Failure } from '../../model/failure';
import type { LogRecordRef } from '../../model/logEntry';
import type { SyncSession } from '../../ports/session';
import { BC_ORDERS, CRM_ORDERS, ORDER_MAPPING } from './tables';

/** An order that the store knows: its partner, how far it has come, and who is to do something about it. */
export interface OrderView {
	crm: LogRecordRef;
	businessCentral: LogRecordRef | null;
	/** `failed`: it has no partner, because its import failed. */
	state: DocumentStage | 'failed';
	amounts: Reconciliation | null;
	coupledAt: string | null;
	handedOverAt: string | null;
	/** How far the order has come (`submitstatus`), as CRM was told last; null before. */
	status: number | null;
	/** Who is to do something, and what; empty where nobody is. */
	waitsFor: string;
	lastError: { code: string; message: string; hint: string } | null;
}

export interface OrderListQuery {
	state?: OrderView['state'];
	/** Part of a number or name; of failed orders, of their message. */
	text?: string;
	limit: number;
}

/** Orders read at a time. */
const PAGE = 500;

/** Orders as the store knows them, those that failed without a partner last. Reads no system but for numbers of those. `more`: there are others. */
export async function listOrders(session: SyncSession, query: OrderListQuery): Promise<{ rows: OrderView[]; more: boolean }> {
	const rows: OrderView[] = [];
	const { state, text, limit } = query;
	let next: string | undefined;
	do {
		if (state === 'failed') break;
		const page = await session.store.listDocuments({
			mapping: ORDER_MAPPING,
			...(state ? { stage: state } : {}),
			...(text ? { text } : {}),
			limit: Math.min(PAGE, limit - rows.length),
			...(next ? { next } : {}),
		});
		const ids = page.rows.map(({ crmId }) => crmId);
		const failures = await session.store.failuresOf(ORDER_MAPPING, 'fromCrm', ids);
		const onTheWayBack = await session.store.failuresOf(
			ORDER_MAPPING,
			'toCrm',
			page.rows.map(({ bcId, crmId }) => bcId ?? crmId),
		);
		for (const document of page.rows)
			rows.push(viewOf(session, document, failures.get(document.crmId) ?? onTheWayBack.get(document.bcId ?? document.crmId)));
		next = page.next;
	} while (next && rows.length < limit);
	if (next || (state && state !== 'failed')) return { rows, more: next !== undefined };
	const failed = await failedOrders(session, text);
	return { rows: [...rows, ...failed].slice(0, limit), more: rows.length + failed.length > limit };
}

function viewOf({ crm, businessCentral }: SyncSession, document: CoupledDocument, failure: Failure | undefined): OrderView {
	const { crmId, bcId, crmNumber, bcNumber, name, stage } = document;
	return {
		crm: { id: crmId, number: crmNumber, name, url: crm.link(CRM_ORDERS, crmId) },
		businessCentral: bcId
			? { id: bcId, number: bcNumber, name: '', url: businessCentral.link(BC_ORDERS, bcId, bcNumber || undefined) }
			: null,
		state: stage,
		amounts: document.amounts,
		coupledAt: document.coupledAt,
		handedOverAt: document.handedOverAt,
		status: document.life?.status ?? null,
		waitsFor: failure ? failure.hint : WAITS_FOR[stage],
		lastError: errorOf(failure),
	};
}

const WAITS_FOR: Readonly<Record<DocumentStage, string>> = {
	open: 'The next run hands it over.',
	held: 'Somebody corrects the amounts, or accepts them in Sales Documents → Accept Amounts.',
	handedOver: '',
	closed: '',
};

async function failedOrders(session: SyncSession, text: string | undefined): Promise<OrderView[]> {
	const { store, crm } = session;
	const failures: Failure[] = [];
	let next: string | undefined;
	do {
		const page = await store.listFailures({ mapping: ORDER_MAPPING, limit: PAGE, ...(next ? { next } : {}) });
		for (const failure of page.rows) if (failure.direction === 'fromCrm') failures.push(failure);
		next = page.next;
	} while (next);
	const known = await store.documentsOf(
		ORDER_MAPPING,
		'crm',
		failures.map(({ sourceId }) => sourceId),
	);
	const open = failures.filter(
		({ sourceId, message }) => !known.has(sourceId) && (!text || message.toLowerCase().includes(text.toLowerCase())),
	);
	const ids = open.map(({ sourceId }) => sourceId);
	const rows = ids.length > 0 ? await crm.readByIds(CRM_ORDERS, ids, []) : new Map();
	return open.map((failure) => {
		const row = rows.get(failure.sourceId);
		return {
			crm: {
				id: failure.sourceId,
				number: row?.number ?? '',
				name: row?.name ?? '',
				url: row ? crm.link(CRM_ORDERS, failure.sourceId) : null,
			},
			businessCentral: null,
			state: 'failed',
			amounts: null,
			coupledAt: null,
			handedOverAt: null,
			status: null,
			waitsFor: failure.hint,
			lastError: errorOf(failure),
		};
	});
}

const errorOf = (failure: Failure | undefined): OrderView['lastError'] =>
	failure ? { code: failure.errorCode, message: failure.message, hint: failure.hint } : null;

import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import type { ReadOrder } from './readOrders';
import { BC_INVOICES, BC_ORDER_FIELDS, BC_ORDERS, ORDER_MAPPING } from './tables';

/**
 * What Business Central has of the orders: those they are coupled with, and of those that are gone the posted invoices, by the order's id, which invoices
 * keep. Two requests at most, and one look into the store.
 */
export async function partnersOf({ session }: ImportContext, orders: readonly ReadOrder[]): Promise<OrderWork[]> {
	const { store, businessCentral } = session;
	const documents = await store.documentsOf(
		ORDER_MAPPING,
		'crm',
		orders.map(({ row }) => row.id),
	);
	const ids = [...documents.values()].flatMap(({ bcId }) => bcId ?? []);
	const there = ids.length > 0 ? await businessCentral.readByIds(BC_ORDERS, ids, BC_ORDER_FIELDS) : new Map();
	const gone = ids.filter((id) => !there.has(id));
	const invoices = gone.length > 0 ? await businessCentral.readByValues(BC_INVOICES, 'orderId', gone, ['orderId', 'status']) : [];
	return orders.map((read): OrderWork => {
		const document = documents.get(read.row.id) ?? null;
		const bc = document?.bcId ? (there.get(document.bcId) ?? null) : null;
		const numbers = invoices.filter(({ values }) => document?.bcId && values['orderId'] === document.bcId).map(({ number }) => number);
		return { ...read, document, bc, invoices: numbers, warnings: [] };
	});
}

import { updateOrders, type ImportResult, type UpdateOrdersRequest } from '../../../../engine';
import type { SessionOptions } from '../../../kit/world';
import { company } from '../../products/shop';
import { openShop, type Line, type Row, type Shop } from '../orderImport/kit';

export { codesOf, type Row } from '../orderImport/kit';

/** A shop with orders that are imported, and the people of Business Central who go on with them. */
export interface Yard extends Shop {
	/** An imported order: its ids on both sides. */
	imported(lines: readonly Line[], values?: Row): Promise<Imported>;
	/** A run that updates CRM, some minutes later. */
	update(request?: UpdateOrdersRequest, options?: SessionOptions): Promise<ImportResult>;
	clerk: ReturnType<typeof company>['clerk'];
}

export interface Imported {
	crm: string;
	bc: string;
	number: string;
}

export async function openYard(settings: Row = {}): Promise<Yard> {
	const shop = await openShop(settings);
	const yard: Yard = {
		...shop,
		clerk: company(shop.world).clerk,
		async imported(lines, values) {
			const crm = shop.order(lines, values);
			await shop.import();
			const { bcId, bcNumber } = (await shop.use(({ store }) => store.documentsOf('SALESORDER-ORDER', 'crm', [crm]))).get(crm)!;
			return { crm, bc: bcId!, number: bcNumber };
		},
		async update(request = {}, options) {
			shop.world.minutes(5);
			return await shop.use((session) => updateOrders(session, request), options);
		},
	};
	return yard;
}

/** A test in a yard of its own. */
export const inYard =
	(test: (yard: Yard) => Promise<void>, settings: Row = {}) =>
	async (): Promise<void> => {
		const yard = await openYard(settings);
		try {
			await test(yard);
		} finally {
			await yard.close();
		}
	};

/** What CRM says of an order: state, step and text. */
export function told(yard: Yard, id: string): string {
	const { statecode, submitstatus, submitstatusdescription } = yard.crmOrder(id);
	const text = String(submitstatusdescription ?? '').replace(/^Business Central order [^ ]+/, 'Order');
	return `${STATES[Number(statecode)]} ${String(submitstatus)} ${text}`;
}

const STATES = ['Active', 'Submitted', 'Canceled', 'Fulfilled', 'Invoiced'];

export const documentOf = async (yard: Yard, id: string) =>
	(await yard.use(({ store }) => store.documentsOf('SALESORDER-ORDER', 'crm', [id]))).get(id);

/** All of the order is invoiced together with others, and it stands there until the batch job that removes invoiced orders has run. */
export function invoicedElsewhere(yard: Yard, bc: string): void {
	const { data } = company(yard.world);
	for (const line of yard.bcLines({ id: bc })) {
		const row = data.table('Sales Line').get(String(line['id']))!;
		const { Quantity: quantity } = row.fields;
		data.modify('Sales Line', row, { ...row.fields, 'Quantity Shipped': quantity!, 'Quantity Invoiced': quantity! }, 'ANNA');
	}
	// What shows it in earnest is an invoice of the customer that names no order; here it is an edit of the header.
	company(yard.world).update('salesOrders', bc, { externalDocumentNumber: 'TOGETHER' });
}

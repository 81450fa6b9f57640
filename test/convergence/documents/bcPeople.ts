import type { Row } from '../fields';
import type { Random } from '../random';
import { weighted } from '../script';
import { companyOf, FREIGHT_ACCOUNT, RESOURCE, SOLD } from './assortment';
import type { Office, Order } from './office';

/** What people do to orders and invoices in Business Central. */
type Deed = 'release' | 'reopen' | 'ship' | 'post' | 'price' | 'delete' | 'invoice' | 'dueDate' | 'pay' | 'payInPart' | 'unapply' | 'cancel' | 'credit'; // prettier-ignore

const DEEDS: Partial<Record<Deed, number>> = { release: 2, reopen: 1, ship: 2, post: 4, price: 2, delete: 1, invoice: 5, dueDate: 2, pay: 4, payInPart: 3, unapply: 2, cancel: 1, credit: 1 }; // prettier-ignore

export function actInBc(office: Office, random: Random): void {
	const deed = weighted(random, DEEDS);
	office.look();
	if (deed === 'invoice') return enterInvoice(office, random);
	if (deed === 'release' || deed === 'reopen' || deed === 'ship' || deed === 'post' || deed === 'price' || deed === 'delete')
		return onOrder(office, deed, random);
	onInvoice(office, deed, random);
}

/** What may not be done just now is refused, as on the page. */
function tried(office: Office, what: string, work: () => void): boolean {
	try {
		work();
	} catch (error) {
		office.tell(`${what}: refused (${error instanceof Error ? error.message.slice(0, 80) : String(error)})`);
		return false;
	}
	office.tell(what);
	return true;
}

function onOrder(office: Office, deed: Deed, random: Random): void {
	const all = office.orders.flatMap((order) => office.bcOrders(order).map((row) => ({ order, row })));
	if (all.length === 0) return;
	const { order, row } = random.pick(all);
	const company = companyOf(office.world);
	const id = String(row['id']);
	const what = `order ${order.mark} (${String(row['number'])})`;
	switch (deed) {
		case 'release':
			if (tried(office, `${what} is released`, () => company.clerk.release(id))) order.touched.released = true;
			return;
		case 'reopen':
			return void tried(office, `${what} is reopened in Business Central`, () => company.clerk.reopen(id));
		case 'ship':
			return void tried(office, `${what} is shipped`, () => void company.clerk.ship(id));
		case 'post':
			return void tried(office, `${what} is shipped and invoiced`, () => {
				const left = linesOf(office, id).some((line) => Number(line['shippedQuantity'] ?? 0) < Number(line['quantity'] ?? 0));
				if (left) company.clerk.ship(id);
				company.clerk.invoice(id);
			});
		case 'delete':
			if (tried(office, `${what} is deleted in Business Central`, () => company.clerk.delete(id))) {
				office.deletedInBc.add(id.toLowerCase());
				order.touched.deleted = true;
			}
			return;
		default:
			return changePrice(office, order, id, random);
	}
}

const linesOf = (office: Office, orderId: string): Row[] =>
	companyOf(office.world)
		.rows('salesOrderLines')
		.filter((line) => line['documentId'] === orderId && line['lineType'] !== 'Comment');

function changePrice(office: Office, order: Order, orderId: string, random: Random): void {
	const lines = linesOf(office, orderId);
	if (lines.length === 0) return;
	const line = random.pick(lines);
	const unitPrice = random.between(100, 9_999) / 100;
	const done = tried(office, `order ${order.mark}: a line costs ${unitPrice} in Business Central`, () =>
		companyOf(office.world).update('salesOrderLines', String(line['id']), { unitPrice }),
	);
	// Between the comparison and the hand-over nobody can tell it any more.
	if (done) order.touched[order.handedOver || office.importing ? 'afterHandOver' : 'beforeHandOver'] = true;
}

/** An invoice without an order, posted. */
function enterInvoice(office: Office, random: Random): void {
	const company = companyOf(office.world);
	const customer = random.pick(office.stage.customers);
	const line = (): Row => {
		const unitPrice = random.chance(0.2) ? random.between(1, 99_999) / 100_000 : random.between(100, 9_999) / 100;
		const quantity = random.between(1, 900);
		const kind = weighted(random, { product: 8, account: 1, comment: 1 });
		if (kind === 'comment') return { lineType: 'Comment', description: `Comment ${office.next()}` };
		if (kind === 'account') return { lineType: 'Account', lineObjectNumber: FREIGHT_ACCOUNT, quantity: 1, unitPrice };
		const product = random.pick(SOLD);
		const what = { lineType: product === RESOURCE ? 'Resource' : 'Item', lineObjectNumber: product };
		return { ...what, quantity, unitPrice, ...(random.chance(0.2) ? { discountAmount: 0.01 } : {}) };
	};
	const lines = Array.from({ length: random.between(1, 4) }, line);
	const discountAmount = random.between(1, 50) / 100;
	tried(office, `an invoice of ${customer.name} with ${lines.length} lines is posted`, () => {
		const { id } = company.insert('salesInvoices', { customerId: customer.customerId, salesInvoiceLines: lines });
		if (random.chance(0.3)) company.update('salesInvoices', String(id), { discountAmount });
		company.act('salesInvoices', String(id), 'post');
	});
	office.figures.edits++;
}

function onInvoice(office: Office, deed: Deed, random: Random): void {
	const all = office.postedInvoices();
	if (all.length === 0) return;
	const row = random.pick(all);
	const company = companyOf(office.world);
	const id = String(row['id']);
	const what = `invoice ${String(row['number'])}`;
	switch (deed) {
		case 'dueDate': {
			const dueDate = `2027-${String(random.between(1, 12)).padStart(2, '0')}-15`;
			return void tried(office, `${what} is due on ${dueDate}`, () => company.update('salesInvoices', id, { dueDate }));
		}
		case 'pay':
			return void tried(office, `${what} is paid`, () => void company.clerk.pay(id));
		case 'payInPart':
			return void tried(office, `${what} is paid in part`, () => void company.clerk.pay(id, random.between(1, 100) / 100));
		case 'unapply':
			return void tried(office, `${what}: a payment is taken back`, () => company.clerk.unapply(id));
		case 'cancel':
			return void tried(office, `${what} is cancelled`, () => company.clerk.cancel(id));
		default:
			return void tried(office, `${what}: a credit memo is posted`, () => {
				const line = { lineType: 'Item', lineObjectNumber: '1000', quantity: 1, unitPrice: 1 };
				const memo = company.insert('salesCreditMemos', { customerId: row['customerId'], invoiceId: id, salesCreditMemoLines: [line] });
				company.clerk.postCreditMemo(String(memo['id']));
			});
	}
}

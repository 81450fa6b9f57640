import { CRM_ROOT } from '../../kit/world';
import type { Row } from '../fields';
import type { Random } from '../random';
import { weighted } from '../script';
import { SOLD } from './assortment';
import type { Office, Order, OrderContent, OrderLine } from './office';

/** What people do to orders and invoices in CRM. */
const productRow = ({ world }: Office, number: string): Row =>
	world.sandbox.crm.rows('product').find(({ productnumber }) => productnumber === number)! as Row;

/** Somebody enters an order, and mostly submits it. */
export function enterOrder(office: Office, random: Random): void {
	const { crm } = office.world.sandbox;
	const mark = `#${office.next()}`;
	const customer = random.pick(office.stage.customers);
	office.world.minutes(1);
	const id = crm.insert('salesorder', {
		name: `${mark} V${office.next()}`,
		customerid: { table: 'account', id: customer.accountId },
		pricelevelid: office.stage.priceList,
	});
	const number = String(crm.get('salesorder', id)['ordernumber']);
	const order: Order = {
		...{ mark, id, number, state: 'active', changed: false, submitted: false, handedOver: null },
		content: { lines: [], discount: 0, freight: 0 },
		touched: { beforeHandOver: false, afterHandOver: false, released: false, deleted: false },
	};
	office.orders.push(order);
	for (let count = random.between(1, 4); count > 0; count--) addLine(office, order, random);
	if (random.chance(0.3)) setMoney(office, order, random);
	office.figures.edits++;
	office.tell(`order ${mark} of ${customer.name} is entered: ${describe(order.content)}`);
	if (random.chance(0.85)) submit(office, order);
}

function addLine(office: Office, order: Order, random: Random): void {
	const { crm } = office.world.sandbox;
	const product = random.chance(0.8) ? random.pick(SOLD) : null;
	const quantity = random.between(1, 9);
	const price = random.between(100, 9_999) / 100;
	const discount = random.chance(0.25) ? random.between(1, 99) / 100 : 0;
	// Some words are longer than a line of Business Central, and go on in lines of text.
	const text = random.chance(0.2) ? `Text ${office.next()} ${'word '.repeat(30)}end` : `Text ${office.next()}`;
	const row = product === null ? null : productRow(office, product);
	const id = crm.insert('salesorderdetail', {
		...{ salesorderid: order.id, quantity, manualdiscountamount: discount, priceperunit: price },
		...(row
			? { productid: row['productid'], uomid: row['defaultuomid'], ispriceoverridden: true }
			: { isproductoverridden: true, productdescription: text }),
	} as never);
	set(order, { lines: [...order.content.lines, { id, product, text, quantity, price, discount }] });
}

function setMoney({ world }: Office, order: Order, random: Random): void {
	const discount = random.chance(0.5) ? random.between(1, 50) / 100 : 0;
	const freight = random.chance(0.5) ? random.between(100, 2_000) / 100 : 0;
	world.sandbox.crm.update('salesorder', order.id, { discountamount: discount, freightamount: freight });
	set(order, { discount, freight });
}

const set = (order: Order, changes: Partial<OrderContent>): void => void (order.content = { ...order.content, ...changes });

export function submit(office: Office, order: Order): void {
	if (order.state !== 'active') return;
	office.look();
	office.world.sandbox.crm.update('salesorder', order.id, { statecode: 1, statuscode: 3 });
	order.state = 'submitted';
	order.submitted = true;
	office.tell(`order ${order.mark} is submitted`);
}

function reopen(office: Office, order: Order): void {
	office.look();
	office.world.sandbox.crm.update('salesorder', order.id, { statecode: 0, statuscode: 2 });
	order.state = 'active';
	office.tell(`order ${order.mark} is opened again`);
}

const pick = (office: Office, random: Random, wanted: (order: Order) => boolean): Order | null => {
	// One that was invoiced is closed, whatever people would like.
	const all = office.orders.filter((order) => {
		const row = office.crmOrder(order);
		return row !== undefined && Number(row['statecode']) < 2 && wanted(order);
	});
	return all.length === 0 ? null : random.pick(all);
};

/** Somebody works on an order: a line or the money changes, which in a submitted one takes opening it and submitting it again. */
export function editOrder(office: Office, random: Random): void {
	const order = pick(office, random, () => true);
	if (!order) return;
	office.look();
	const wasSubmitted = order.state === 'submitted';
	if (wasSubmitted) reopen(office, order);
	const how = change(office, order, random);
	if (order.submitted) order.changed = true;
	office.figures.edits++;
	office.tell(`order ${order.mark} ${how}: ${describe(order.content)}`);
	if (wasSubmitted ? random.chance(0.8) : random.chance(0.6)) submit(office, order);
}

function change(office: Office, order: Order, random: Random): string {
	const { crm } = office.world.sandbox;
	const line = order.content.lines.length > 0 ? random.pick(order.content.lines) : null;
	const others = order.content.lines.filter((each) => each !== line);
	switch (line === null ? 'add' : weighted(random, { quantity: 3, price: 3, add: 2, remove: 1, money: 2, rename: 1 })) {
		case 'quantity':
		case 'price': {
			const fresh: OrderLine = { ...line!, quantity: random.between(1, 9), price: random.between(100, 9_999) / 100 };
			crm.update('salesorderdetail', fresh.id, { quantity: fresh.quantity, priceperunit: fresh.price });
			set(order, { lines: order.content.lines.map((each) => (each === line ? fresh : each)) });
			return 'has a line changed';
		}
		case 'remove':
			if (others.length === 0) return 'is looked at';
			crm.remove('salesorderdetail', line!.id);
			set(order, { lines: others });
			return 'loses a line';
		case 'money':
			setMoney(office, order, random);
			return 'gets other discounts';
		case 'rename':
			crm.update('salesorder', order.id, { name: `${order.mark} V${office.next()}` });
			return 'is renamed';
		default:
			addLine(office, order, random);
			return 'gets a line';
	}
}

export function reopenOrder(office: Office, random: Random): void {
	const order = pick(office, random, ({ state }) => state === 'submitted');
	if (order) reopen(office, order);
}

export function submitOrder(office: Office, random: Random): void {
	const order = pick(office, random, ({ state }) => state === 'active');
	if (order) submit(office, order);
}

/** By its message, as the form of CRM does. */
export async function cancelOrder(office: Office, random: Random): Promise<void> {
	const order = pick(office, random, ({ state }) => state !== 'canceled');
	if (!order) return;
	office.look();
	const { sandbox } = office.world;
	const body = {
		Status: 4,
		OrderClose: { '@odata.type': '#Microsoft.Dynamics.CRM.orderclose', subject: 'Canceled', 'salesorderid@odata.bind': `/salesorders(${order.id})` }, // prettier-ignore
	};
	const answer = await sandbox.handle({
		method: 'POST',
		url: `${CRM_ROOT}/api/data/v9.2/CancelSalesOrder`,
		headers: { authorization: `Bearer ${sandbox.login.token('crm')}`, 'content-type': 'application/json', accept: 'application/json' },
		body: JSON.stringify(body),
	});
	if (answer.status !== 204) return office.tell(`order ${order.mark} cannot be canceled: ${answer.status} ${answer.body.slice(0, 120)}`);
	order.state = 'canceled';
	office.tell(`order ${order.mark} is canceled`);
}

export function deleteOrder(office: Office, random: Random): void {
	// One that an invoice belongs to cannot be deleted.
	const { crm } = office.world.sandbox;
	const order = pick(office, random, ({ id }) => crm.find('invoice', ({ salesorderid }) => salesorderid === id) === undefined);
	if (!order) return;
	if (order.state === 'submitted') reopen(office, order);
	office.look();
	crm.remove('salesorder', order.id);
	order.state = 'deleted';
	office.tell(`order ${order.mark} is deleted in CRM`);
}

/** Somebody deletes an invoice, gives it a status of his own, or adds a line to it. */
export function handleInvoice(office: Office, random: Random): void {
	const { crm } = office.world.sandbox;
	const rows = crm.rows('invoice');
	if (rows.length === 0) return;
	const row = random.pick(rows);
	const note = office.note(row['invoicenumber']);
	const id = String(row['invoiceid']);
	const how = weighted(random, { remove: 2, status: 2, line: 1 });
	// One that is not Active is closed for people, too.
	if (row['statecode'] !== 0) return;
	if (how === 'remove') {
		crm.remove('invoice', id);
		note.deleted = row['statuscode'] === 1 ? 'unfinished' : 'complete';
		return office.tell(`invoice ${String(row['invoicenumber'])} is deleted in CRM`);
	}
	if (how === 'status') {
		// One that is New is being written: nobody has seen it billed yet.
		if (row['statuscode'] === 1) return;
		crm.update('invoice', id, { statuscode: 2 });
		note.status = true;
		return office.tell(`invoice ${String(row['invoicenumber'])} is Partially Shipped in CRM`);
	}
	const line = { invoiceid: id, isproductoverridden: true, productdescription: 'By hand', quantity: 1, priceperunit: 3 };
	crm.insert('invoicedetail', line as never);
	note.lines = true;
	office.tell(`invoice ${String(row['invoicenumber'])} gets a line in CRM`);
}

const describe = ({ lines, discount, freight }: OrderContent): string =>
	[
		...lines.map(
			({ product, quantity, price, discount: off }) => `${quantity} ${product ?? 'words'} at ${price}${off ? ` less ${off}` : ''}`,
		),
		...(discount ? [`discount ${discount}`] : []),
		...(freight ? [`freight ${freight}`] : []),
	].join(', ');

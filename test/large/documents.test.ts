import { synchronizeInvoices, updatePaymentStatus } from '../../engine';
import { company } from '../scenarios/products/shop';
import { openShop, type Shop } from '../scenarios/documents/orderImport/kit';

/** What sales documents may cost in requests, at the sizes they are meant for. Requests are counted; no clock is looked at. */
const ORDERS = 500;
const LINES = 10;
const PER_ORDER = 2.2;
/** Of all flows together, when nothing is due. */
const QUIET = 12;

jest.setTimeout(900_000);

let shop: Shop;
afterEach(() => shop.close());

test(`${ORDERS} orders of ${LINES} lines take at most ${PER_ORDER} requests each; then all flows of documents find nothing to do in at most ${QUIET}`, async () => {
	shop = await openShop();
	shop.world.sandbox.log.keepBodies = false;
	const lines = Array.from({ length: LINES }, (_, n) => ({ product: n % 2 ? '1000' : '2000', price: n + 1 }));
	for (let n = 0; n < ORDERS; n++) shop.order(lines, { name: `Order ${n}`, ...(n % 3 === 0 ? { discountamount: 1 } : {}) });
	shop.world.takeRequests();

	const { job } = await shop.import();
	const spent = shop.world.takeRequests().length;
	expect(job.job).toMatchObject({ inserted: ORDERS, failed: 0 });
	expect(spent).toBeLessThanOrEqual(ORDERS * PER_ORDER);
	const imported = shop.bcOrders();
	expect(new Set(imported.map(({ externalDocumentNumber }) => externalDocumentNumber)).size).toBe(ORDERS);
	expect(company(shop.world).rows('salesOrderLines')).toHaveLength(ORDERS * LINES);

	// One is posted and paid, so that every flow has something it knows.
	const id = String(imported[0]!['id']);
	company(shop.world).clerk.ship(id);
	const invoice = company(shop.world).clerk.invoice(id);
	shop.world.minutes(30);
	await shop.use((session) => synchronizeInvoices(session, { createFrom: '' }));
	company(shop.world).clerk.pay(invoice);
	await shop.use((session) => updatePaymentStatus(session));
	for (let round = 0; round < 2; round++) {
		shop.world.minutes(30);
		shop.world.takeRequests();
		const counts: number[] = [];
		const count = (): number => counts.push(shop.world.takeRequests().length);
		await shop.import();
		count();
		await shop.use((session) => synchronizeInvoices(session, { createFrom: '' }));
		count();
		await shop.use((session) => updatePaymentStatus(session));
		count();
		process.stdout.write(`${spent} requests for ${ORDERS} orders; quiet: ${counts.join(' + ')}\n`);
		expect(counts.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(QUIET);
	}
});

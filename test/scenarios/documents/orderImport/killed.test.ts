import { dieAt, Killed } from '../../../kit/killing';
import { PointSample } from '../../../kit/points';
import type { Step } from '../../../kit/step';
import { openShop, type Row, type Shop } from './kit';

/** Dead runs' leases are free, and lost requests have surely ended. */
const MINUTES = 20;
const sample = new PointSample('killed');
afterAll(() => void process.stdout.write(`${String(sample)}\n`));

/** An order in all its steps, one that is plain, and one that fails. */
function fill(shop: Shop): void {
	const bc = shop.world.sandbox.businessCentral.company(shop.world.base.companyName);
	const item = bc.rows('items').find(({ number }) => number === '2000')!;
	bc.update('items', String(item['id']), { priceIncludesTax: true });
	shop.order([{ product: '1000', quantity: 2, values: { description: 'Blue' } }, { product: '2000', price: 12 }, { writeIn: 'Assembly' }], {
		name: 'Large',
		freightamount: 5,
		discountamount: 10,
		shipto_city: 'Leeds',
	});
	shop.order([{ product: '1000' }], { name: 'Plain' });
	shop.order([{ product: '1000' }], { name: 'Bad', shipto_country: 'Utopia' });
}

const shown = (row: Row, ...fields: string[]): string => fields.map((field) => String(row[field] ?? '')).join(' ');

/** What is left in both systems and in the store, in words. */
async function outcome(shop: Shop) {
	const names = new Map(shop.world.sandbox.crm.rows('salesorder').map((row) => [row['salesorderid'], String(row['name'])]));
	return await shop.use(async ({ store }) => ({
		orders: shop
			.bcOrders()
			.map((order) => {
				const lines = shop
					.bcLines(order)
					.map((line) => shown(line, 'sequence', 'lineObjectNumber', 'description', 'quantity', 'unitPrice'));
				return `${shown(order, 'externalDocumentNumber', 'shipToCity', 'discountAmount', 'totalAmountExcludingTax')}: ${lines.join('; ')}`;
			})
			.sort(),
		crm: shop.world.sandbox.crm
			.rows('salesorder')
			.map((row) => shown(row, 'name', 'statecode', 'lastbackofficesubmit'))
			.sort(),
		documents: (await store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 99 })).rows
			.map(({ crmId, stage, amounts, lines, bcId }) => {
				const whole = lines.every((line) => line.bcId !== null) && shop.bcOrders().some(({ id }) => id === bcId);
				return `${names.get(crmId)} ${stage} ${amounts?.status} ${lines.length} ${whole}`;
			})
			.sort(),
		failures: (await store.listFailures({ limit: 99 })).rows.map(({ errorCode, sourceId }) => `${names.get(sourceId)} ${errorCode}`),
		left: [
			...(await store.intents('SALESORDER-ORDER', 'fromCrm', 99)).map(() => 'intent'),
			...(await store.jobs({ limit: 99, status: 'running' })).rows.map(() => 'job is running'),
		],
	}));
}

async function play(step: number, when: 'before' | 'after') {
	const shop = await openShop();
	try {
		fill(shop);
		const death = dieAt(step, when);
		const died = await Promise.race([shop.import({}, death.options).then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		const walked: readonly Step[] = [...death.walked()];
		for (let run = 0; run < 3; run++) {
			shop.world.minutes(MINUTES);
			await shop.import();
		}
		return { walked, died, outcome: await outcome(shop) };
	} finally {
		await shop.close();
	}
}

test('DOC-95: killed at requests and store transactions of every kind, before and after they take effect, an import ends like an undisturbed one', async () => {
	const undisturbed = await play(Infinity, 'before');
	expect(undisturbed.outcome).toMatchObject({
		orders: [expect.stringContaining('LARGE Leeds 10 '), expect.stringContaining('PLAIN London 0 100:')],
		documents: ['Large handedOver agree 5 true', 'Plain handedOver agree 1 true'],
		failures: ['Bad COUNTRY_UNKNOWN'],
		left: [],
	});
	const { walked } = undisturbed;
	expect(walked.length).toBeGreaterThanOrEqual(25);
	for (const { step, when } of sample.of(walked)) {
		const { died, outcome: found } = await play(step, when);
		const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
		expect({ at, died, ...found }).toEqual({ at, died: true, ...undisturbed.outcome });
	}
}, 900_000);

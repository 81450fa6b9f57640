import { dieAt, Killed } from '../../../kit/killing';
import { PointSample } from '../../../kit/points';
import type { Step } from '../../../kit/step';
import { openYard, told, type Row, type Yard } from './kit';

/** Dead runs' leases are free, lost requests have surely ended, and what is gone is looked at for the second time. */
const MINUTES = 20;
const sample = new PointSample('killed');
afterAll(() => void process.stdout.write(`${String(sample)}\n`));

const SETTINGS = { applyResubmitted: true, cancelInBusinessCentral: true };

/** One order for each thing that may happen to one. */
async function fill(yard: Yard): Promise<void> {
	const { crm } = yard.world.sandbox;
	const make = (name: string) => yard.imported([{ product: '1000', quantity: 2 }, { writeIn: 'Assembly' }], { name });
	const [shipped, posted, deleted, canceled, gone, changed] = [
		await make('Shipped'),
		await make('Posted'),
		await make('Deleted'),
		await make('Canceled'),
		await make('Gone'),
		await make('Changed'),
	];
	await yard.update();
	for (const { bc } of [shipped, posted]) yard.clerk.release(bc);
	yard.clerk.ship(shipped.bc, { 10000: 1 });
	yard.clerk.ship(posted.bc);
	yard.clerk.invoice(posted.bc);
	yard.clerk.delete(deleted.bc);
	crm.seed('salesorder', [{ ...yard.crmOrder(canceled.crm), statecode: 2, statuscode: 4 }] as never);
	crm.update('salesorder', gone.crm, { statecode: 0, statuscode: 2 });
	crm.remove('salesorder', gone.crm);
	crm.update('salesorder', changed.crm, { statecode: 0, statuscode: 2 });
	const [first, second] = yard.crmLines(changed.crm);
	crm.update('salesorderdetail', String(first!['salesorderdetailid']), { quantity: 3, description: 'Blue' });
	crm.remove('salesorderdetail', String(second!['salesorderdetailid']));
	crm.insert('salesorderdetail', {
		salesorderid: changed.crm,
		quantity: 1,
		isproductoverridden: true,
		productdescription: 'Fitting',
		priceperunit: 7,
	} as never);
	crm.update('salesorder', changed.crm, { discountamount: 4 });
	crm.update('salesorder', changed.crm, { statecode: 1, statuscode: 3 });
}

const shown = (row: Row, ...fields: string[]): string => fields.map((field) => String(row[field] ?? '')).join(' ');

/** What is left in both systems and in the store, in words. */
async function outcome(yard: Yard) {
	const names = new Map(yard.world.sandbox.crm.rows('salesorder').map((row) => [row['salesorderid'], String(row['name'])]));
	return await yard.use(async ({ store }) => ({
		orders: yard
			.bcOrders()
			.map((order) => {
				const lines = yard.bcLines(order).map((line) => shown(line, 'sequence', 'lineObjectNumber', 'description', 'quantity'));
				return `${shown(order, 'externalDocumentNumber', 'discountAmount', 'totalAmountExcludingTax')}: ${lines.join('; ')}`;
			})
			.sort(),
		crm: yard.world.sandbox.crm
			.rows('salesorder')
			.map((row) => {
				const lines = yard.crmLines(String(row['salesorderid'])).map((line) => shown(line, 'quantity', 'quantityshipped'));
				const text = told(yard, String(row['salesorderid'])).replace(/PS-INV\d+/, 'INV');
				return `${String(row['name'])} ${String(row['lastbackofficesubmit'] ?? 'free')} ${text}: ${lines.join('; ')}`;
			})
			.sort(),
		documents: (await store.listDocuments({ mapping: 'SALESORDER-ORDER', limit: 99 })).rows
			.map(({ crmId, stage, lines, life }) => `${names.get(crmId)} ${stage} ${lines.length} ${life?.status}`)
			.sort(),
		failures: (await store.listFailures({ limit: 99 })).rows.map(({ errorCode }) => errorCode),
		left: [
			...(await store.intents('SALESORDER-ORDER', 'fromCrm', 99)).map(() => 'intent'),
			...(await store.jobs({ limit: 99, status: 'running' })).rows.map(() => 'job is running'),
		],
	}));
}

async function play(step: number, when: 'before' | 'after') {
	const yard = await openYard(SETTINGS);
	try {
		await fill(yard);
		const death = dieAt(step, when);
		const died = await Promise.race([yard.update({}, death.options).then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		const walked: readonly Step[] = [...death.walked()];
		for (let run = 0; run < 4; run++) {
			yard.world.minutes(MINUTES);
			await yard.update();
		}
		return { walked, died, outcome: await outcome(yard) };
	} finally {
		await yard.close();
	}
}

test('DOC-95: killed at requests and store transactions of every kind, before and after they take effect, an update of orders ends like an undisturbed one', async () => {
	const undisturbed = await play(Infinity, 'before');
	expect(undisturbed.outcome).toMatchObject({
		orders: [
			'CHANGED 4 303: 10000 1000 Item 1000 3; 15000  Blue 0; 30000 MISC Fitting 1',
			'GONE 0 210: 10000 1000 Item 1000 2; 20000 MISC Assembly 1',
			'SHIPPED 0 210: 10000 1000 Item 1000 2; 20000 MISC Assembly 1',
		],
		failures: [],
		left: [],
	});
	expect(undisturbed.outcome.documents).toEqual(['Changed handedOver 3 10', 'Posted handedOver 2 70', 'Shipped handedOver 2 40']);
	const { walked } = undisturbed;
	expect(walked.length).toBeGreaterThanOrEqual(20);
	for (const { step, when } of sample.of(walked)) {
		const { died, outcome: found } = await play(step, when);
		const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
		expect({ at, died, ...found }).toEqual({ at, died: true, ...undisturbed.outcome });
	}
}, 900_000);

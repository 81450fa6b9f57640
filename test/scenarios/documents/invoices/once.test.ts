import { dieAt, Killed } from '../../../kit/killing';
import { PointSample } from '../../../kit/points';
import type { Step } from '../../../kit/step';
import { company } from '../../products/shop';
import { codesOf, credit, inOffice, openOffice, stateOf, type Office, type Row } from './kit';

/** Dead runs' leases are free, and lost requests have surely ended. */
const MINUTES = 20;
const sample = new PointSample('killed');
afterAll(() => void process.stdout.write(`${String(sample)}\n`));

/** An invoice with a rounding line that is partly paid and credited, one that is plain, one that fails, and one that CRM has and that was changed. */
async function fill(office: Office): Promise<void> {
	office.world.sandbox.crm.followTable('invoice');
	const known = office.invoice([{ item: '1000' }]);
	await office.run({ ids: [known] });
	office.world.minutes(20);
	company(office.world).update('salesInvoices', known, { dueDate: '2026-04-30' });
	office.pay(known);
	const large = office.invoice(
		[{ item: '1000', quantity: 700, price: 0.12345 }, { comment: 'Blue' }, { account: '8100', price: 5 }],
		{},
		{ discount: 3 },
	);
	office.pay(large, 10);
	credit(office, large);
	office.invoice([{ item: '2000', quantity: 2 }]);
	const stranger = String(company(office.world).insert('customers', { number: 'C9', displayName: 'Stranger' })['id']);
	office.invoice([{ item: '1000' }], { customerId: stranger });
}

const shown = (row: Row, ...fields: string[]): string => fields.map((field) => String(row[field] ?? '')).join(' ');

/** What is left in CRM and in the store, in words. */
async function outcome(office: Office) {
	const { crm } = office.world.sandbox;
	return await office.use(async ({ store }) => ({
		invoices: office
			.crmInvoices()
			.map((row) => {
				const lines = office
					.crmLines(row)
					.map((line) => shown(line, 'lineitemnumber', 'productdescription', 'quantity', 'priceperunit', 'tax'));
				return `${shown(row, 'invoicenumber', 'duedate', 'totalamount')} ${stateOf(row)} ${String(row['description']).replaceAll('\n', '|')}: ${lines.join('; ')}`;
			})
			.sort(),
		notes: crm
			.rows('annotation')
			.map((row) => shown(row, 'filename'))
			.sort(),
		posts: crm
			.rows('post')
			.map((row) => shown(row, 'text'))
			.sort(),
		prices: crm.rows('productpricelevel').length,
		documents: (await store.listDocuments({ mapping: 'POSTEDSALESINV-INV', limit: 99 })).rows
			.map(({ bcNumber, stage, payment, amounts }) => `${bcNumber} ${stage} ${payment} ${amounts?.status}`)
			.sort(),
		failures: (await store.listFailures({ limit: 99 })).rows.map(({ errorCode }) => errorCode),
		left: [
			...(await store.intents('POSTEDSALESINV-INV', 'toCrm', 99)).map(() => 'intent'),
			...(await store.jobs({ limit: 99, status: 'running' })).rows.map(() => 'job is running'),
		],
	}));
}

const request = { createFrom: '', attachPdf: true };

async function play(step: number, when: 'before' | 'after') {
	const office = await openOffice();
	try {
		await fill(office);
		const death = dieAt(step, when);
		const work = office.run(request, death.options).then(() => office.payments({}, death.options));
		const died = await Promise.race([work.then(() => false), death.happened]).catch((error: unknown) => {
			if (error instanceof Killed) return true;
			throw error;
		});
		const walked: readonly Step[] = [...death.walked()];
		for (let run = 0; run < 2; run++) {
			office.world.minutes(MINUTES);
			await office.run(request);
			await office.payments();
		}
		return { walked, died, outcome: await outcome(office) };
	} finally {
		await office.close();
	}
}

test('DOC-79, DOC-95: killed at requests and store transactions of every kind, before and after they take effect, a run ends like an undisturbed one', async () => {
	const undisturbed = await play(Infinity, 'before');
	expect(undisturbed.outcome).toMatchObject({
		invoices: [
			expect.stringMatching(/2026-04-30 .* 2\/100001 /),
			expect.stringMatching(/ 2\/100002 .*\|Credit memo .* 6\.00 GBP: 10000 .*; 30000 Freight .*; 1000000000 Rounding 1 2\.42 /),
			expect.stringMatching(/ 0\/4 /),
		],
		notes: [expect.stringMatching(/\.pdf$/), expect.stringMatching(/\.pdf$/)],
		failures: ['DEPENDENCY'],
		left: [],
	});
	expect(undisturbed.outcome.posts).toHaveLength(1);
	const { walked } = undisturbed;
	expect(walked.length).toBeGreaterThanOrEqual(40);
	for (const { step, when } of sample.of(walked)) {
		const { died, outcome: found } = await play(step, when);
		const at = `${when} step ${step} of ${walked.length}, ${walked[step - 1]!.kind}`;
		expect({ at, died, ...found }).toEqual({ at, died: true, ...undisturbed.outcome });
	}
}, 600_000);

test(
	'DOC-96: a store that knows nothing meets the rows by their ids, and makes no second one',
	inOffice(async (office) => {
		const id = office.invoice([{ item: '1000', quantity: 2 }]);
		await office.run({ ids: [id] });
		const before = [office.crmInvoices(), office.world.sandbox.crm.rows('invoicedetail')];
		const crmId = String(office.crmInvoices()[0]!['invoiceid']);
		await office.use(({ store }) => store.commit({ documentsDone: [{ mapping: 'POSTEDSALESINV-INV', crmId }] }));
		const result = await office.run({ createFrom: '' });
		expect([codesOf(result), result.invoices.map(({ action }) => action)]).toEqual([[], ['completed']]);
		expect([office.crmInvoices(), office.world.sandbox.crm.rows('invoicedetail')]).toEqual(before);
	}),
);

test(
	'an invoice that another integration has brought is coupled by its number, and several of that number are told',
	inOffice(async (office) => {
		const { crm } = office.world.sandbox;
		const [one, two] = [office.invoice([{ item: '1000' }]), office.invoice([{ item: '1000' }])];
		const enter = (id: string): string =>
			crm.insert('invoice', {
				name: 'Theirs',
				invoicenumber: office.bcInvoice(id)['number'],
				customerid: { table: 'account', id: office.account },
			} as never);
		const theirs = enter(one);
		enter(two);
		enter(two);
		office.pay(one);
		const result = await office.run({ ids: [one, two] });
		expect([codesOf(result), result.invoices.map(({ action, crm: { id } }) => [action, id])]).toEqual([
			['INVOICE_AMBIGUOUS'],
			[['coupled', theirs]],
		]);
		expect(crm.get('invoice', theirs)).toMatchObject({ name: 'Theirs', statecode: 2, statuscode: 100001 });
		expect(office.crmInvoices()).toHaveLength(3);
		// What fits their own lines stays; the rest follows Business Central. Theirs deleted, ours takes its place when it is named.
		company(office.world).clerk.unapply(one);
		crm.update('invoice', theirs, { statecode: 0, statuscode: 4 });
		crm.update('invoice', theirs, { discountamount: 7 });
		office.world.minutes(20);
		company(office.world).update('salesInvoices', one, { dueDate: '2026-06-30' });
		await office.run();
		expect(crm.get('invoice', theirs)).toMatchObject({ duedate: '2026-06-30', discountamount: 7, statecode: 0, statuscode: 4 });
		crm.remove('invoice', theirs);
		expect(codesOf(await office.run({ ids: [one] }))).toEqual([]);
		expect(office.crmInvoice(office.bcInvoice(one)['number'])['totalamount']).toBe(120);
	}),
);

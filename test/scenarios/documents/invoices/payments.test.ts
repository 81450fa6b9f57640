import type { PaymentState } from '../../../../engine/model/document';
import { PAYMENT_STATES, PAYMENT_TRANSITIONS, paymentAction } from '../../../../engine/documents/invoices/states';
import { paymentOf } from '../../../../engine/documents/invoices/postedInvoice';
import { company } from '../../products/shop';
import { codesOf, inOffice, stateOf, type Office } from './kit';

const delivered = async (office: Office): Promise<{ id: string; state(): string; crmId: string }> => {
	const id = office.invoice([{ item: '1000', quantity: 2 }]);
	await office.run({ ids: [id] });
	const number = office.bcInvoice(id)['number'];
	return { id, state: () => stateOf(office.crmInvoice(number)), crmId: String(office.crmInvoice(number)['invoiceid']) };
};
const writes = (office: Office): number => office.world.takeRequests().reduce((sum, request) => sum + request.writes, 0);

describe('how far invoices are paid', () => {
	it('DOC-80: by what remains', () => {
		const of = (status: string, remaining: number): PaymentState | null => paymentOf({ status, remaining, total: 100 });
		expect([of('Open', 100), of('Open', 40), of('Paid', 0), of('Canceled', 0), of('Corrective', 0), of('Corrective', 100)]).toEqual([
			'billed',
			'partial',
			'paid',
			'canceled',
			'paid',
			'billed',
		]);
		expect(of('Open', 0)).toBeNull();
		expect(paymentOf({ status: 'Open', remaining: 0, total: 0 })).toBe('paid');
	});

	it('DOC-81, DOC-82: every pair of states has its way, and equal ones none', () => {
		for (const [crm, row] of Object.entries(PAYMENT_TRANSITIONS))
			for (const [target, action] of Object.entries(row)) {
				const isActive = crm === 'billed' || crm === 'other';
				const expected = crm === target ? 'nothing' : isActive || target === 'billed' ? 'set' : 'throughActive';
				expect([crm, target, action]).toEqual([crm, target, expected]);
				expect(paymentAction(crm as PaymentState, target as PaymentState)).toBe(action);
			}
		expect(Object.keys(PAYMENT_TRANSITIONS)).toHaveLength(6);
	});

	it(
		'DOC-4, DOC-81: a partial payment, the rest, and both taken back, each told through Active / Billed in one change set',
		inOffice(async (office) => {
			const { id, state } = await delivered(office);
			office.world.minutes(20);
			const stamp = office.bcInvoice(id)['lastModifiedDateTime'];
			office.pay(id, 50);
			expect(office.bcInvoice(id)['lastModifiedDateTime']).toBe(stamp);
			expect((await office.payments()).job.job.message).toBe('1 changed.');
			expect(state()).toBe('2/100002');
			office.world.minutes(20);
			office.pay(id);
			await office.payments();
			expect(state()).toBe('2/100001');
			office.world.minutes(20);
			company(office.world).clerk.unapply(id);
			await office.payments();
			expect(state()).toBe('2/100002');
			company(office.world).clerk.unapply(id);
			await office.payments();
			expect(state()).toBe('0/4');
		}),
	);

	it.each(Object.keys(PAYMENT_STATES) as PaymentState[])('DOC-81: from a row that a person has set to %s, to every other state', (from) =>
		inOffice(async (office) => {
			const targets: PaymentState[] = ['partial', 'paid', 'canceled'];
			for (const target of targets) {
				const { id, state, crmId } = await delivered(office);
				const [statecode, statuscode] = PAYMENT_STATES[from];
				if (from !== 'billed') office.world.sandbox.crm.update('invoice', crmId, { statecode, statuscode });
				if (target === 'canceled') company(office.world).clerk.cancel(id);
				else office.pay(id, target === 'partial' ? 10 : undefined);
				expect(codesOf(await office.payments())).toEqual([]);
				expect([from, target, state()]).toEqual([from, target, PAYMENT_STATES[target].join('/')]);
			}
		})(),
	);

	it(
		'DOC-82: what CRM says already is not written; a second run writes nothing',
		inOffice(async (office) => {
			const { id, state, crmId } = await delivered(office);
			office.pay(id);
			office.world.sandbox.crm.update('invoice', crmId, { statecode: 2, statuscode: 100001 });
			writes(office);
			await office.payments();
			expect([state(), writes(office)]).toEqual(['2/100001', 0]);
			office.world.minutes(60);
			expect((await office.payments()).job.job.message).toMatch(/unchanged|No changes/);
			expect(writes(office)).toBe(0);
		}),
	);

	it(
		"a person's own status stays while Business Central says nothing new",
		inOffice(async (office) => {
			const { id, state, crmId } = await delivered(office);
			office.world.sandbox.crm.update('invoice', crmId, { statuscode: 2 });
			await office.payments();
			company(office.world).update('salesInvoices', id, { dueDate: '2026-04-30' });
			await office.run();
			expect(state()).toBe('0/2');
			office.pay(id, 50);
			await office.payments();
			company(office.world).clerk.unapply(id);
			await office.payments();
			expect(state()).toBe('0/4');
		}),
	);

	it(
		'cancelled in CRM and paid in Business Central ends as paid',
		inOffice(async (office) => {
			const { id, state, crmId } = await delivered(office);
			office.world.sandbox.crm.update('invoice', crmId, { statecode: 3, statuscode: 100003 });
			office.pay(id);
			await office.payments();
			expect(state()).toBe('2/100001');
		}),
	);

	it(
		'an invoice that was paid and cancelled between two looks is found by its stamp; one that was deleted is uncoupled, and its row stays',
		inOffice(async (office) => {
			const [first, second] = [await delivered(office), await delivered(office)];
			office.pay(first.id);
			await office.payments();
			office.world.minutes(20);
			company(office.world).clerk.unapply(first.id);
			company(office.world).clerk.cancel(first.id);
			const { data } = company(office.world);
			data.remove('Sales Header', data.table('Sales Header').get(second.id)!, 'ANNA');
			const result = await office.payments();
			expect([first.state(), second.state(), result.job.job.uncoupled]).toEqual(['3/100003', '0/4', 1]);
			const left = await office.use(({ store }) => store.listDocuments({ mapping: 'POSTEDSALESINV-INV', limit: 9 }));
			expect(left.rows.map(({ bcId }) => bcId)).toEqual([first.id]);
		}),
	);

	it(
		'DOC-84: one that CRM refuses is told, stops no other, and the next run does it',
		inOffice(async (office) => {
			const [first, second] = [await delivered(office), await delivered(office)];
			await office.payments();
			const mark = (): Promise<string | null> => office.use(({ store }) => store.watermark('INVOICE-PAYMENTS', 'businessCentral'));
			const before = await mark();
			office.world.minutes(20);
			for (const { id } of [first, second]) office.pay(id);
			office.world.sandbox.faults.add({
				system: 'crm',
				method: 'PATCH',
				url: new RegExp(first.crmId),
				times: 99,
				fault: { kind: 'answer', status: 503, body: { error: { code: '0x80072321', message: 'busy' } } },
			} as never);
			const result = await office.payments();
			expect([codesOf(result).length, second.state(), await mark()]).toEqual([1, '2/100001', before]);
			office.world.sandbox.faults.clear();
			await office.payments();
			expect(first.state()).toBe('2/100001');
			expect((await mark())! > before!).toBe(true);
		}),
	);

	it(
		'DOC-98: a preview tells, and writes nothing',
		inOffice(async (office) => {
			const { id, state } = await delivered(office);
			office.pay(id, 50);
			writes(office);
			const result = await office.payments({ preview: true });
			expect([state(), writes(office), result.job.job.message]).toEqual(['0/4', 0, 'Would be: 1 changed.']);
			expect(result.invoices).toMatchObject([{ action: 'wouldUpdate', payment: 'partial' }]);
		}),
	);

	it(
		'what cannot be, nothing remaining of an open invoice, is told and not believed',
		inOffice(async (office) => {
			const { id, state } = await delivered(office);
			const { data } = company(office.world);
			data.setFlow('Sales Header', data.table('Sales Header').get(id)!, { 'Remaining Amount': 0 });
			const result = await office.payments();
			expect(state()).toBe('0/4');
			expect(result.job.warnings.join()).toMatch(/nothing remains, which cannot be/);
		}),
	);

	it(
		'10,000 open invoices are checked in three requests at most',
		inOffice(async (office) => {
			const { id, state } = await delivered(office);
			const { data } = company(office.world);
			const sample = data.table('Sales Header').get(id)!;
			const now = new Date(office.world.clock.now()).toISOString();
			const ids: string[] = [];
			for (let n = 1; n < 10_000; n++) {
				const row = data.insert('Sales Header', { ...sample.fields, 'No.': `X${n}` }, 'ANNA', data.newId(), {
					'Remaining Amount': sample.flow['Remaining Amount']!,
				});
				ids.push(row.id);
			}
			await office.use(({ store }) =>
				store.commit({
					documents: ids.map((bcId, n) => ({
						mapping: 'POSTEDSALESINV-INV',
						crmId: `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
						bcId,
						crmNumber: `X${n}`,
						bcNumber: `X${n}`,
						name: '',
						stage: 'handedOver' as const,
						content: '',
						amounts: null,
						accepted: null,
						goneSince: null,
						coupledAt: now,
						handedOverAt: now,
						payment: 'billed' as const,
						lines: [],
					})),
				}),
			);
			await office.payments();
			office.world.minutes(60);
			office.world.takeRequests();
			const quiet = await office.payments();
			expect([quiet.job.job.unchanged, office.world.takeRequests().length <= 3]).toEqual([10_000, true]);
			office.pay(id, 1);
			await office.payments();
			expect(state()).toBe('2/100002');
		}),
	);
});

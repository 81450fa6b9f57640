import { company, deliver } from '../../products/shop';
import { uncouple } from '../../../../engine';
import { contentOf, ofPage, seen } from '../../../../engine/documents/statistics/figures';
import { actionsOf, atCounter, codesOf, type Counter } from './kit';

const balance = (counter: Counter, account?: string): unknown => counter.figures(account)?.['nav_balancelcy'];
const DAY = 24 * 60;

describe('which customers are looked at', () => {
	it(
		'DOC-85: first every coupled customer that CRM has no figures of, then those with something posted, by who pays',
		atCounter(async (counter) => {
			const { customer, account } = await counter.customerNamed('C2', 'Payer');
			expect(actionsOf(await counter.statistics())).toEqual(['created', 'created']);
			counter.world.minutes(20);
			const id = counter.invoice([{ item: '1000' }], { billToCustomerId: customer });
			expect(actionsOf(await counter.statistics())).toEqual(['updated']);
			expect([balance(counter), balance(counter, account)]).toEqual([0, 120]);
			// Paid at once: the balance is where it was, and the sales are not.
			counter.world.minutes(20);
			counter.pay(id);
			await counter.statistics();
			counter.world.minutes(20);
			counter.pay(counter.invoice([{ item: '1000' }], { billToCustomerId: customer }));
			expect(actionsOf(await counter.statistics())).toEqual(['updated']);
			expect(counter.figures(account)).toMatchObject({ nav_balancelcy: 0, nav_totalsaleslcy: 200 });
		}),
	);

	it(
		'DOC-85: what is overdue is looked at once a day, also where nobody does anything',
		atCounter(async (counter) => {
			counter.invoice([{ item: '1000' }], { dueDate: '2026-03-08' });
			await counter.statistics();
			expect(counter.figures()).toMatchObject({ nav_overdueamountslcy: 0, nav_overdueamountsasof: '2026-03-07' });
			counter.world.minutes(DAY);
			await counter.statistics();
			expect(counter.figures()).toMatchObject({ nav_overdueamountslcy: 0, nav_overdueamountsasof: '2026-03-07' });
			counter.world.minutes(DAY);
			expect(actionsOf(await counter.statistics())).toEqual(['updated']);
			expect(counter.figures()).toMatchObject({ nav_overdueamountslcy: 120, nav_overdueamountsasof: '2026-03-09' });
			counter.cost();
			counter.world.minutes(60);
			await counter.statistics();
			expect(counter.cost()).toMatchObject({ crm: 0, writes: 0 });
		}),
	);

	it(
		'DOC-86: where nothing happened nothing is read of CRM, and nothing written; ten thousand customers cost no more than five requests',
		atCounter(async (counter) => {
			await counter.statistics();
			const bc = company(counter.world);
			for (let n = 0; n < 10_000; n++) bc.data.insert('Customer', { 'No.': `N${n}`, Name: `Number ${n}` }, 'ANNA');
			await counter.use(async ({ store }) => {
				const sample = (await store.listDerivedRows({ mapping: 'ACCOUNT-STATISTICS', limit: 1 })).rows[0]!;
				const like = (await store.findCouplings({ mapping: 'CUSTOMER', limit: 1 })).rows[0]!;
				const rows = bc.rows('workflowCustomers').filter(({ number }) => String(number).startsWith('N'));
				const figures = rows.map((values) => ofPage({ values } as never));
				const account = (n: number): string => `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
				// As if each had been delivered with the figures that Business Central shows.
				await store.commit({
					couplings: figures.map(({ id }, n) => ({ ...like, bcId: id, crmId: account(n) })),
					derivedRows: figures.map((each, n) => ({ ...sample, sourceId: each.id, targetId: account(n), ownerId: account(n), content: contentOf(seen(each, '2026-01-01'), 0) })), // prettier-ignore
				});
			});
			counter.world.minutes(20);
			counter.cost();
			const result = await counter.statistics();
			expect([codesOf(result), result.job.job.message]).toEqual([[], 'No changes.']);
			const { businessCentral, crm, writes } = counter.cost();
			expect([businessCentral <= 5, crm, writes]).toEqual([true, 0, 0]);
		}),
	);

	it(
		'DOC-86: what CRM says already is not written; a figure that somebody changed in CRM is put right when the customer is named',
		atCounter(async (counter) => {
			counter.invoice([{ item: '1000' }]);
			await counter.statistics();
			counter.cost();
			const named = { ids: [counter.customer] };
			expect([actionsOf(await counter.statistics(named)), counter.cost().writes]).toEqual([['unchanged'], 0]);
			counter.world.sandbox.crm.update('nav_accountstatistics', String(counter.figures()!['nav_accountstatisticsid']), {
				nav_balancelcy: 1,
			});
			expect(actionsOf(await counter.statistics(named))).toEqual(['updated']);
			expect(balance(counter)).toBe(120);
		}),
	);

	it(
		'DOC-83, DOC-84: a run for one customer moves no watermark, and neither does one in which something unexpected happened',
		atCounter(async (counter) => {
			const mark = (): Promise<string | null> => counter.use(({ store }) => store.watermark('ACCOUNT-STATISTICS', 'businessCentral'));
			await counter.statistics({ ids: [counter.customer] });
			expect(await mark()).toBeNull();
			await counter.statistics();
			const before = await mark();
			expect(before).not.toBeNull();
			counter.world.minutes(20);
			counter.invoice([{ item: '1000' }]);
			counter.world.sandbox.faults.add({
				system: 'crm',
				method: 'PATCH',
				url: /nav_accountstatistics/,
				times: 99,
				fault: { kind: 'answer', status: 503, body: { error: { code: '0x80072321', message: 'busy' } } },
			} as never);
			const failed = await counter.statistics();
			expect([codesOf(failed).length, failed.job.job.status, await mark()]).toEqual([1, 'finished', before]);
			counter.world.sandbox.faults.clear();
			expect([codesOf(await counter.statistics()), balance(counter)]).toEqual([[], 120]);
			expect((await mark())! > before!).toBe(true);
			expect((await counter.use(({ store }) => store.listFailures({ limit: 9 }))).rows).toEqual([]);
		}),
	);

	it(
		'DOC-88: a missing account fails once and is left alone, the run succeeds; another account gets the figures',
		atCounter(async (counter) => {
			await counter.statistics();
			counter.world.sandbox.crm.remove('account', counter.account);
			const result = await counter.statistics({ ids: [counter.customer] });
			expect([codesOf(result), result.job.job.status]).toEqual([['STATISTICS_ACCOUNT_MISSING'], 'finished']);
			counter.invoice([{ item: '1000' }]);
			counter.world.minutes(20);
			counter.cost();
			expect(codesOf(await counter.statistics())).toEqual([]);
			expect(counter.cost().crm).toBe(0);
			const other = counter.world.sandbox.crm.insert('account', { name: 'Adatum, again', customertypecode: 3 });
			await counter.use(async ({ store }) => {
				const [{ failure: _failure, ...coupling }] = (await store.findCouplings({ mapping: 'CUSTOMER', limit: 1 })).rows as never as [
					Record<string, unknown>,
				];
				await store.commit({ uncouple: [coupling] as never });
				await store.commit({ couplings: [{ ...coupling, crmId: other }] as never });
			});
			expect(codesOf(await counter.statistics())).toEqual([]);
			expect(balance(counter, other)).toBe(120);
		}),
	);

	it(
		'a customer that is coupled no longer loses the row that was made for it, and one that is not coupled is told when it is named',
		atCounter(async (counter) => {
			await counter.statistics();
			await counter.use((session) => uncouple(session, { mapping: 'CUSTOMER', ids: [counter.customer], side: 'businessCentral' } as never));
			expect(actionsOf(await counter.statistics({ preview: true }))).toEqual(['wouldDelete']);
			expect(actionsOf(await counter.statistics())).toEqual(['deleted']);
			expect([counter.figures(), counter.world.sandbox.crm.rows('nav_accountstatistics')]).toEqual([undefined, []]);
			expect(codesOf(await counter.statistics({ ids: [counter.customer] }))).toEqual(['DEPENDENCY']);
			const nowhere = '0000000f-0000-4000-8000-00000000000f';
			expect((await counter.statistics({ ids: [nowhere] })).notFound).toEqual([nowhere]);
			await deliver(counter.world, { mappings: ['CUSTOMER'] });
		}),
	);
});

import type { PlannedWrite, PendingWrite } from '../../../engine/sync/contract/plannedWrite';
import { InsertsInDoubt } from '../../../engine/sync/contract/insertsInDoubt';
import type { WorkItem } from '../../../engine/sync/contract/workItem';
import type { SystemRecord } from '../../../engine/model/record';
import type { WriteOperation, WriteOutcome } from '../../../engine/ports/write';
import { processPage } from '../../../engine/sync/pass/page';
import { newPassState, type Pass } from '../../../engine/sync/pass/passState';
import type { SyncUnit } from '../../../engine/sync/unit/syncUnit';
import { context as contextOf, record } from './parts';

/** A unit that knows nothing of records: headers with lines, written as one group each. */
interface Order extends WorkItem {
	lines: readonly string[];
}

function orders(answers: WriteOutcome['status'][]) {
	const steps: string[] = [];
	const sent: WriteOperation[] = [];
	const { context, commits } = contextOf('toCrm', {
		filter: { odata: null },
		stillHeld: () => Promise.resolve(void steps.push('held')),
		source: { side: 'businessCentral', system: {}, table: { name: 'salesOrders' }, fields: [] },
		target: {
			side: 'crm',
			table: { name: 'salesorder' },
			fields: [],
			system: {
				write: (_table: unknown, operations: readonly WriteOperation[]) => {
					sent.push(...operations);
					return Promise.resolve(operations.map(() => ({ status: answers.shift() ?? 'written' })));
				},
			},
		},
	});
	const unit: SyncUnit<Order, PendingWrite & { item: Order }, PlannedWrite & { item: Order }> = {
		begin: () => Promise.resolve(),
		pair: (_seen, records) => {
			steps.push(`pair ${records.map(({ id }) => id).join(',')}`);
			return Promise.resolve(
				records.map((source: SystemRecord): Order => ({
					source,
					coupling: null,
					partner: 'unread',
					failure: undefined,
					lines: ['a', 'b'],
				})),
			);
		},
		prepare: () => Promise.resolve(void steps.push('prepare')),
		lacks: () => [],
		decide: (items) => {
			steps.push('decide');
			const pending = items
				.filter(({ source }) => source.number !== 'quiet')
				.map((item) => ({ item, decision: { action: 'insert', restoring: false } as unknown as PendingWrite['decision'] }));
			return Promise.resolve({ pending, later: items.filter(({ source }) => source.number === 'later').map(({ source }) => source.id) });
		},
		askFirst: (pending) => Promise.resolve([...pending]),
		remove: () => Promise.resolve(void steps.push('remove')),
		plan: (pending) =>
			Promise.resolve(
				pending.map((each) => ({
					...each,
					insertion: null,
					operation: {
						kind: 'group' as const,
						operations: each.item.lines.map((name) => ({
							table: { name: 'salesorderdetail', numberField: null, nameField: 'name' },
							operation: { kind: 'insert' as const, values: { name } },
						})),
					},
				})),
			),
		announce: () => Promise.resolve(void steps.push('announce')),
		settle: (planned, outcomes) => {
			steps.push(`settle ${outcomes.map(({ status }) => status).join(',')}`);
			return Promise.resolve(planned.filter((_, index) => outcomes[index]!.status === 'stale').map(({ item }) => item));
		},
		refresh: () => Promise.resolve(void steps.push('refresh')),
		giveUp: (stale) => void steps.push(`give up ${stale.length}`),
	};
	const state = newPassState(new InsertsInDoubt({ open: [], blocked: new Map() }, []));
	const pass: Pass = { context, unit: unit as unknown as SyncUnit, duties: { deletedPartners: null }, state };
	return { pass, steps, sent, commits, state };
}

test('a page goes through the stages of its unit, whatever that carries, and is recorded once', async () => {
	const { pass, steps, sent, commits } = orders([]);
	await processPage(pass, [record('one'), record('two')], 'byId');
	expect(steps).toEqual(['pair one,two', 'prepare', 'decide', 'remove', 'announce', 'held', 'settle written,written']);
	expect(sent).toHaveLength(2);
	expect(sent[0]).toMatchObject({
		kind: 'group',
		operations: [{ operation: { values: { name: 'a' } } }, { operation: { values: { name: 'b' } } }],
	});
	expect(commits).toHaveLength(1);
});

test('what is stale is read and decided again, three times at most', async () => {
	const { pass, steps, sent } = orders(['stale', 'stale', 'stale', 'stale', 'stale']);
	await processPage(pass, [record('one')], 'byId');
	expect(sent).toHaveLength(4);
	expect(steps.filter((step) => step === 'refresh')).toHaveLength(3);
	expect(steps.at(-1)).toBe('give up 1');
});

test('a record is dealt with once in a pass, unless its unit leaves it for later', async () => {
	const { pass, steps, state } = orders([]);
	await processPage(pass, [record('one'), record('two', {}, { number: 'later' })], 'byId');
	expect(['one', 'two'].map((id) => state.handled.has(id))).toEqual([true, false]);
	await processPage(pass, [record('one'), record('two')], 'byId');
	expect(steps.filter((step) => step.startsWith('pair'))).toEqual(['pair one,two', 'pair two']);
});

test('a page that breaks off is recorded before the error goes on', async () => {
	const { pass, commits } = orders([]);
	const broken = new Error('the network');
	(pass as { unit: SyncUnit }).unit = { ...pass.unit, announce: () => Promise.reject(broken) };
	await expect(processPage(pass, [record('one')], 'byId')).rejects.toBe(broken);
	expect(commits).toHaveLength(1);
	expect(commits[0]).not.toHaveProperty('watermark');
});

import type { CoupledDocument } from '../../../engine/model/document';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { bcId, CONNECTION, crmId, ManualClock, NOON } from './samples';
import { postgres, sqliteFile } from './stores';

const mapping = 'SALESORDER-ORDER';
const document = (n: number, change: Partial<CoupledDocument> = {}): CoupledDocument => ({
	mapping,
	crmId: crmId(n),
	bcId: bcId(n),
	crmNumber: `ORD-${n}`,
	bcNumber: `S-${n}`,
	name: `Söhne_${n}%`,
	stage: 'open',
	content: 'abc',
	amounts: null,
	accepted: null,
	goneSince: null,
	coupledAt: NOON,
	handedOverAt: null,
	lines: [
		{ sequence: 10000, kind: 'line', bcId: bcId(100 + n), crmId: crmId(100 + n) },
		{ sequence: 20000, kind: 'freight', bcId: null, crmId: null },
	],
	...change,
});

describe.each([
	['SQLite', sqliteFile],
	['PostgreSQL', postgres],
])('documents in the store, %s', (_name, make) => {
	let place: Awaited<ReturnType<typeof make>>;
	let store: SyncStore;
	let companies = 0;

	beforeAll(async () => {
		place = await make();
	});
	afterAll(async () => {
		await place.remove();
	});
	beforeEach(async () => {
		store = await place.open({ clock: new ManualClock(), connection: { ...CONNECTION, companyId: `documents-${++companies}` } });
	});
	afterEach(async () => {
		await store.close();
	});

	it('come back with their lines, by either id', async () => {
		await store.commit({ documents: [document(1), document(2)] });
		expect(await store.documentsOf(mapping, 'crm', [crmId(1), crmId(9)])).toEqual(new Map([[crmId(1), document(1)]]));
		expect(await store.documentsOf(mapping, 'businessCentral', [bcId(2)])).toEqual(new Map([[bcId(2), document(2)]]));
		expect(await store.documentsOf('OTHER', 'crm', [crmId(1)])).toEqual(new Map());
	});

	it('tell how far an invoice is paid, and are listed by it', async () => {
		await store.commit({ documents: [document(1, { payment: 'partial' }), document(2, { payment: 'paid' }), document(3)] });
		const open = await store.listDocuments({ mapping, payments: ['billed', 'partial'], limit: 10 });
		expect(open.rows).toEqual([document(1, { payment: 'partial' })]);
		await store.commit({ documents: [document(1, { payment: 'paid' })] });
		expect((await store.listDocuments({ mapping, payments: ['paid'], limit: 10 })).rows.map(({ bcNumber }) => bcNumber)).toEqual([
			'S-1',
			'S-2',
		]);
	});

	it('are replaced as a whole: what is no line any more is gone', async () => {
		await store.commit({ documents: [document(1)] });
		const amounts = { discount: 1, net: 2, tax: 3, total: 5 };
		const later = document(1, {
			stage: 'held',
			amounts: { status: 'differ', currency: 'GBP', crm: amounts, businessCentral: amounts, causes: ["the customer's discount"] },
			lines: [{ sequence: 10000, kind: 'line', bcId: bcId(7), crmId: crmId(7) }],
		});
		await store.commit({ documents: [later] });
		expect((await store.documentsOf(mapping, 'crm', [crmId(1)])).get(crmId(1))).toEqual(later);
	});

	it('without a partner stand beside each other; one of Business Central has one partner', async () => {
		await store.commit({ documents: [document(1, { bcId: null }), document(2, { bcId: null })] });
		expect((await store.listDocuments({ mapping, limit: 10 })).rows).toHaveLength(2);
		await expect(store.commit({ documents: [document(3), document(4, { bcId: bcId(3) })] })).rejects.toMatchObject({ system: 'store' });
		expect((await store.documentsOf(mapping, 'crm', [crmId(3)])).size).toBe(0);
	});

	it('one takes the place of another that goes in the same commit', async () => {
		await store.commit({ documents: [document(1)] });
		await store.commit({ documentsDone: [{ mapping, crmId: crmId(1) }], documents: [document(2, { bcId: bcId(1) })] });
		expect((await store.listDocuments({ mapping, limit: 10 })).rows.map((each) => [each.crmId, each.lines.length])).toEqual([
			[crmId(2), 2],
		]);
	});

	it('are listed page by page, by stage, and by a part of number or name', async () => {
		await store.commit({ documents: [1, 2, 3].map((n) => document(n, n === 2 ? { stage: 'held' } : {})) });
		const first = await store.listDocuments({ mapping, limit: 2 });
		expect(first.rows.map(({ crmNumber }) => crmNumber)).toEqual(['ORD-1', 'ORD-2']);
		const second = await store.listDocuments({ mapping, limit: 2, next: first.next! });
		expect([second.rows.map(({ crmNumber }) => crmNumber), second.next]).toEqual([['ORD-3'], undefined]);
		const listed = async (query: object) =>
			(await store.listDocuments({ mapping, limit: 9, ...query })).rows.map(({ bcNumber }) => bcNumber);
		expect(await listed({ stage: 'held' })).toEqual(['S-2']);
		expect(await listed({ text: 'söhne_3%' })).toEqual(['S-3']);
		expect(await listed({ text: 's-1' })).toEqual(['S-1']);
	});
});

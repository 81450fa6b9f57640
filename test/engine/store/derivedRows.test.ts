import type { DerivedRow } from '../../../engine/model/derivedRow';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { bcId, CONNECTION, crmId, ManualClock, NOON } from './samples';
import { postgres, sqliteFile } from './stores';

const mapping = 'ORDER-NOTES';
const row = (n: number, change: Partial<DerivedRow> = {}): DerivedRow => ({
	mapping,
	sourceId: bcId(n),
	targetId: crmId(n),
	ownerId: `order ${n % 2}`,
	content: `Söhne's ${n}`,
	at: NOON,
	...change,
});

describe.each([
	['SQLite', sqliteFile],
	['PostgreSQL', postgres],
])('derived rows in the store, %s', (_name, make) => {
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
		store = await place.open({ clock: new ManualClock(), connection: { ...CONNECTION, companyId: `derived-${++companies}` } });
	});
	afterEach(async () => {
		await store.close();
	});

	it('come back by what they were made of, what they are, and what they belong to', async () => {
		await store.commit({ derivedRows: [row(1), row(2), row(3), row(4, { mapping: 'OTHER' })] });
		expect(await store.derivedRowsOf(mapping, 'source', [bcId(1), bcId(4)])).toEqual([row(1)]);
		expect(await store.derivedRowsOf(mapping, 'target', [crmId(2)])).toEqual([row(2)]);
		expect(await store.derivedRowsOf(mapping, 'owner', ['order 1'])).toEqual([row(1), row(3)]);
		expect(await store.derivedRowsOf(mapping, 'owner', [])).toEqual([]);
	});

	it('are replaced by what they were made of, and go one by one; one takes the place of another in the same commit', async () => {
		await store.commit({ derivedRows: [row(1), row(2)] });
		await store.commit({ derivedRows: [row(1, { targetId: crmId(9), content: 'later' })], derivedRowsDone: [{ mapping, sourceId: bcId(1) }, { mapping, sourceId: bcId(2) }] }); // prettier-ignore
		expect((await store.listDerivedRows({ mapping, limit: 9 })).rows).toEqual([row(1, { targetId: crmId(9), content: 'later' })]);
	});

	it('are listed page by page', async () => {
		await store.commit({ derivedRows: [1, 2, 3].map((n) => row(n)) });
		const first = await store.listDerivedRows({ mapping, limit: 2 });
		const second = await store.listDerivedRows({ mapping, limit: 2, next: first.next! });
		expect([first.rows, second.rows, second.next]).toEqual([[row(1), row(2)], [row(3)], undefined]);
	});
});

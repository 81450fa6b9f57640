import { mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { CONNECTION, coupling, ManualClock } from './samples';

const mockHandles: DatabaseSync[] = [];

// The real driver; only its handles are remembered, so that a test can limit the size SQLite may grow to.
jest.mock('node:sqlite', () => {
	const { DatabaseSync: Real } = jest.requireActual<typeof import('node:sqlite')>('node:sqlite');
	return {
		DatabaseSync: class extends Real {
			constructor(...given: ConstructorParameters<typeof Real>) {
				super(...given);
				mockHandles.push(this);
			}
		},
	};
});

describe('the embedded store and its disk', () => {
	let folder: string;
	let store: SyncStore;
	let handle: DatabaseSync;

	beforeEach(async () => {
		folder = mkdtempSync(join(tmpdir(), 'sync-store-'));
		store = await openSqliteStore({ file: join(folder, 'state.sqlite'), connection: CONNECTION, clock: new ManualClock() });
		handle = mockHandles.at(-1)!;
	});
	afterEach(async () => {
		await store.close();
		rmSync(folder, { recursive: true, force: true });
	});

	it('tells when the disk is full, writes nothing then, and goes on when there is room again', async () => {
		await store.commit({ couplings: [coupling(1)] });
		const { page_count: pages } = handle.prepare('pragma page_count').get() as { page_count: number };
		handle.exec(`pragma max_page_count = ${pages + 20}`);
		const many = Array.from({ length: 3_000 }, (_, n) => coupling(n + 10));
		await expect(store.commit({ couplings: many })).rejects.toMatchObject({ code: 'STORE_DISK_FULL', errorClass: 'setup' });
		expect(await store.countCouplings('CUSTOMER')).toBe(1);
		handle.exec('pragma max_page_count = 1000000');
		await store.commit({ couplings: many });
		expect(await store.countCouplings('CUSTOMER')).toBe(3_001);
	});

	it('has each commit on the disk before it answers, so that an intent outlives a power cut', () => {
		expect({ ...handle.prepare('pragma journal_mode').get() }).toEqual({ journal_mode: 'wal' });
		const FULL = 2;
		expect({ ...handle.prepare('pragma synchronous').get() }).toEqual({ synchronous: FULL });
		expect({ ...handle.prepare('pragma foreign_keys').get() }).toEqual({ foreign_keys: 1 });
	});

	it('tells when the file may not be written', async () => {
		handle.exec('pragma query_only = on');
		await expect(store.commit({ couplings: [coupling(1)] })).rejects.toMatchObject({ code: 'STORE_READ_ONLY', errorClass: 'setup' });
		handle.exec('pragma query_only = off');
	});
});

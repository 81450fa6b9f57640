import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { storeFolder } from '../../kit/storeFolder';

/** Queries that are compiled once serve every file and every connection of a process: each has to get its own values, however they take turns. */
test('what is asked of one store is not answered from another, though both ask by the same queries', async () => {
	const folder = storeFolder();
	const clock = { now: () => Date.parse('2026-03-02T08:00:00Z'), sleep: () => Promise.resolve() };
	const open = (file: string, company: string): Promise<SyncStore> =>
		openSqliteStore({
			file: join(folder, file),
			clock,
			connection: { bcAddress: `http://bc/${company}`, companyId: company, companyName: company, crmAddress: 'http://crm' },
		});
	const stores = [await open('one.sqlite', 'a'), await open('one.sqlite', 'b'), await open('two.sqlite', 'a')];
	try {
		const stampOf = (index: number): string => `2026-03-0${index + 1}T00:00:00Z`;
		for (const [index, store] of stores.entries()) {
			for (const mapping of ['CUSTOMER', 'VENDOR'])
				await store.commit({ watermark: { mapping, side: 'crm', stamp: mapping === 'VENDOR' ? null : stampOf(index) } });
		}
		const read = await Promise.all(
			stores.flatMap((store) => ['CUSTOMER', 'VENDOR', 'CONTACT'].map((mapping) => store.watermark(mapping, 'crm'))),
		);
		expect(read).toEqual([stampOf(0), null, null, stampOf(1), null, null, stampOf(2), null, null]);
	} finally {
		for (const store of stores) await store.close();
	}
});

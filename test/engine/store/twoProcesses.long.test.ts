import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { bcId, coupling, crmId, intent, ManualClock } from './samples';
import { postgres, sqliteFile, type Place } from './stores';

/** What happens when two n8n processes use one store, or one of them dies. */
describe.each([
	['SQLite in a file', sqliteFile],
	['PostgreSQL', postgres],
])('state store shared by two processes, %s', (_name, make: () => Promise<Place>) => {
	const clock = new ManualClock();
	let place: Place;
	const opened: SyncStore[] = [];
	const both = async (): Promise<[SyncStore, SyncStore]> => {
		const pair = await Promise.all([place.open({ clock }), place.openElsewhere({ clock })]);
		opened.push(...pair);
		return pair;
	};

	beforeEach(async () => {
		place = await make();
	});
	afterEach(async () => {
		await Promise.all(opened.splice(0).map((store) => store.close()));
		await place.remove();
	});

	it('is set up once when both start at the same time, and both mean the same connection', async () => {
		const [here, there] = await both();
		expect(here.connectionId).toBe(there.connectionId);
		await here.commit({ couplings: [coupling(1)] });
		expect(await there.countCouplings('CUSTOMER')).toBe(1);
	});

	it('gives a lease to exactly one of those that race for it', async () => {
		const [here, there] = await both();
		for (let round = 0; round < 20; round++) {
			const mapping = `MAPPING ${round}`;
			const taken = await Promise.all([here, there, here, there].map((store, run) => store.acquireLease(mapping, `run ${run}`, 60_000)));
			expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
		}
	});

	it('lets an expired lease be taken over by exactly one, and refuses the commit of the old holder', async () => {
		const [here, there] = await both();
		const old = (await here.acquireLease('CUSTOMER', 'run 0', 1_000))!;
		clock.advance(1_000);
		const taken = await Promise.all([here, there, there].map((store, run) => store.acquireLease('CUSTOMER', `run ${run + 1}`, 60_000)));
		expect(taken.filter((lease) => lease !== null)).toHaveLength(1);
		await expect(here.commit({ couplings: [coupling(1)] }, old)).rejects.toMatchObject({ code: 'LEASE_LOST' });
		expect(await there.countCouplings('CUSTOMER')).toBe(0);
	});

	it('couples a record once when both couple it to different partners at the same time', async () => {
		const [here, there] = await both();
		for (let n = 0; n < 10; n++) {
			const results = await Promise.allSettled([
				here.commit({ couplings: [coupling(n, { crmId: crmId(1_000 + n) })] }),
				there.commit({ couplings: [coupling(n, { crmId: crmId(2_000 + n) })] }),
			]);
			expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
			expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'COUPLING_TAKEN' });
		}
		expect(await here.countCouplings('CUSTOMER')).toBe(10);
	});

	it('keeps the newest watermark whoever writes last', async () => {
		const [here, there] = await both();
		const stamps = Array.from({ length: 20 }, (_, second) => `2026-03-01T12:00:${String(second).padStart(2, '0')}Z`);
		await Promise.all(
			[...stamps]
				.reverse()
				.map((stamp, index) => (index % 2 ? here : there).commit({ watermark: { mapping: 'CUSTOMER', side: 'crm', stamp } })),
		);
		expect(await here.watermark('CUSTOMER', 'crm')).toBe(stamps.at(-1));
	});

	it('lets both write large pages at the same time', async () => {
		const [here, there] = await both();
		const page = (start: number) => ({ couplings: Array.from({ length: 2_000 }, (_, n) => coupling(start + n)) });
		await Promise.all([here.commit(page(0)), there.commit(page(10_000)), here.commit(page(20_000)), there.commit(page(30_000))]);
		expect(await here.countCouplings('CUSTOMER')).toBe(8_000);
	});

	it('holds what was committed and nothing of what was not, after a process was killed in the middle', async () => {
		const writer = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'dyingWriter.ts'), JSON.stringify(place.describe())], {
			encoding: 'utf8',
		});
		expect(`${writer.signal} ${writer.stderr}`).toBe('SIGKILL ');
		const [store] = await both();
		expect(await store.countCouplings('CUSTOMER')).toBe(1);
		expect([...(await store.couplingsOf('CUSTOMER', 'businessCentral', [bcId(1), bcId(2)])).keys()]).toEqual([bcId(1)]);
		expect((await store.intents('CUSTOMER', 'toCrm', 10)).map((row) => row.sourceId)).toEqual(['first']);
		await store.commit({ couplings: [coupling(2)], intentsDone: [intent('first')] });
		expect(await store.countCouplings('CUSTOMER')).toBe(2);
	});

	it('is kept open for the others when one session closes', async () => {
		const first = await place.open({ clock });
		const second = await place.open({ clock });
		await first.close();
		await second.commit({ couplings: [coupling(1)] });
		await second.close();
		const third = await place.open({ clock });
		opened.push(third);
		expect(await third.countCouplings('CUSTOMER')).toBe(1);
	});
});

import { createInterface } from 'node:readline';
import { systemClock } from '../../../engine/ports/clock';
import { openPostgresStore, type PostgresSettings } from '../../../engine/store/openStore';
import { CONNECTION, coupling } from './samples';

/**
 * Run as a process of its own, which an unhandled error would end. `work`: writes on several connections without a pause, whatever happens
 * to it; `rest`: stops, and leaves its connections idle. Ends well when its input does and the store still works.
 */
async function main(settings: PostgresSettings): Promise<void> {
	const store = await openPostgresStore({ ...settings, connection: CONNECTION, clock: systemClock });
	let busy = false;
	let workers: Array<Promise<void>> = [];
	const write = async (worker: number): Promise<void> => {
		for (let n = 0; busy; n = (n + 1) % 10) {
			const rows = Array.from({ length: 300 }, (_, row) => coupling(worker * 100_000 + n * 300 + row));
			await store.commit({ couplings: rows }).catch(() => new Promise((resolve) => setTimeout(resolve, 20)));
		}
	};
	for await (const order of createInterface({ input: process.stdin })) {
		busy = order === 'work';
		if (busy) {
			workers = [1, 2, 3, 4].map(write);
			await new Promise((resolve) => setTimeout(resolve, 200));
			console.log('working');
		} else {
			await Promise.all(workers);
			await Promise.all(workers.map(() => store.countCouplings('CUSTOMER')));
			console.log('idle');
		}
	}
	if ((await store.countCouplings('CUSTOMER')) === 0) throw new Error('Nothing was written.');
	await store.close();
}

void main(JSON.parse(process.env['STORE_SETTINGS'] ?? '') as PostgresSettings);

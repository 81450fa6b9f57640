/** The measured process: holds one session and does what it is told over the IPC channel, so that the sandbox's memory and time are not counted. */
import { runFullSync, synchronizeMapping } from '../../engine';
import type { JobResult } from '../../engine/sync/types';
import { measure, type Counted } from './measure';
import type { Answer, Order, Setting } from './messages';
import { oneByOne } from './oneByOne';
import { openBench, type OpenBench } from './session';

let bench: OpenBench | undefined;
let setting: Setting | undefined;

async function obey(order: Order): Promise<Answer> {
	if (order.kind === 'open') {
		setting = order.setting;
		bench = await openBench(order.setting);
		// The first token and the first connection are part of opening, as is looking at the company.
		await bench.session.businessCentral.count({ name: 'customers', numberField: 'number', nameField: 'displayName' }, null);
		await bench.session.crm.count({ name: 'account', numberField: 'accountnumber', nameField: 'name' }, null);
		return { ok: true, measured: null };
	}
	if (!bench || !setting) throw new Error('Open the session first.');
	const { session } = bench;
	const [here, where] = [bench, setting];
	switch (order.kind) {
		case 'fullSync':
			return { ok: true, measured: await measure(async () => counted(await runFullSync(session, { afterwards: 'keep' }))) };
		case 'incremental':
			return { ok: true, measured: await measure(async () => counted(await synchronizeMapping(session, { mapping: 'CUSTOMER' }))) };
		case 'oneByOne':
			return { ok: true, measured: await measure(() => oneByOne(here, where, order.order)) };
		case 'close':
			await bench.close();
			return { ok: true, measured: null };
	}
}

function counted(results: readonly JobResult[]): Counted {
	const sum = (name: 'inserted' | 'modified' | 'unchanged' | 'failed'): number => results.reduce((total, { job }) => total + job[name], 0);
	const finished = results.length > 0 && results.every(({ job }) => job.status === 'finished');
	return { inserted: sum('inserted'), modified: sum('modified'), unchanged: sum('unchanged'), failed: sum('failed'), finished };
}

process.on('message', (order: Order) => {
	obey(order)
		.catch((error: unknown): Answer => ({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
		.then((answer) => process.send!(answer))
		.catch(() => process.exit(1));
});

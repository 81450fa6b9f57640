/** Stands for n8n: runs of the engine on a state file, in a process that is killed. Does what it is told over the IPC channel. */
import { setTimeout as pause } from 'node:timers/promises';
import { matchCouple, runFullSync, synchronizeMapping } from '../../../../engine';
import type { Clock } from '../../../../engine/ports/clock';
import { openSqliteStore } from '../../../../engine/store/openStore';
import { backUpStateFile } from '../../../../engine/store/sqlite/backup';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import type { Setting } from '../../../bench/messages';
import { connectionOf, openBench, type OpenBench } from '../../../bench/session';
import type { Answer, Order, Outcome } from './messages';

const MAPPINGS = ['CURRENCY', 'CUSTOMER'] as const;

const NAME_AND_MAIL = [
	{ bcField: 'displayName', crmField: 'name' },
	{ bcField: 'email', crmField: 'emailaddress1' },
];

let setting: Setting;
let bench: OpenBench;
let aheadMs = 0;
const clock: Clock = { now: () => Date.now() + aheadMs, sleep: async (ms) => await pause(ms) };
let scheduled: Promise<void> | undefined;
let stopping = false;

async function obey(order: Order): Promise<Outcome> {
	switch (order.kind) {
		case 'open':
			setting = order.setting;
			aheadMs = order.aheadMs;
			// Always the same owner: what a killed process left running is its own, so no run waits for the end of a lease.
			bench = await openBench(setting, { clock, owner: 'n8n' });
			return summary([]);
		case 'later':
			aheadMs = order.aheadMs;
			return summary([]);
		case 'schedule':
			stopping = false;
			scheduled = Promise.all([schedule(), lookAtLists()]).then(() => undefined);
			return summary([]);
		case 'stop':
			stopping = true;
			await scheduled;
			return summary([]);
		case 'round':
			return summary(await round());
		case 'fullSync':
			return summary(await runFullSync(bench.session, { mappings: [...MAPPINGS], ignoreDependencies: true, afterwards: 'keep' }));
		case 'afterRestore': {
			const { job } = await matchCouple(bench.session, { mapping: 'CUSTOMER', criteria: NAME_AND_MAIL, synchronizeAfterwards: 'no' });
			return summary([job]);
		}
		case 'failures': {
			const { rows } = await bench.session.store.listFailures({ mapping: 'CUSTOMER', limit: 5_000 });
			return { ...summary([]), told: rows.map(({ errorCode, sourceId }) => `${errorCode} ${sourceId.toLowerCase()}`) };
		}
		case 'backup':
			await backUpStateFile(setting.stateFile, order.target, { overwrite: false, now: clock.now() });
			return summary([]);
	}
}

async function round(): Promise<JobResult[]> {
	const results: JobResult[] = [];
	for (const mapping of MAPPINGS)
		results.push(...(await synchronizeMapping(bench.session, { mapping, createUncoupled: true, pageSize: 20 })));
	return results;
}

async function schedule(): Promise<void> {
	while (!stopping) {
		await round();
		await pause(20);
	}
}

/** Further sessions of the process on the same file, as a drop-down or another workflow opens them. */
async function lookAtLists(): Promise<void> {
	while (!stopping) {
		const store = await openSqliteStore({ file: setting.stateFile, connection: connectionOf(setting), clock });
		await store.countCouplings('CUSTOMER');
		await pause(5);
		await store.close();
	}
}

function summary(results: readonly JobResult[]): Outcome {
	return {
		written: results.reduce((sum, { job }) => sum + job.inserted + job.modified, 0),
		told: results.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode)),
		ended: results.flatMap(({ job, failed }) =>
			job.status === 'finished' ? [] : [`${job.mapping} ${job.status}: ${failed[0]?.errorCode ?? job.message}`],
		),
	};
}

process.on('message', (order: Order) => {
	obey(order)
		.then((outcome): Answer => ({ ok: true, outcome }))
		.catch((error: unknown): Answer => ({ ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }))
		.then((answer) => process.send!(answer))
		.catch(() => process.exit(1));
});
// Not left behind when the test is.
process.on('disconnect', () => process.exit(1));

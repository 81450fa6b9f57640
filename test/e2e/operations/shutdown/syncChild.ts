/**
 * A process that synchronizes customers again and again, as a worker of n8n does, until it is asked to end. Says in a line of JSON what became of each
 * run. Like n8n it listens for the first signal only.
 */
import { systemClock } from '../../../../engine/ports/clock';
import { synchronizeMapping } from '../../../../engine';
import { processIdentity } from '../../../../engine/jobs/processes';
import { Pulse } from '../../../../engine/ports/pulse';
import { watchProcessEnd } from '../../../../nodes/shared/processEnd';
import type { Setting } from '../../../bench/messages';
import { openBench } from '../../../bench/session';

export interface ChildSetting extends Setting {
	/** How far the time of this process is ahead. */
	aheadMs: number;
	/** Ends by itself after so many runs. */
	runs: number;
}

/** One job, as its line tells it. */
export interface Told {
	direction: string | null;
	status: string;
	message: string;
	inserted: number;
	modified: number;
	codes: string[];
}

const setting = JSON.parse(process.argv[2]!) as ChildSetting;
const clock = { ...systemClock, now: () => systemClock.now() + setting.aheadMs };
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function main(): Promise<void> {
	process.once('SIGTERM', () => undefined);
	for (let run = 1; run <= setting.runs; run++) {
		const end = watchProcessEnd();
		const pulse = new Pulse(clock);
		const holder = { what: 'a worker of the test', host: 'here', pid: process.pid, process: processIdentity() };
		const bench = await openBench(setting, { clock, pulse, holder, ending: end.signal, owner: `${process.pid}:${run}` });
		if (run === 1) say({ ready: true });
		try {
			const results = await synchronizeMapping(bench.session, {
				mapping: 'CUSTOMER',
				createUncoupled: true,
				// Both systems hold records before anything is coupled: that is meant here.
				nothingCoupled: 'isNew',
				pageSize: 40,
				findDeleted: 'off',
			});
			for (const { job, failed } of results) {
				const { direction, status, message, inserted, modified } = job;
				say({ direction, status, message, inserted, modified, codes: failed.map(({ errorCode }) => errorCode) } satisfies Told);
			}
		} finally {
			await bench.close();
			end.release();
		}
		if (end.signal.aborted) break;
	}
	process.exit(0);
}

main().catch((error: unknown) => {
	console.error(error);
	process.exit(2);
});

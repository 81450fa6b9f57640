import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, defaultIdentities, tenantId, type Sandbox } from '../../sandbox';
import type { Latency } from '../../sandbox/core/types';
import { seedBase, type BaseData } from '../kit/baseData';
import { customerRow } from './data';
import type { Answer, Measured, Order } from './messages';

/** What one measured piece of work cost, with what the services saw of it. */
export interface Outcome extends Measured {
	requests: { businessCentral: number; crm: number };
	/** Rows written, as the services counted them. */
	writes: number;
}

/** Both services with customers on loopback in this process, and a session on them in a process of its own. */
export interface Stage {
	sandbox: Sandbox;
	base: BaseData;
	/** Lets that much time pass on the clocks of both services. */
	later(ms: number): void;
	measure(order: Exclude<Order, { kind: 'open' | 'close' }>): Promise<Outcome>;
	/** Bytes of the state file once the session has closed it; nothing is measured after that. */
	stateSize(): Promise<number>;
	close(): Promise<void>;
}

export async function openStage(customers: number, latency: Latency): Promise<Stage> {
	const sandbox = createSandbox();
	sandbox.log.keepBodies = false;
	// The service takes 52 at a time; a large environment recommends nearly as many.
	sandbox.crm.dopHint = 50;
	// The services begin in the past, so that edits can be hours after the first synchronization without waiting for them.
	const skew = sandbox.clock.skew;
	const later = (ms: number): void => void ((skew.businessCentral += ms), (skew.crm += ms));
	later(-6 * 3_600_000);
	const base = seedBase(sandbox);
	sandbox.businessCentral.company(base.companyName).seed(
		'customers',
		Array.from({ length: customers }, (_, index) => customerRow(index)),
	);
	const addresses = await sandbox.listen();
	const folder = mkdtempSync(join(tmpdir(), 'd365-sync-bench-'));
	const child = fork(join(__dirname, 'syncProcess.ts'), { execArgv: [...process.execArgv, '--expose-gc'] });
	const ask = (order: Order): Promise<Measured | null> => answerOf(child, order);
	const application = { ...defaultIdentities[0]!.application!, tenantId };
	const { companyId, companyName } = base;
	await ask({ kind: 'open', setting: { addresses, companyId, companyName, stateFile: join(folder, 'state.sqlite'), application } });
	sandbox.latency = latency;
	return {
		sandbox,
		base,
		later,
		async measure(order) {
			sandbox.log.clear();
			const measured = (await ask(order))!;
			const requests = [...sandbox.log.requests];
			const of = (system: string): number => requests.filter((request) => request.system === system).length;
			return {
				...measured,
				requests: { businessCentral: of('businessCentral'), crm: of('crm') },
				writes: requests.reduce((sum, { writes }) => sum + writes, 0),
			};
		},
		stateSize: async () => {
			await ask({ kind: 'close' });
			return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
		},
		async close() {
			await ask({ kind: 'close' }).catch(() => undefined);
			child.kill();
			await sandbox.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function answerOf(child: ChildProcess, order: Order): Promise<Measured | null> {
	return new Promise((resolve, reject) => {
		const ended = (code: number | null): void => reject(new Error(`The measured process ended (${code}).`));
		child.once('exit', ended);
		child.once('message', (answer: Answer) => {
			child.off('exit', ended);
			if (answer.ok) resolve(answer.measured);
			else reject(new Error(answer.error));
		});
		child.send(order);
	});
}

import { join } from 'node:path';
import type { N8n } from '../n8n/n8n';
import type { Running } from '../n8n/process';
import { nameOfProcess } from './storeLog';
import type { Kill } from './verdict';

/** Executions that one worker takes at a time. */
const concurrency = 6;

/** One place for a worker: the process in it is ended by force and started again, each time under another name. */
export class WorkerPlace {
	private running: Running | undefined;
	private generation = 0;
	readonly logs: string[] = [];

	constructor(
		private readonly n8n: N8n,
		private readonly place: string,
	) {}

	/** Name of the process that is there now. */
	get process(): string {
		return `${this.place}.${this.generation}`;
	}

	async start(): Promise<void> {
		this.generation++;
		this.running = await this.n8n.startWorker(join(this.n8n.userFolder, `${this.process}.log`), concurrency, nameOfProcess(this.process));
	}

	/** SIGKILL to the worker and to its children. */
	async kill(): Promise<Kill> {
		const { process, running } = this;
		const kill = { process, at: Date.now() };
		await running?.kill();
		this.keepLog();
		return kill;
	}

	async stop(): Promise<void> {
		await this.running?.stop();
		this.keepLog();
	}

	private keepLog(): void {
		if (this.running) this.logs.push(this.running.output());
		this.running = undefined;
	}
}

/** How often n8n's workers began each execution. */
export function startsOf(workers: readonly WorkerPlace[]): Map<string, number> {
	const starts = new Map<string, number>();
	for (const log of workers.flatMap(({ logs }) => logs))
		for (const [, id = ''] of log.matchAll(/Worker started execution (\d+)/g)) starts.set(id, (starts.get(id) ?? 0) + 1);
	return starts;
}

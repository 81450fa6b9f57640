import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Order, Outcome } from './messages';

export class ProcessEnded extends Error {}

/** The process that stands for n8n, from outside. Orders are answered one at a time. */
export class N8nProcess {
	private waiting: { resolve: (outcome: Outcome) => void; reject: (error: Error) => void } | undefined;
	private readonly ended: Promise<void>;

	private constructor(private readonly child: ChildProcess) {
		this.ended = new Promise((resolve) =>
			child.once('exit', () => {
				this.waiting?.reject(new ProcessEnded('The process has ended.'));
				resolve();
			}),
		);
		child.on('message', (answer: Answer) => {
			const waiting = this.waiting;
			this.waiting = undefined;
			if (answer.ok) waiting?.resolve(answer.outcome);
			else waiting?.reject(new Error(answer.error));
		});
	}

	static start(): N8nProcess {
		return new N8nProcess(fork(join(__dirname, 'process.ts'), { execArgv: process.execArgv }));
	}

	/** @throws ProcessEnded when it was killed before it answered; what the process answered, when it could not do it */
	async order(order: Order): Promise<Outcome> {
		return await new Promise((resolve, reject) => {
			this.waiting = { resolve, reject };
			this.child.send(order, (error) => error && reject(new ProcessEnded(error.message)));
		});
	}

	/**
	 * SIGKILL: nothing it was doing is brought to an end.
	 * @throws when it had ended by itself before: a run met an error that nothing here has caused
	 */
	async kill(): Promise<void> {
		const { exitCode } = this.child;
		if (exitCode !== null) throw new Error(`The process has ended by itself with ${exitCode}.`);
		this.child.kill('SIGKILL');
		await this.ended;
	}
}

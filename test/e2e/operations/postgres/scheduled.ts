import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Run, ScheduleSettings } from './schedule';

const alive = new Set<ChildProcess>();
// Whatever goes wrong in this process, the ones it started do not outlive it.
process.on('exit', () => {
	for (const child of alive) child.kill('SIGKILL');
});

/** A schedule in a process of its own, seen from outside. */
export class Scheduled {
	readonly runs: Run[] = [];
	private errors = '';
	private readonly ended: Promise<unknown>;
	private waiting: Array<() => void> = [];

	private constructor(private readonly child: ChildProcess) {
		alive.add(child);
		this.ended = once(child, 'exit').then(() => {
			alive.delete(child);
			this.wake();
		});
		child.stderr!.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
		createInterface({ input: child.stdout! }).on('line', (line) => {
			if (!line.startsWith('{')) return;
			this.runs.push(JSON.parse(line) as Run);
			this.wake();
		});
	}

	static start(settings: ScheduleSettings): Scheduled {
		const script = join(__dirname, 'schedule.ts');
		const env = { ...process.env, SCHEDULE: JSON.stringify(settings) };
		return new Scheduled(spawn(process.execPath, ['--import', 'tsx', script], { env, stdio: ['pipe', 'pipe', 'pipe'] }));
	}

	/** The first run that fits, waited for as long as it takes; fails when the process ends without one. */
	async run(fits: (run: Run) => boolean, withinMs: number): Promise<Run> {
		const deadline = Date.now() + withinMs;
		for (;;) {
			const found = this.runs.find(fits);
			if (found) return found;
			if (!alive.has(this.child)) throw new Error(`The process of the schedule ended: ${this.errors.slice(-2000)}`);
			const left = deadline - Date.now();
			if (left <= 0) throw new Error(`No such run. The last one: ${JSON.stringify(this.runs.at(-1))}`);
			let timer: NodeJS.Timeout | undefined;
			await new Promise<void>((resolve) => {
				this.waiting.push(resolve);
				timer = setTimeout(resolve, left);
			});
			clearTimeout(timer);
		}
	}

	/** Lets it end by itself after the run under way. */
	async stop(): Promise<void> {
		this.child.stdin!.end();
		const giveUp = setTimeout(() => this.child.kill('SIGKILL'), 90_000);
		await this.ended;
		clearTimeout(giveUp);
	}

	private wake(): void {
		for (const resolve of this.waiting.splice(0)) resolve();
	}
}

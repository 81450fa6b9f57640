import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const running = new Set<ChildProcess>();

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	try {
		process.kill(-child.pid, signal);
	} catch {
		// It has ended on its own.
	}
}

// Whatever goes wrong in this process, the ones it started do not outlive it.
process.on('exit', () => {
	for (const child of running) signalGroup(child, 'SIGKILL');
});

export interface Outcome {
	/** Exit code, or null when ended by a signal. */
	code: number | null;
	stdout: string;
	stderr: string;
}

export interface Running {
	ended: Promise<Outcome>;
	/** What it printed so far, both streams together. */
	output(): string;
	/** Sends a signal to the process alone, as the manager of a container or service does. */
	signal(signal: NodeJS.Signals): void;
	/** Asks politely, then ends the process and everything it started. */
	stop(): Promise<void>;
	/** Ends the process and everything it started at once, as a machine does that fails (SIGKILL). */
	kill(): Promise<void>;
}

/** Starts a command in a process group of its own, so that it can be ended together with its children. */
export function start(
	command: string,
	args: readonly string[],
	options: { cwd?: string; env: NodeJS.ProcessEnv; logFile?: string },
): Running {
	const child = spawn(command, args, { cwd: options.cwd, env: options.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
	running.add(child);
	const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' });
	const parts = { stdout: '', stderr: '', both: '' };
	for (const name of ['stdout', 'stderr'] as const) {
		child[name].setEncoding('utf8').on('data', (text: string) => {
			parts[name] += text;
			parts.both += text;
			log?.write(text);
		});
	}
	const ended = new Promise<Outcome>((done, failed) => {
		child.on('error', failed).on('close', (code) => {
			running.delete(child);
			log?.end();
			done({ code, stdout: parts.stdout, stderr: parts.stderr });
		});
	});
	return {
		ended,
		output: () => parts.both,
		signal: (signal) => void child.kill(signal),
		async stop() {
			signalGroup(child, 'SIGTERM');
			const giveUp = setTimeout(() => signalGroup(child, 'SIGKILL'), 15_000);
			await ended.catch(() => undefined);
			clearTimeout(giveUp);
			signalGroup(child, 'SIGKILL');
		},
		async kill() {
			signalGroup(child, 'SIGKILL');
			await ended.catch(() => undefined);
		},
	};
}

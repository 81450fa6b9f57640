import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { RunStopped } from '../../engine/model/errors';
import { ProcessEndWatch, type EndingHost } from '../../nodes/shared/processEnd';

/** Stands for Node's process: its listeners, and what it sends to itself. */
class Host extends EventEmitter {
	pid = 4711;
	env: NodeJS.ProcessEnv = {};
	sent: string[] = [];
	kill = (pid: number, signal: string) => this.sent.push(`${signal} to ${pid}`);
	get counts() {
		return [this.listenerCount('SIGTERM'), this.listenerCount('SIGINT')];
	}
}

const setting = (now: () => number = () => 0) => {
	const host = new Host();
	return { host, watch: new ProcessEndWatch(host as unknown as EndingHost, now) };
};

test('there is one listener per signal while there is work, however much, and none before and after', () => {
	const { host, watch } = setting();
	host.setMaxListeners(1);
	expect(host.counts).toEqual([0, 0]);
	const works = Array.from({ length: 50 }, () => watch.begin());
	expect(host.counts).toEqual([1, 1]);
	for (const work of works) {
		work.release();
		work.release();
	}
	expect(host.counts).toEqual([0, 0]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s tells all work, also that which begins after it', (signal) => {
	const { host, watch } = setting();
	host.once(signal, () => undefined);
	const [one, two, over] = [watch.begin(), watch.begin(), watch.begin()];
	over.release();
	host.emit(signal, signal);
	for (const work of [one, two, watch.begin()]) {
		expect(work.signal.aborted).toBe(true);
		expect(work.signal.reason).toEqual(new RunStopped('shutdown'));
	}
	expect(over.signal.aborted).toBe(false);
});

test('where n8n listens for the first signal only, the process is left to it, and a second signal finds no listener at all', () => {
	const { host, watch } = setting();
	host.once('SIGTERM', () => undefined);
	const work = watch.begin();
	host.emit('SIGTERM', 'SIGTERM');
	expect(host.sent).toEqual([]);
	expect(host.counts).toEqual([0, 0]);
	work.release();
	watch.begin().release();
	expect(host.counts).toEqual([0, 0]);
});

test('where nobody else listens, the signal is sent once more without our listener', () => {
	const { host, watch } = setting();
	watch.begin();
	host.emit('SIGTERM', 'SIGTERM');
	expect(host.sent).toEqual(['SIGTERM to 4711']);
	expect(host.counts).toEqual([0, 0]);
});

test('a second copy of the package in the process does not count as somebody who listens', () => {
	const { host, watch } = setting();
	watch.begin();
	new ProcessEndWatch(host as unknown as EndingHost).begin();
	host.emit('SIGTERM', 'SIGTERM');
	expect(host.sent).toHaveLength(2);
	expect(host.counts).toEqual([0, 0]);
});

test('a process that lives on for more than ten minutes, or than its longer grace time, works again', () => {
	let now = 0;
	const { host, watch } = setting(() => now);
	host.once('SIGINT', () => undefined);
	const ask = () => {
		watch.begin();
		host.once('SIGINT', () => undefined);
		host.emit('SIGINT', 'SIGINT');
	};
	ask();
	now = 10 * 60_000;
	expect(watch.begin().signal.aborted).toBe(true);
	now += 1;
	expect(watch.begin().signal.aborted).toBe(false);
	host.env['N8N_GRACEFUL_SHUTDOWN_TIMEOUT'] = '3600';
	ask();
	now += 3_600_000;
	expect(watch.begin().signal.aborted).toBe(true);
	now += 1;
	expect(watch.begin().signal.aborted).toBe(false);
});

/** A real process with work under way; says what became of it. */
async function child(listening: boolean): Promise<{ code: number | null; signal: string | null; said: string }> {
	const program = join(__dirname, 'endingProcess.ts');
	const running = spawn(process.execPath, ['--import', 'tsx', program, ...(listening ? ['listening'] : [])], {
		stdio: ['ignore', 'pipe', 'inherit'],
		cwd: join(__dirname, '..', '..'),
	});
	let said = '';
	running.stdout.setEncoding('utf8').on('data', (text: string) => {
		if (said === '') running.kill('SIGTERM');
		said += text;
	});
	const [code, signal] = (await once(running, 'close')) as [number | null, string | null];
	return { code, signal, said };
}

test('a real process ends at once as ever where nobody listens, and tells its work where somebody does', async () => {
	expect(await child(false)).toEqual({ code: null, signal: 'SIGTERM', said: 'working\n' });
	expect(await child(true)).toEqual({ code: 3, signal: null, said: 'working\nlistener\nshutdown\n' });
}, 60_000);

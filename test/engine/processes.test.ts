import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { hasCertainlyEnded, type Machine, processIdentity } from '../../engine/jobs/processes';
import type { ProcessIdentity } from '../../engine/model/processIdentity';

const BOOT = 'c1d2e3f4-0000-4000-8000-000000000001';

interface Seen {
	self?: string;
	boot?: string | null;
	namespace?: string;
	time?: string | null;
	/** State and start of processes, by number. */
	processes?: Record<number, [state: string, started: string]>;
	/** Processes that exist and whose file may not be read. */
	hidden?: number[];
	/** Processes that may not be asked. */
	foreign?: number[];
}

const gone = (code: string): Error => Object.assign(new Error(code), { code });

/** A machine with the given processes, seen from process 12. */
function machine({
	self = '12',
	boot = BOOT,
	namespace = 'pid:[1]',
	time = 'time:[2]',
	processes = {},
	hidden = [],
	foreign = [],
}: Seen = {}): Machine {
	const all: NonNullable<Seen['processes']> = { 12: ['S', '4711'], ...processes };
	const links: Record<string, string | null> = { '/proc/self': self, '/proc/self/ns/pid': namespace, '/proc/self/ns/time': time };
	return {
		pid: 12,
		link: (file) =>
			links[file] ??
			(() => {
				throw gone('ENOENT');
			})(),
		read: (file) => {
			if (file === '/proc/sys/kernel/random/boot_id' && boot !== null) return `${boot}\n`;
			const [, pid] = /^\/proc\/(\d+)\/stat$/.exec(file) ?? [];
			const [state, started] = all[Number(pid)] ?? [];
			if (!state || hidden.includes(Number(pid))) throw gone('ENOENT');
			return `${pid} (a (strange) name) ${state} ${'0 '.repeat(18)}${started} 0 0\n`;
		},
		probe: (pid) => {
			if (foreign.includes(pid)) throw gone('EPERM');
			if (!all[pid]) throw gone('ESRCH');
		},
	};
}

const other: ProcessIdentity = { ...processIdentity(machine())!, pid: 40, started: '900' };

test('a process is known by its number, its start and the place where these count', () => {
	expect(processIdentity(machine())).toEqual({ pid: 12, started: '4711', place: `${BOOT} pid:[1] time:[2]` });
	expect(processIdentity(machine({ time: null }))).toEqual({ pid: 12, started: '4711', place: `${BOOT} pid:[1] ` });
});

test.each<[string, Seen]>([
	['no boot id (Windows, macOS)', { boot: null }],
	['an empty boot id', { boot: '' }],
	['a /proc of another namespace', { self: '1012' }],
	['its own line hidden', { hidden: [12] }],
])('with %s a process has no identity', (_, seen) => expect(processIdentity(machine(seen))).toBeNull());

test.each<[string, boolean, Seen]>([
	['whose number is free', true, {}],
	['whose number another process has now', true, { processes: { 40: ['S', '901'] } }],
	['that waits as a zombie for its parent', true, { processes: { 40: ['Z', '900'] } }],
	['that runs', false, { processes: { 40: ['R', '900'] } }],
	['that was stopped and may go on', false, { processes: { 40: ['T', '900'] } }],
	['of another user, whose start is to be seen', false, { processes: { 40: ['S', '900'] }, foreign: [40] }],
	['of another user, which may not be asked', false, { foreign: [40] }],
	['that is there, and hidden', false, { processes: { 40: ['S', '900'] }, hidden: [40] }],
	['of before the machine was booted, or of another machine', false, { boot: 'another' }],
	['of another container of the machine', false, { namespace: 'pid:[9]' }],
	['that counts time differently', false, { time: 'time:[9]' }],
	['while this one cannot tell where it is', false, { self: '1012' }],
])('a process %s: ended for certain = %s', (_, ended, seen) => expect(hasCertainlyEnded(other, machine(seen))).toBe(ended));

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux(
	'a real process is known to have ended only after it was killed',
	async () => {
		const program = join(__dirname, 'identify.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', program], {
			stdio: ['ignore', 'pipe', 'inherit'],
			cwd: join(__dirname, '..', '..'),
		});
		const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
		const identity = JSON.parse(line) as ProcessIdentity;
		expect(identity.pid).toBe(child.pid);
		expect(hasCertainlyEnded(identity)).toBe(false);
		child.kill('SIGKILL');
		await once(child, 'close');
		expect(hasCertainlyEnded(identity)).toBe(true);
		expect(hasCertainlyEnded(processIdentity()!)).toBe(false);
	},
	30_000,
);

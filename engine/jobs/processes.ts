import { readFileSync, readlinkSync } from 'node:fs';
import type { ProcessIdentity } from '../model/processIdentity';

/** The machine as seen from here; tests give another one. Each throws where there is no such file, or no right to look. */
export interface Machine {
	pid: number;
	read(file: string): string;
	link(file: string): string;
	/** Throws with code ESRCH where there is no such process. */
	probe(pid: number): void;
}

const thisMachine: Machine = {
	pid: process.pid,
	read: (file) => readFileSync(file, 'latin1'),
	link: readlinkSync,
	// Signal 0 is never delivered.
	probe: (pid) => void process.kill(pid, 0),
};

/** Of this process; null where the system does not tell (only Linux does), and then nobody can say for certain that it has ended. */
export function processIdentity(machine: Machine = thisMachine): ProcessIdentity | null {
	const place = placeOf(machine);
	const status = place === null ? null : statusOf(machine, machine.pid);
	return place === null || status === null ? null : { pid: machine.pid, started: status.started, place };
}

/**
 * Whether the process is gone for certain: it belonged to this very place, and its number is free or is another process's now. False wherever
 * there is a doubt, for instance for a process of another machine or container.
 */
export function hasCertainlyEnded({ pid, started, place }: ProcessIdentity, machine: Machine = thisMachine): boolean {
	if (placeOf(machine) !== place) return false;
	try {
		machine.probe(pid);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
	const status = statusOf(machine, pid);
	// A killed process whose parent has not asked for its end yet is listed as a zombie; nothing of it runs any more.
	return status !== null && (status.started !== started || status.state === 'Z' || status.state === 'X');
}

/** Null where it cannot be told. The numbers of namespaces are unique on a running machine, and only together with its boot. */
function placeOf(machine: Machine): string | null {
	try {
		// Where /proc shows another namespace than the one this process lives in, its numbers mean something else.
		if (machine.link('/proc/self') !== String(machine.pid)) return null;
		const boot = machine.read('/proc/sys/kernel/random/boot_id').trim();
		return boot === '' ? null : [boot, machine.link('/proc/self/ns/pid'), timeNamespace(machine)].join(' ');
	} catch {
		return null;
	}
}

/** Kernels before 5.6 have none. */
function timeNamespace(machine: Machine): string {
	try {
		return machine.link('/proc/self/ns/time');
	} catch {
		return '';
	}
}

/** Fields 3 and 22 of /proc/PID/stat (man page proc_pid_stat(5)). The second one is the name of the program, which may hold anything, parentheses too. */
function statusOf(machine: Machine, pid: number): { state: string; started: string } | null {
	try {
		const stat = machine.read(`/proc/${pid}/stat`);
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		const [state, started] = [fields[0], fields[19]];
		return state && started && /^\d+$/.test(started) ? { state, started } : null;
	} catch {
		return null;
	}
}

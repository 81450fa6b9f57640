import type { JobWrite, LeaseChange } from './storeLog';

/** When a process was ended by force. */
export interface Kill {
	process: string;
	at: number;
}

/** A run of one mapping in one direction, from its first write to its last. */
export interface Span {
	job: string;
	connection: number;
	mapping: string;
	process: string;
	begun: number;
	ended: number;
	/** The next run found it dead and ended it in the log. */
	ownEnd: boolean;
}

/**
 * The jobs as they really ran, by who wrote them: a job that another process ended had ended when its own process was killed; was it never
 * killed, it may have gone on until that process wrote to it for the last time.
 */
export function spans(writes: readonly JobWrite[], kills: readonly Kill[]): Span[] {
	return grouped(writes, ({ job }) => job).map((own) => {
		const [first] = own;
		const { job, connection, mapping, process } = first!;
		const last = own.at(-1)!;
		const killed = kills.find((kill) => kill.process === process);
		const finished = last.status !== 'running';
		const ownEnd = finished && last.process === process;
		return { job, connection, mapping, process, begun: first!.at, ended: ownEnd ? last.at : (killed?.at ?? Infinity), ownEnd };
	});
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): T[][] {
	const groups = new Map<string, T[]>();
	for (const one of all) {
		const group = groups.get(keyOf(one));
		if (group === undefined) groups.set(keyOf(one), [one]);
		else group.push(one);
	}
	return [...groups.values()];
}

const sameMapping = (a: { connection: number; mapping: string }): string => `${a.connection} ${a.mapping}`;

/** Pairs of jobs of one mapping in one connection that ran at the same time, in words. */
export function doubleRuns(all: readonly Span[]): string[] {
	return grouped(all, sameMapping).flatMap((runs) => {
		const inOrder = runs.toSorted((a, b) => a.begun - b.begun);
		return inOrder.flatMap((run, index) =>
			inOrder
				.slice(index + 1)
				.filter((later) => later.begun < run.ended)
				.map(
					(later) =>
						`${run.mapping} of connection ${run.connection}: job ${later.job} (${later.process}) began ${ms(run.ended - later.begun)} before job ${run.job} (${run.process}) ended`,
				),
		);
	});
}

/** Leases that changed hands while their holder had them and lived, in words. */
export function stolenLeases(changes: readonly LeaseChange[], kills: readonly Kill[]): string[] {
	const takenBy = new Map<string, string>();
	return changes.flatMap((change) => {
		const key = sameMapping(change);
		const holder = takenBy.get(key);
		if (change.owner === null) takenBy.delete(key);
		else takenBy.set(key, change.process);
		if (change.owner === null || change.formerOwner === null || change.at >= change.formerExpires) return [];
		if (holder !== undefined && kills.some((kill) => kill.process === holder && kill.at <= change.at)) return [];
		return [`${change.mapping} of connection ${change.connection}: ${change.process} took it from ${holder ?? 'somebody'}, who lived`];
	});
}

export interface Freed {
	connection: number;
	mapping: string;
	/** From the kill until the next run of the mapping; Infinity when there was none. */
	afterMs: number;
}

/** For each lease that was held by the killed process: how long until the mapping ran again. */
export function freedAfter(changes: readonly LeaseChange[], kill: Kill): Freed[] {
	const held = new Map<string, LeaseChange>();
	for (const change of changes.filter(({ at }) => at <= kill.at)) held.set(sameMapping(change), change);
	return [...held.values()]
		.filter(({ owner, process }) => owner !== null && process === kill.process)
		.map(({ connection, mapping }) => {
			const next = changes.find(
				(change) => change.at > kill.at && change.connection === connection && change.mapping === mapping && change.owner !== null,
			);
			return { connection, mapping, afterMs: (next?.at ?? Infinity) - kill.at };
		});
}

const ms = (time: number): string => (Number.isFinite(time) ? `${time} ms` : 'long');

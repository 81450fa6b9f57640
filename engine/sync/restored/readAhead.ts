import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import type { ChangeQuery, RecordSystem } from '../../ports/recordSystem';

interface Ahead {
	query: string;
	writes: number;
	first: SystemRecord[];
	rest: AsyncIterator<SystemRecord[]> | null;
}

/**
 * Changes that a run reads before it writes anything, to see whether a system was put back; what was read is handed on to the pass that would read
 * it anyhow, so that looking costs no request.
 */
export class ReadAhead {
	private readonly known = new Map<Side, Ahead>();

	/** The first page of what a pass will read. */
	async first(system: RecordSystem, query: ChangeQuery): Promise<readonly SystemRecord[]> {
		const pages = system.readChanges(query)[Symbol.asyncIterator]();
		const { done, value } = await pages.next();
		const first = done ? [] : value;
		this.known.set(system.side, { query: JSON.stringify(query), writes: system.counts.writes, first, rest: done ? null : pages });
		return first;
	}

	/** What was read ahead, once; undefined where something was written to the system since, or something else is asked for. */
	take(system: RecordSystem, query: ChangeQuery): AsyncIterable<SystemRecord[]> | undefined {
		const ahead = this.known.get(system.side);
		this.known.delete(system.side);
		if (!ahead || ahead.query !== JSON.stringify(query) || ahead.writes !== system.counts.writes) return undefined;
		const { first, rest } = ahead;
		return (async function* () {
			if (rest === null) return;
			yield first;
			yield* { [Symbol.asyncIterator]: () => rest };
		})();
	}
}

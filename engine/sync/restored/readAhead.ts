import type { Side } from '../../model/side';
import type { SystemRecord } from '../../model/record';
import type { Clock } from '../../ports/clock';
import type { RecordSystem } from '../../ports/recordSystem';
import { Reading, type ReadingTerms } from '../reading/reading';

/**
 * Changes that a run reads before it writes anything, to see whether a system was put back; what was read is handed on to the pass that would read
 * it anyhow, so that looking costs no request.
 */
export class ReadAhead {
	private readonly known = new Map<Side, { reading: Reading; terms: string; writes: number }>();

	constructor(private readonly clock: Clock) {}

	/** The first page of what a pass will read. */
	async first(system: RecordSystem, terms: ReadingTerms): Promise<readonly SystemRecord[]> {
		const reading = new Reading(system, this.clock, terms);
		const [first = []] = await reading.peek(1);
		this.known.set(system.side, { reading, terms: JSON.stringify(terms), writes: system.counts.writes });
		return first;
	}

	/** What was read ahead, once; undefined where something was written to the system since, or something else is asked for. */
	take(system: RecordSystem, terms: ReadingTerms): Reading | undefined {
		const ahead = this.known.get(system.side);
		this.known.delete(system.side);
		if (!ahead || ahead.terms !== JSON.stringify(terms) || ahead.writes !== system.counts.writes) return undefined;
		return ahead.reading;
	}
}

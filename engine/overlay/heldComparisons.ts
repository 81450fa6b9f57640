import type { ComparedRecord, ComparedRecords, VersionComparison } from '../model/comparison';
import type { Side } from '../model/side';

type Mark = Omit<ComparedRecord, 'id'> & { beganAt: string };

/** Comparisons of versions in the overlay, and what they marked. A mark that is held here replaces the one the store has for the record. */
export class HeldComparisons {
	private readonly comparisons = new Map<string, VersionComparison>();
	private readonly marks = new Map<string, Map<string, Mark>>();

	get(mapping: string, side: Side): VersionComparison | undefined {
		return this.comparisons.get(keyOf(mapping, side));
	}

	put(comparison: VersionComparison): void {
		this.comparisons.set(keyOf(comparison.mapping, comparison.side), { ...comparison });
	}

	mark({ mapping, side, beganAt, records }: ComparedRecords): void {
		const marks = this.marksOf(mapping, side);
		for (const { id, version } of records) marks.set(id, { beganAt, version });
	}

	isMet(mapping: string, side: Side, id: string, beganAt: string): boolean {
		return this.marks.get(keyOf(mapping, side))?.get(id)?.beganAt === beganAt;
	}

	/** @param stored what the store says of the ids */
	versions(mapping: string, side: Side, ids: readonly string[], stored: ReadonlyMap<string, string>): Map<string, string> {
		const marks = this.marks.get(keyOf(mapping, side));
		const found = new Map(stored);
		for (const id of marks ? ids : []) {
			const mark = marks!.get(id);
			if (mark?.version === null) found.delete(id);
			else if (mark) found.set(id, mark.version);
		}
		return found;
	}

	/** Marks of the store that nothing was said of here are those of records that are not there any more, and stay. */
	forget(mapping: string, side: Side, beganAt: string): void {
		const marks = this.marksOf(mapping, side);
		for (const [id, mark] of marks) if (mark.version === null || mark.beganAt !== beganAt) marks.set(id, { beganAt: '', version: null });
	}

	private marksOf(mapping: string, side: Side): Map<string, Mark> {
		const known = this.marks.get(keyOf(mapping, side));
		if (known) return known;
		const made = new Map<string, Mark>();
		this.marks.set(keyOf(mapping, side), made);
		return made;
	}
}

const keyOf = (mapping: string, side: Side): string => `${mapping}\n${side}`;

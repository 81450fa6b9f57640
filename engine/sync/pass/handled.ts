import type { SystemRecord } from '../../model/record';

/**
 * Records kept in mind at a time: many times what fails or waits in a mapping, and a few megabytes. What is forgotten beyond it is at worst tried a
 * second time in one run.
 */
const KEPT = 20_000;

/** No service has such a version. */
const ANY = '*';

/**
 * Which records a pass has dealt with, by id and version, in constant memory: one that somebody edits while the pass goes on turns up again with a new
 * version, and is handled again. The oldest are forgotten. That suffices: pages of changes ascend by stamp, so a version can recur only in the next
 * page; and what was delivered is known by the version in its coupling. It is those that failed, or wait, that were read by their id before the changes and
 * must not be tried twice.
 */
export class Handled {
	/** Versions by id, the last one handled last. */
	private readonly versions = new Map<string, readonly string[]>();

	constructor(private readonly kept = KEPT) {}

	/** In any version: what is asked for by id is looked at once in a run. */
	has(id: string): boolean {
		return this.versions.has(id);
	}

	hasVersion({ id, version }: Pick<SystemRecord, 'id' | 'version'>): boolean {
		const known = this.versions.get(id);
		return known !== undefined && (known.includes(version) || known.includes(ANY));
	}

	/** `version`: as it was read, or as our own write left it. */
	add(id: string, version: string): void {
		const known = this.versions.get(id) ?? [];
		this.versions.delete(id);
		this.versions.set(id, known.includes(version) ? known : [...known.slice(-1), version]);
		if (this.versions.size > this.kept) this.versions.delete(this.versions.keys().next().value!);
	}

	/** Whatever becomes of the record while the run goes on is left to the next one. */
	addForGood(id: string): void {
		this.add(id, ANY);
	}

	/** It is to be dealt with later in the same run. */
	drop(id: string): void {
		this.versions.delete(id);
	}
}

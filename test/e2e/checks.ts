/** Counts what held and what did not, and says so line by line. */
export class Checks {
	passed = 0;
	failed = 0;
	private readonly begun = Date.now();

	private print(line: string): void {
		const seconds = ((Date.now() - this.begun) / 1000).toFixed(0).padStart(4);
		console.log(`${seconds} s  ${line}`);
	}

	/** Progress that is not a check. */
	note(text: string): void {
		this.print(`      ${text}`);
	}

	/**
	 * One check: `work` throws or answers false when it does not hold.
	 * @returns whether it held
	 */
	async that(name: string, work: () => unknown): Promise<boolean> {
		try {
			if ((await work()) === false) throw new Error('It does not hold.');
			this.passed++;
			this.print(`ok    ${name}`);
			return true;
		} catch (error) {
			this.failed++;
			this.print(`FAIL  ${name}`);
			console.log(`        ${(error instanceof Error ? error.message : String(error)).split('\n').join('\n        ')}`);
			return false;
		}
	}

	/** For something that must hold for the rest to make sense. */
	async must(name: string, work: () => unknown): Promise<void> {
		if (!(await this.that(name, work))) throw new Stop(name);
	}

	summary(): string {
		return `${this.passed} passed, ${this.failed} failed`;
	}
}

/** The run cannot go on; the failed check has been counted and printed. */
export class Stop extends Error {
	constructor(readonly check: string) {
		super(`Stopped after: ${check}`);
	}
}

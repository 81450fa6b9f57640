/**
 * The stores of a story: one most of the time; another n8n has its own, one is lost, one is set back to what a backup kept. All are connections of
 * one database.
 */
export class Stores {
	/** Those that ever were in use: what they logged stays known. */
	readonly names = ['1'];
	current = '1';
	private backup: string | null = null;
	private count = 1;

	constructor(private readonly copyRows: (from: string, to: string) => Promise<void>) {}

	/** Runs go on with the other one of two stores. */
	change(): string {
		if (this.names.length === 1) this.add();
		this.current = this.current === this.names[0] ? this.names[1]! : this.names[0]!;
		return this.current;
	}

	/** Runs go on with an empty store. */
	lose(): string {
		return (this.current = this.add());
	}

	async backUp(): Promise<string> {
		this.backup = `backup ${++this.count}`;
		await this.copyRows(this.current, this.backup);
		return this.backup;
	}

	/** Runs go on with what the last backup kept. */
	async setBack(): Promise<string> {
		if (this.backup === null) return 'nothing';
		const name = this.add();
		await this.copyRows(this.backup, name);
		return (this.current = name);
	}

	private add(): string {
		const name = String(++this.count);
		this.names.push(name);
		return name;
	}
}

/**
 * Things that are opened once per process and shared, by name: several sessions work on one database file through one handle, and
 * on one PostgreSQL database through one pool. The last one to let go closes it.
 */
export class SharedHandles<T> {
	private readonly open = new Map<string, { handle: Promise<T>; users: number }>();

	constructor(private readonly close: (handle: T) => Promise<void>) {}

	/** The handle and the function that lets go of it; calling that function again does nothing. */
	async acquire(name: string, opener: () => Promise<T>): Promise<{ handle: T; release: () => Promise<void> }> {
		let entry = this.open.get(name);
		if (entry === undefined) {
			entry = { handle: opener(), users: 0 };
			this.open.set(name, entry);
		}
		entry.users++;
		try {
			const handle = await entry.handle;
			return { handle, release: this.releaseOnce(name, entry, handle) };
		} catch (error) {
			// An opener that failed is not kept: the next caller tries again.
			if (this.open.get(name) === entry) this.open.delete(name);
			throw error;
		}
	}

	private releaseOnce(name: string, entry: { users: number }, handle: T): () => Promise<void> {
		let released: Promise<void> | undefined;
		return () =>
			(released ??= (async () => {
				if (--entry.users > 0) return;
				this.open.delete(name);
				await this.close(handle);
			})());
	}
}

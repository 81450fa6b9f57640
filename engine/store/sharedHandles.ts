/**
 * Things that are opened once per process and shared, by name: several sessions work on one database file through one handle, and
 * on one PostgreSQL database through one pool. The last one to let go closes it.
 */
export class SharedHandles<T> {
	private readonly open = new Map<string, Entry<T>>();
	/** Handles that are of no use any more, until they are closed. */
	private readonly leaving = new Map<string, Promise<void>>();

	constructor(private readonly close: (handle: T) => Promise<void>) {}

	/**
	 * The handle and the function that lets go of it; calling that function again does nothing.
	 *
	 * @param opener is given a function that retires what it opens: nobody gets that handle any more, it is closed although sessions still
	 * have it, and the next caller waits for that and opens anew
	 */
	async acquire(name: string, opener: (retire: () => void) => Promise<T>): Promise<{ handle: T; release: () => Promise<void> }> {
		for (let closing = this.leaving.get(name); closing; closing = this.leaving.get(name)) await closing;
		let entry = this.open.get(name);
		if (entry === undefined) {
			entry = new Entry(opener, (retired) => this.retire(name, retired));
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

	private retire(name: string, entry: Entry<T>): void {
		if (this.open.get(name) !== entry) return;
		this.open.delete(name);
		const closing = entry.handle
			// Who could not open has closed by himself.
			.then(
				(handle) => this.close(handle),
				() => undefined,
			)
			.catch(() => undefined)
			.finally(() => this.leaving.delete(name));
		entry.retired = closing;
		this.leaving.set(name, closing);
	}

	private releaseOnce(name: string, entry: Entry<T>, handle: T): () => Promise<void> {
		let released: Promise<void> | undefined;
		return () =>
			(released ??= (async () => {
				if (entry.retired) return await entry.retired;
				if (--entry.users > 0) return;
				if (this.open.get(name) === entry) this.open.delete(name);
				await this.close(handle);
			})());
	}
}

class Entry<T> {
	readonly handle: Promise<T>;
	users = 0;
	/** Settles when it is closed. */
	retired: Promise<void> | undefined;

	constructor(opener: (retire: () => void) => Promise<T>, retire: (entry: Entry<T>) => void) {
		this.handle = opener(() => retire(this));
	}
}

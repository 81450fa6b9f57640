import { resolve } from 'node:path';
import type { SyncError } from '../../model/errors';
import { isSameFile, isUntouched, stampOf, type FileStamp } from './fileStamp';
import { requireContinued } from './continuity';
import { inspect } from './inspection';
import type { Lineage } from './lineage';
import { explainSqlite, isBusy, LOG_GONE, REPLACED, storeError } from './sqliteErrors';

/** Looking through a file that other processes write to may take this share of the time of a run. */
const SHARE_OF_TIME = 1 / 20;

/**
 * What has become of the file: `replaced`, another one or none is at its place; `older`, an older copy was written over it; `damaged`;
 * `logGone`, what SQLite keeps beside it is gone.
 */
export type Loss = 'replaced' | 'older' | 'damaged' | 'logGone';

/**
 * Sees that an open database file is still the one at its place: a program may delete it, put another one there, write over it, or delete
 * the files SQLite keeps beside it. SQLite would go on with what it has open, and everything it is told from then on would be lost.
 * Asked before each transaction and when one has been committed; once the file is lost, it stays lost.
 */
export class FileWatch {
	private readonly places: Set<string>;
	private readonly file: FileStamp | undefined;
	private log: FileStamp | undefined;
	private index: FileStamp | undefined;
	/** The file as this process last wrote it, or as it was last found whole. */
	private known: FileStamp | undefined;
	/** What the database had come to when it was last looked at or written; it never goes back. */
	private lineage: Lineage;
	/** The file as another process wrote it and it was not looked through yet, only found to be the same database. */
	private glanced: FileStamp | undefined;
	private looking: Promise<void> | undefined;
	private nextLook = 0;
	private written = false;
	private verdict: { loss: Loss; error: SyncError } | undefined;

	/**
	 * @param known the file as it was last found whole; where it looks otherwise now, it is looked through before the next statement
	 * @param onLost called once, as soon as the file is found lost
	 */
	constructor(
		readonly path: string,
		known: { stamp: FileStamp | undefined; lineage: Lineage },
		private readonly onLost: () => void,
	) {
		this.places = new Set([path]);
		this.file = stampOf(path);
		this.known = known.stamp;
		this.lineage = known.lineage;
	}

	/** Why nothing may be read or written any more; undefined as long as all is well. */
	get lost(): SyncError | undefined {
		return this.verdict?.error;
	}

	get loss(): Loss | undefined {
		return this.verdict?.loss;
	}

	/** What stands at this path must be this file too: a symbolic link may be turned elsewhere. */
	alsoAt(path: string): void {
		this.places.add(resolve(path));
	}

	/**
	 * @param always look through the whole file when somebody else has written it, however much time that took of late
	 * @throws SyncError `STORE_REPLACED` or `STORE_CORRUPT` (setup)
	 */
	async check(always = false): Promise<void> {
		this.checkPlace();
		if (isUntouched(this.known, stampOf(this.path))) return;
		await (this.looking ??= this.look(always).finally(() => (this.looking = undefined)));
	}

	/** As `check`, without waiting for anything: only whether the files are still at their places. */
	checkPlace(): void {
		if (this.verdict) throw this.verdict.error;
		for (const place of this.places) {
			if (!isSameFile(this.file, stampOf(place))) this.lose('replaced', storeError(this.path, REPLACED));
		}
		const [log, index] = [stampOf(`${this.path}-wal`), stampOf(`${this.path}-shm`)];
		this.log ??= log;
		this.index ??= index;
		if (!isSameFile(this.log, log) || !isSameFile(this.index, index)) this.lose('logGone', storeError(this.path, LOG_GONE));
	}

	/** Does something on the connection that may write the file itself. */
	during<T>(work: () => T): T {
		const before = stampOf(this.path);
		try {
			return work();
		} finally {
			const after = stampOf(this.path);
			if (!isUntouched(before, after)) this.written = true;
			if (isUntouched(this.known, before)) this.known = after ?? this.known;
		}
	}

	/** Whether the file itself was written by this connection since this was last asked. */
	takeWritten(): boolean {
		const written = this.written;
		this.written = false;
		return written;
	}

	/** To be told the generation a transaction finds before it counts itself. @throws SyncError `STORE_REPLACED` when it went backwards */
	found(generation: number): void {
		if (generation < this.lineage.generation) this.lose('older', storeError(this.path, REPLACED));
	}

	committed(generation: number): void {
		this.lineage.generation = generation;
	}

	/** Transactions that are surely in the file itself. */
	get settled(): number {
		return this.lineage.settled;
	}

	/** To be called when everything of the log is in the file. */
	allSettled(): void {
		this.lineage.settled = this.lineage.generation;
	}

	/** Whether everything that was ever written to the file came from here, or was looked through. */
	isTrusted(): boolean {
		return this.verdict === undefined && isUntouched(this.known, stampOf(this.path));
	}

	/** Whether what stands beside the path now is what this connection works with. */
	owns(companion: '-wal' | '-shm'): boolean {
		const mine = companion === '-wal' ? this.log : this.index;
		return mine !== undefined && isSameFile(mine, stampOf(`${this.path}${companion}`));
	}

	/** Somebody else has written the file. Another process of n8n or a database tool may; a copy laid over it is found out. */
	private async look(always: boolean): Promise<void> {
		try {
			const sure = isUntouched(this.glanced, stampOf(this.path)) || (await this.glance());
			if (always || !sure || performance.now() >= this.nextLook) await this.lookThrough();
		} catch (error) {
			// Somebody else holds the file: whoever asked waits, as for any statement.
			if (isBusy(error)) throw error;
			const explained = explainSqlite(this.path, error);
			if (explained.errorClass === 'setup') this.lose(explained.code === REPLACED.code ? 'older' : 'damaged', explained);
			throw explained;
		}
	}

	/** @returns whether that told enough for now */
	private async glance(): Promise<boolean> {
		const stamp = stampOf(this.path);
		const { lineage, sure } = await requireContinued(this.path, this.lineage);
		this.lineage = lineage;
		this.glanced = stamp;
		return sure;
	}

	private async lookThrough(): Promise<void> {
		const stamp = stampOf(this.path);
		const begun = performance.now();
		const { lineage, close } = await inspect(this.path, this.lineage);
		await close();
		this.lineage = lineage;
		this.nextLook = performance.now() + (performance.now() - begun) / SHARE_OF_TIME;
		this.known = stamp;
	}

	private lose(loss: Loss, error: SyncError): never {
		if (this.verdict === undefined) {
			this.verdict = { loss, error };
			this.onLost();
		}
		throw this.verdict.error;
	}
}

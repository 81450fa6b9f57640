import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { loadDriver } from './driver';

/** A smaller file is not worth rewriting; pages of 4,096 bytes. */
const WORTH_PAGES = 256;

export const isWorthShrinking = (database: DatabaseSync): boolean =>
	Number(database.prepare('select page_count from pragma_page_count').get()?.['page_count']) > WORTH_PAGES;

/**
 * Gives back to the disk what is free in a file that nobody in this process has open (`vacuum`). The work is done in another thread: it takes a second for
 * a hundred thousand couplings. Where it cannot be done – another process uses the file, the disk has no room for a second copy – the file stays as it is,
 * and what is free in it is used for what comes.
 */
export async function shrink(file: string): Promise<void> {
	await loadDriver();
	const worker = new Worker(PROGRAM, { eval: true, workerData: file, execArgv: ['--disable-warning=ExperimentalWarning'] });
	// An error of the thread ends it; that the file is still large is all there is to it.
	worker.on('error', () => undefined);
	await new Promise<void>((resolve) => worker.once('exit', () => resolve()));
}

/** Text for the reason given in otherThread.ts. */
const PROGRAM = `
const { workerData: file } = require('node:worker_threads');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(file, { timeout: 1000 });
try {
	database.exec('pragma synchronous = full');
	database.exec('vacuum');
	database.exec('pragma wal_checkpoint(truncate)');
} catch {
	// See shrink().
} finally {
	database.close();
}`;

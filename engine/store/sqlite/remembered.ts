import { isUntouched, stampOf, type FileStamp } from './fileStamp';

/** State files this process has had open, by their true path. */
const used = new Set<string>();
/** The stamp under which this process left a file behind whole. */
const whole = new Map<string, FileStamp>();

export const rememberUse = (path: string): void => void used.add(path);
export const wasUsed = (path: string): boolean => used.has(path);

/** To be called when this process has made the file, or closed it with everything in it. */
export function rememberWhole(path: string): void {
	const stamp = stampOf(path);
	if (stamp) whole.set(path, stamp);
}

/** Nobody has written the file since this process left it, and no log waits beside it: it need not be looked through again. */
export function isKnownWhole(path: string): boolean {
	const log = stampOf(`${path}-wal`);
	return whole.has(path) && isUntouched(whole.get(path), stampOf(path)) && (log === undefined || log.size === 0n);
}

/** What a process knows that was just started: for tests in which n8n is started again. */
export function forgetFiles(): void {
	used.clear();
	whole.clear();
}

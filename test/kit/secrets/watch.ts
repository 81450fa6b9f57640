import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import type { LoggedRequest } from '../../../sandbox';
import { findSecret } from './planted';

/** Found since the last look, in words without the secret itself. */
const leaks: string[] = [];
/** Things that fill up after they are made known, looked at when the test has ended. */
const later: Array<{ where: string; what: unknown }> = [];

/** Holds a text that leaves the product (log line, item, file) against the planted secrets. */
export function watchText(where: string, text: string): void {
	const found = findSecret(text);
	if (!found) return;
	const around = text.slice(Math.max(0, found.at - 80), found.at).replaceAll('\n', ' ');
	const leak = `A secret (${found.secret.slice(0, 4)}…) stands in ${where}, after: ${around}`;
	leaks.push(leak);
	// The run fails by this file, also for what is found when no test is left to fail.
	if (process.env['SECRET_LEAKS']) appendFileSync(process.env['SECRET_LEAKS'], `${leak}\n`);
}

/** The same for anything else, with all that is hidden in it; errors with their causes. */
export function watch(where: string, what: unknown): void {
	watchText(where, typeof what === 'string' ? what : everythingIn(what));
}

export function watchLater(where: string, what: unknown): void {
	later.push({ where, what });
}

/** What was found since the last call. */
export function takeLeaks(): string[] {
	for (const { where, what } of later.splice(0)) watch(where, what);
	return leaks.splice(0);
}

/** What both systems were asked, which no secret belongs into: neither an address nor a body. Signing in is another matter. */
export function watchRequests(requests: readonly LoggedRequest[]): void {
	for (const { system, method, path, requestBody } of requests)
		if (system !== 'login') watchText(`a request to ${system}`, `${method} ${path}\n${requestBody}`);
}

/**
 * A store file as it stands on the disk. As long as another connection has the file open (then SQLite's -shm file stays), it is not
 * looked at: reading it here would take that connection's locks away when it is one of this process. The last to close merges
 * everything into the file, and is the one whose look counts.
 */
export function watchFile(file: string): void {
	if (existsSync(`${file}-shm`)) return;
	try {
		watchText(`the file ${file.replace(/.*\//, '')}`, readFileSync(file, 'latin1'));
	} catch {
		// Removed already, or never made.
	}
}

/** Far quicker than `inspect` for what is plain data, as items are. */
export const jsonOf = (value: unknown): string => {
	const above = new WeakSet();
	return (
		JSON.stringify(value, (_name, inner: unknown) => {
			if (typeof inner !== 'object' || inner === null) return typeof inner === 'bigint' ? String(inner) : inner;
			if (above.has(inner)) return undefined;
			above.add(inner);
			return inner instanceof Error ? everythingIn(inner) : inner;
		}) ?? ''
	);
};

const everythingIn = (value: unknown): string =>
	inspect(value, { depth: 12, showHidden: true, maxArrayLength: null, maxStringLength: null, breakLength: Infinity });

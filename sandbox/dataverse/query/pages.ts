import { DataverseError } from '../errors';
import type { Cursor } from './run';

/**
 * The skip token as the service writes it: a cookie with the last row, encoded twice inside. Clients must take it as it is.
 * `state` is whatever the reader needs to go on.
 */
export function skipToken(page: number, state: unknown, tracking: boolean): string {
	const inner = `<cookie page="${page - 1}"><last state="${Buffer.from(JSON.stringify(state)).toString('base64url')}" /></cookie>`;
	const text = `<cookie pagenumber="${page}" pagingcookie="${encodeURIComponent(encodeURIComponent(inner))}" istracking="${tracking ? 'True' : 'False'}" />`;
	return encodeURIComponent(text);
}

export interface SkipToken {
	page: number;
	state: unknown;
	tracking: boolean;
}

export function readSkipToken(text: string): SkipToken {
	try {
		const match = /^<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="(True|False)" \/>$/.exec(text)!;
		const inner = decodeURIComponent(decodeURIComponent(match[2]!));
		const state = /state="([^"]*)"/.exec(inner)![1]!;
		return {
			page: Number(match[1]),
			state: JSON.parse(Buffer.from(state, 'base64url').toString()) as unknown,
			tracking: match[3] === 'True',
		};
	} catch {
		throw new DataverseError(400, '0x80060888', 'The paging cookie in the skip token is malformed.');
	}
}

export const cursorOf = (state: unknown): Cursor => state as Cursor;

/** The query as sent, with one option set to an (encoded) value and others taken out. */
export function withOption(rawQuery: string, name: string, encoded: string | null, drop: string[] = []): string {
	const kept = rawQuery.split('&').filter((pair) => {
		const key = decodeURIComponent(pair.split('=')[0]!);
		return pair !== '' && key !== name && !drop.includes(key);
	});
	return [...kept, ...(encoded === null ? [] : [`${name}=${encoded}`])].join('&');
}

import { randomUUID } from 'node:crypto';
import type { BatchPart, PartAnswer } from './batch';

export interface MultipartBatch {
	contentType: string;
	body: string;
}

/** A `multipart/mixed` batch: each part answers for itself, but for groups, which are change sets. */
export function buildMultipartBatch(parts: readonly BatchPart[], boundary = `batch_${randomUUID()}`): MultipartBatch {
	const lines: string[] = [];
	for (const indexes of unitsOf(parts)) {
		lines.push(`--${boundary}`);
		const isSet = parts[indexes[0]!]!.group !== undefined;
		if (!isSet) lines.push(...request(parts[indexes[0]!]!, null));
		else {
			const inner = `changeset_${randomUUID()}`;
			lines.push(`Content-Type: multipart/mixed; boundary="${inner}"`, '');
			for (const [position, index] of indexes.entries()) lines.push(`--${inner}`, ...request(parts[index]!, position + 1));
			lines.push(`--${inner}--`, '');
		}
	}
	lines.push(`--${boundary}--`, '');
	return { contentType: `multipart/mixed; boundary="${boundary}"`, body: lines.join('\r\n') };
}

/** Positions of parts that are answered together: one by one, but for groups. */
export function unitsOf(parts: readonly BatchPart[]): number[][] {
	const units: number[][] = [];
	for (const [index, { group }] of parts.entries()) {
		if (group !== undefined && index > 0 && parts[index - 1]!.group === group) units.at(-1)!.push(index);
		else units.push([index]);
	}
	return units;
}

/** `contentId`: of a part of a change set. */
function request(part: BatchPart, contentId: number | null): string[] {
	const lines = [
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		...(contentId === null ? [] : [`Content-ID: ${contentId}`]),
		'',
		`${part.method} ${part.url} HTTP/1.1`,
		...Object.entries(part.headers).map(([name, value]) => `${name}: ${value}`),
	];
	if (part.body === undefined) return [...lines, '', ''];
	return [...lines, 'Content-Type: application/json; type=entry', '', asciiJson(part.body)];
}

/** Characters beyond ASCII as `\uXXXX`: the inner parts name no character set. */
const asciiJson = (value: unknown): string =>
	JSON.stringify(value).replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

export interface MultipartAnswer {
	/** In the order of the text; parts of change sets are listed one by one. */
	parts: PartAnswer[];
	/** The same by part of the outer text: one answer, or those of a change set. */
	units: PartAnswer[][];
	/** The text ended with its closing delimiter. */
	complete: boolean;
}

/**
 * Reads a multipart answer. Forgiving: line ends CRLF or LF, quoted or bare boundary, nested change sets, a last part that breaks off (it
 * is dropped, for its status may be whole but its body is not).
 */
export function readMultipart(body: string, contentType: string | undefined): MultipartAnswer {
	const boundary = boundaryOf(contentType) ?? /^\s*--([^\r\n]+?)[ \t]*(?:\r?\n|$)/.exec(body)?.[1];
	if (!boundary) return { parts: [], units: [], complete: false };
	const pieces = `\n${body}`.split(new RegExp(`\\r?\\n--${escaped(boundary)}`));
	// Before the first delimiter stands a preamble; after the closing one ("--") an epilogue.
	const closing = pieces.findIndex((piece, index) => index > 0 && piece.startsWith('--'));
	const complete = closing > 0;
	const inner = pieces.slice(1, complete ? closing : undefined);
	const units: PartAnswer[][] = [];
	let nestedComplete = true;
	for (const [index, piece] of inner.entries()) {
		const cutOff = !complete && index === inner.length - 1;
		const { headers, rest } = splitHeaders(piece.replace(/^[ \t]*\r?\n/, ''));
		if (/^multipart\/mixed/i.test(headers['content-type'] ?? '')) {
			const nested = readMultipart(rest, headers['content-type']);
			units.push(nested.parts);
			nestedComplete &&= nested.complete;
		} else if (!cutOff) {
			const answer = readHttp(rest);
			if (answer) units.push([withContentId(answer, headers)]);
		}
	}
	return { parts: units.flat(), units, complete: complete && nestedComplete };
}

const withContentId = (answer: PartAnswer, { 'content-id': id }: Record<string, string>): PartAnswer =>
	id === undefined ? answer : { ...answer, headers: { 'content-id': id, ...answer.headers } };

const boundaryOf = (contentType: string | undefined): string | undefined =>
	contentType === undefined ? undefined : (/boundary="([^"]+)"/i.exec(contentType)?.[1] ?? /boundary=([^;\s"]+)/i.exec(contentType)?.[1]);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function splitHeaders(text: string): { headers: Record<string, string>; rest: string } {
	const end = /\r?\n\r?\n/.exec(text);
	const head = end ? text.slice(0, end.index) : text;
	const headers: Record<string, string> = {};
	for (const line of head.split(/\r?\n/)) {
		const colon = line.indexOf(':');
		if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
	}
	return { headers, rest: end ? text.slice(end.index + end[0].length) : '' };
}

function readHttp(text: string): PartAnswer | null {
	const statusLine = /^\s*HTTP\/[\d.]+ (\d{3})[^\r\n]*(?:\r?\n|$)/.exec(text);
	if (!statusLine) return null;
	const { headers, rest } = splitHeaders(text.slice(statusLine[0].length));
	const trimmed = rest.trim();
	return { status: Number(statusLine[1]), headers, body: trimmed === '' ? undefined : jsonOrText(trimmed) };
}

function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

import type { SandboxResponse } from '../core/http';

/** One request inside a batch. Header names in lower case. */
export interface BatchRequest {
	method: string;
	/** As written: absolute, host-relative, relative to the service, or starting with `$n` inside a change set. */
	url: string;
	headers: Record<string, string>;
	body: string;
	contentId: string | null;
}

export type BatchItem = { kind: 'request'; request: BatchRequest } | { kind: 'changeset'; requests: BatchRequest[] };

export type BatchAnswer =
	| { kind: 'response'; response: SandboxResponse }
	| { kind: 'changeset'; responses: Array<{ contentId: string | null; response: SandboxResponse }> };

/** The body is not a well-formed multipart batch. */
export class MultipartError extends Error {}

/** Value of `boundary` in a content type, quotes taken off; null when there is none. */
export function boundaryOf(contentType: string | undefined): string | null {
	if (!contentType || !/^\s*multipart\/mixed/i.test(contentType)) return null;
	const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
	return found?.[1] ?? found?.[2] ?? null;
}

/** Reads a batch body; accepts CRLF and LF line ends, a preamble, and parts without a blank line after the request line. Throws MultipartError. */
export function parseBatch(body: string, contentType: string | undefined): BatchItem[] {
	const boundary = boundaryOf(contentType);
	if (!boundary) throw new MultipartError("The content type of a batch must be 'multipart/mixed' with a boundary.");
	return parts(body, boundary).map((part): BatchItem => {
		const { headers, rest } = split(part);
		const inner = boundaryOf(headers['content-type']);
		if (!inner) return { kind: 'request', request: request(headers, rest) };
		return {
			kind: 'changeset',
			requests: parts(rest, inner).map((piece) => {
				const nested = split(piece);
				return request(nested.headers, nested.rest);
			}),
		};
	});
}

function parts(body: string, boundary: string): string[] {
	const text = body.replace(/\r\n/g, '\n');
	const found: string[] = [];
	let current: string[] | null = null;
	for (const line of text.split('\n')) {
		const mark = line.trimEnd();
		if (mark === `--${boundary}` || mark === `--${boundary}--`) {
			if (current) found.push(current.join('\n'));
			if (mark.endsWith(`${boundary}--`)) return found;
			current = [];
		} else current?.push(line);
	}
	if (!current) throw new MultipartError(`The batch has no part with boundary '${boundary}'.`);
	// A missing end mark is forgiven, as the service does: the rest is the last part.
	found.push(current.join('\n'));
	return found;
}

function split(part: string): { headers: Record<string, string>; rest: string } {
	const lines = part.split('\n');
	const headers: Record<string, string> = {};
	let at = 0;
	while (at < lines.length && lines[at]!.trim() === '') at++;
	for (; at < lines.length && lines[at]!.trim() !== ''; at++) {
		const colon = lines[at]!.indexOf(':');
		if (colon <= 0) break;
		headers[lines[at]!.slice(0, colon).trim().toLowerCase()] = lines[at]!.slice(colon + 1).trim();
	}
	return { headers, rest: lines.slice(at).join('\n') };
}

function request(partHeaders: Record<string, string>, rest: string): BatchRequest {
	const text = rest.replace(/^\s+/, '');
	const end = text.indexOf('\n');
	const line = (end < 0 ? text : text.slice(0, end)).trim();
	const match = /^([A-Z]+)\s+(\S.*?)(?:\s+HTTP\/\d(?:\.\d)?)?$/.exec(line);
	if (!match) throw new MultipartError(`The request line '${line}' of a batch part cannot be read.`);
	const { headers, rest: body } = end < 0 ? { headers: {}, rest: '' } : split(text.slice(end));
	return {
		method: match[1]!,
		url: match[2]!,
		headers,
		body: body.trim(),
		contentId: partHeaders['content-id'] ?? headers['content-id'] ?? null,
	};
}

/** Writes a batch body from its items, as a client would; `host` only matters for relative urls. */
export function buildBatch(items: BatchItem[], boundary = 'batch_sandbox'): { contentType: string; body: string } {
	const lines: string[] = [];
	items.forEach((item, number) => {
		lines.push(`--${boundary}`);
		if (item.kind === 'request') lines.push(...requestLines(item.request));
		else {
			const inner = `changeset_${number}`;
			lines.push(`Content-Type: multipart/mixed; boundary="${inner}"`, '');
			for (const inside of item.requests) lines.push(`--${inner}`, ...requestLines(inside));
			lines.push(`--${inner}--`);
		}
	});
	lines.push(`--${boundary}--`, '');
	return { contentType: `multipart/mixed; boundary="${boundary}"`, body: lines.join('\r\n') };
}

function requestLines(inside: BatchRequest): string[] {
	const id = inside.contentId === null ? [] : [`Content-ID: ${inside.contentId}`];
	const headers = Object.entries(inside.headers).map(([name, value]) => `${name}: ${value}`);
	return [
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		...id,
		'',
		`${inside.method} ${inside.url} HTTP/1.1`,
		...headers,
		'',
		inside.body,
		'',
	];
}

const reasons: Record<number, string> = {
	200: 'OK',
	201: 'Created',
	202: 'Accepted',
	204: 'No Content',
	304: 'Not Modified',
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	412: 'Precondition Failed',
	413: 'Payload Too Large',
	429: 'Too Many Requests',
	500: 'Internal Server Error',
	501: 'Not Implemented',
	502: 'Bad Gateway',
	503: 'Service Unavailable',
	504: 'Gateway Timeout',
};

/**
 * Writes the answer to a batch. Keeps what the parser of the DynamicsWebApi library depends on: the delimiter is the first line, the
 * status line ends after the words, `OData-EntityId` stands on one line, JSON is the only text in braces.
 */
export function buildBatchAnswer(
	answers: BatchAnswer[],
	newId: () => string,
	prefix = 'batchresponse',
): { contentType: string; body: string } {
	const boundary = `${prefix}_${newId()}`;
	const lines: string[] = [];
	for (const answer of answers) {
		lines.push(`--${boundary}`);
		if (answer.kind === 'response') lines.push(...responseLines(answer.response, null));
		else {
			const inner = `changesetresponse_${newId()}`;
			lines.push(`Content-Type: multipart/mixed; boundary=${inner}`, '');
			for (const { contentId, response } of answer.responses) lines.push(`--${inner}`, ...responseLines(response, contentId));
			lines.push(`--${inner}--`);
		}
	}
	lines.push(`--${boundary}--`, '');
	return { contentType: `multipart/mixed; boundary=${boundary}`, body: lines.join('\r\n') };
}

/** Spelling of header names where readers of a batch look for it. */
const spelling: Record<string, string> = {
	'odata-version': 'OData-Version',
	'odata-entityid': 'OData-EntityId',
	'content-type': 'Content-Type',
	location: 'Location',
	etag: 'ETag',
	'preference-applied': 'Preference-Applied',
	'retry-after': 'Retry-After',
};

function responseLines(response: SandboxResponse, contentId: string | null): string[] {
	const headers = Object.entries(response.headers).map(([name, value]) => `${spelling[name] ?? name}: ${value}`);
	return [
		'Content-Type: application/http',
		'Content-Transfer-Encoding: binary',
		...(contentId === null ? [] : [`Content-ID: ${contentId}`]),
		'',
		`HTTP/1.1 ${response.status} ${reasons[response.status] ?? 'Status'}`,
		...headers,
		'',
		response.body,
		...(response.body ? [''] : []),
	];
}

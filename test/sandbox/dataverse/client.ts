import { silentContext, type OperationContext } from '../../../sandbox/core/context';
import { Clock } from '../../../sandbox/core/clock';
import type { SandboxResponse } from '../../../sandbox/core/http';
import { DataverseSandbox } from '../../../sandbox/dataverse';
import { buildBatch, parseBatch, type BatchItem } from '../../../sandbox/odata/multipart';

export const root = 'http://crm.sandbox/api/data/v9.2/';
export const start = Date.UTC(2026, 0, 15, 12, 0, 0, 250);

export type Json = Record<string, unknown> & { value: Array<Record<string, unknown>> };

export interface Answer extends SandboxResponse {
	json: Json;
	/** `error.code` of the body. */
	code: string;
	message: string;
	/** Id in OData-EntityId. */
	id: string;
}

export interface BatchPart {
	status: number;
	headers: string;
	json: Json | null;
	contentId: string | null;
}

/** A sandbox of its own on virtual time, and a plain client for it. */
export function environment() {
	const clock = new Clock();
	clock.set(start);
	const crm = new DataverseSandbox({ clock, authenticate: (header) => (header ? { user: header.replace('Bearer ', '') } : null) });
	let user: string | undefined = crm.administrator;
	let stale = false;

	const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
		const context: OperationContext = {
			...silentContext(null),
			stale: () => {
				const now = stale;
				stale = false;
				return now;
			},
		};
		const response = await crm.handle(
			{
				method,
				url: path.startsWith('http') ? path : root + path,
				headers: { ...(user && { authorization: `Bearer ${user}` }), ...headers },
				body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
			},
			context,
		);
		const json = (response.headers['content-type'] ?? '').includes('json') ? (JSON.parse(response.body) as Json) : ({} as Json);
		const error = json.error as { code: string; message: string } | undefined;
		return {
			...response,
			json,
			code: error?.code ?? '',
			message: error?.message ?? '',
			id: /\(([^)]*)\)$/.exec(response.headers['odata-entityid'] ?? '')?.[1] ?? '',
		};
	};

	return {
		crm,
		clock,
		send,
		get: (path: string, headers?: Record<string, string>) => send('GET', path, undefined, headers),
		post: (path: string, body: unknown, headers?: Record<string, string>) => send('POST', path, body, headers),
		patch: (path: string, body: unknown, headers?: Record<string, string>) => send('PATCH', path, body, headers),
		put: (path: string, body: unknown, headers?: Record<string, string>) => send('PUT', path, body, headers),
		del: (path: string, headers?: Record<string, string>) => send('DELETE', path, undefined, headers),
		batch: async (items: BatchItem[], headers: Record<string, string> = {}) => {
			const { contentType, body } = buildBatch(items);
			const answer = await send('POST', '$batch', body, { ...headers, 'content-type': contentType });
			return { ...answer, parts: answer.body.startsWith('--') ? readParts(answer) : [] };
		},
		as: (id: string | undefined) => {
			user = id;
		},
		/** Somebody else changes the row just before the next write. */
		makeStale: () => {
			stale = true;
		},
	};
}

/** Answers of a batch, change sets flattened; reading goes through the same rules as reading requests. */
function readParts(answer: SandboxResponse): BatchPart[] {
	const asRequests = answer.body.replace(/^HTTP\/1\.1 (\d{3}).*$/gm, 'S $1 HTTP/1.1');
	return parseBatch(asRequests, answer.headers['content-type'])
		.flatMap((item) => (item.kind === 'request' ? [item.request] : item.requests))
		.map((part) => ({
			status: Number(part.url),
			headers: JSON.stringify(part.headers),
			json: part.body.startsWith('{') ? (JSON.parse(part.body) as Json) : null,
			contentId: part.contentId,
		}));
}

export const part = (
	method: string,
	url: string,
	body?: unknown,
	headers: Record<string, string> = {},
	contentId: string | null = null,
) => ({
	method,
	url,
	headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
	body: body === undefined ? '' : JSON.stringify(body),
	contentId,
});

export const single = (...args: Parameters<typeof part>): BatchItem => ({ kind: 'request', request: part(...args) });
export const changeSet = (...requests: Array<ReturnType<typeof part>>): BatchItem => ({ kind: 'changeset', requests });

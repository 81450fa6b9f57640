import { randomUUID } from 'node:crypto';
import type { SandboxResponse } from '../../core/http';
import { BcError } from '../errors';

/** What one operation comes to, before it is put on the wire. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	/** JSON, or text as it is. */
	body: unknown;
	/** Rows created, changed or deleted. */
	writes: number;
}

export const answer = (status: number, body?: unknown, writes = 0, headers: Record<string, string> = {}): Answer => ({
	status,
	body,
	writes,
	headers,
});

export const errorBody = (code: string, message: string) => ({ error: { code, message: `${message}  CorrelationId:  ${randomUUID()}.` } });

export function errorAnswer(error: unknown): Answer {
	if (error instanceof BcError) {
		// Measured texts of throttling carry no correlation id.
		const body = error.status === 429 ? { error: { code: error.code, message: error.message } } : errorBody(error.code, error.message);
		return answer(error.status, body, 0, error.headers);
	}
	throw error;
}

export function toResponse({ status, headers, body }: Answer): SandboxResponse {
	if (body === undefined) return { status, headers: { 'odata-version': '4.0', ...headers }, body: '' };
	if (typeof body === 'string') return { status, headers: { 'odata-version': '4.0', 'content-type': 'text/plain', ...headers }, body };
	const type = 'application/json; odata.metadata=minimal; odata.streaming=true';
	return { status, headers: { 'odata-version': '4.0', 'content-type': type, ...headers }, body: JSON.stringify(body) };
}

/** Rows an operation read or wrote: what the service needs time for. */
export function rowsOf({ body, writes }: Answer): number {
	const value = typeof body === 'object' && body !== null ? (body as { value?: unknown }).value : undefined;
	return writes + (Array.isArray(value) ? value.length : 0);
}

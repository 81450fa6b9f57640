import { randomUUID } from 'node:crypto';
import type { OperationContext } from '../../core/context';
import { ConnectionDropped, type SandboxRequest, type SandboxResponse } from '../../core/http';
import { MultipartError, boundaryOf, buildBatchAnswer, parseBatch } from '../../odata/multipart';
import { OpenTransaction } from '../data/companyData';
import { badRequest, BcError } from '../errors';
import { answer, errorAnswer, rowsOf, toResponse, type Answer } from './answer';
import type { Operation } from './operation';
import { parseSegments, type Address } from './address';
import { transactionOver } from './snapshot';
import type { ServiceState } from './state';

interface Part {
	id: string;
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string;
}

const mostParts = 100;

/** Carries one operation out; the service hands it in, so that subscriptions may be answered asynchronously. */
export type CarryOut = (operation: Operation) => Answer | Promise<Answer>;

/**
 * `$batch` (facts §8): parts one after another, outer status 200; stops at the first failure unless `odata.continue-on-error`; under
 * `Isolation: snapshot` any failure rolls everything back while earlier parts keep the success they were answered with.
 */
export async function runBatch(
	request: SandboxRequest,
	address: Address,
	context: OperationContext,
	state: ServiceState,
	carryOut: CarryOut,
): Promise<SandboxResponse> {
	const multipart = boundaryOf(request.headers['content-type']) !== null;
	const parts = multipart ? multipartParts(request) : jsonParts(request);
	if (parts.length > mostParts) {
		const text = `The current batch message contains too many parts. A maximum number of '${mostParts}' query operations and change sets are allowed in a batch message.`;
		throw new BcError(400, 'Unknown', text);
	}
	const goOn = /continue-on-error(?!\s*=\s*false)/i.test(request.headers['prefer'] ?? '');
	const snapshot = /snapshot/i.test(request.headers['isolation'] ?? '');
	const transaction = snapshot ? new OpenTransaction() : null;
	const answers: Array<{ id: string; answer: Answer }> = [];
	let failed = false;
	for (const part of parts) {
		const result = await runPart(part, request, address, context, state, carryOut, transaction);
		answers.push({ id: part.id, answer: result });
		if (result.status < 400) continue;
		failed = true;
		if (!goOn) break;
	}
	if (transaction && !failed) transactionOver(state).commit(transaction);
	return multipart || !/json/i.test(request.headers['accept'] ?? '') ? multipartAnswer(answers) : jsonAnswer(answers);
}

async function runPart(
	part: Part,
	request: SandboxRequest,
	address: Address,
	context: OperationContext,
	state: ServiceState,
	carryOut: CarryOut,
	transaction: OpenTransaction | null,
): Promise<Answer> {
	const ordered = await context.beginOperation(part.method, part.url);
	if (ordered) {
		context.endOperation(ordered.status, 0);
		return answer(ordered.status, parseAnswer(ordered.body), 0, ordered.headers);
	}
	let result: Answer;
	try {
		const target = partAddress(part.url, address);
		if (target.segments[0]?.name === '$batch') throw badRequest('Nested batch requests are not supported.');
		const url = `${address.root}/${part.url.replace(/^https?:\/\/[^/]+.*?\/(api\/v2\.0|ODataV4)\//i, '').replace(/^\/+/, '')}`;
		const headers = {
			company: request.headers['company'] ?? '',
			'data-access-intent': request.headers['data-access-intent'] ?? '',
			...part.headers,
		};
		if (!headers.company) delete (headers as Record<string, string>)['company'];
		const operation: Operation = {
			method: part.method,
			address: target,
			url,
			headers,
			body: part.body,
			user: context.user!,
			stale: () => context.stale(),
		};
		result = await (transaction ? transactionOver(state).within(transaction, () => carryOut(operation)) : carryOut(operation));
		if (transaction && result.status < 400 && commits(target)) transactionOver(state).commit(transaction);
	} catch (error) {
		if (error instanceof ConnectionDropped) throw error;
		result = errorAnswer(error);
	}
	await context.serveRows(rowsOf(result));
	context.endOperation(result.status, result.writes);
	return result;
}

/** Posting and conversion actions hold a COMMIT: what came before them in the transaction is final too. */
const commits = ({ segments }: Address): boolean =>
	/^(Microsoft\.)?NAV\.(post|postAndSend|shipAndInvoice|makeOrder|makeInvoice|cancel|cancelAndSend|makeCorrectiveCreditMemo)$/.test(
		segments.at(-1)?.name ?? '',
	);

function partAddress(url: string, address: Address): Address {
	const relative = url.replace(/^https?:\/\/[^/]+/i, '').replace(/^.*?\/(api\/v2\.0|ODataV4)(?=\/)/i, '');
	const at = relative.indexOf('?');
	const path = at < 0 ? relative : relative.slice(0, at);
	return { ...address, segments: parseSegments(path), query: at < 0 ? '' : relative.slice(at + 1) };
}

function jsonParts(request: SandboxRequest): Part[] {
	let body: unknown;
	try {
		body = JSON.parse(request.body);
	} catch {
		throw badRequest('The batch body is not well formed JSON.');
	}
	const list = (body as { requests?: unknown }).requests;
	if (!Array.isArray(list)) throw badRequest("The batch body must hold an array 'requests'.");
	return list.map((one: unknown) => {
		const part = one as { id?: unknown; method?: unknown; url?: unknown; headers?: Record<string, unknown>; body?: unknown };
		if (typeof part.id !== 'string' || typeof part.method !== 'string' || typeof part.url !== 'string') {
			throw badRequest("Each request of a batch needs 'id', 'method' and 'url' as text.");
		}
		const headers = Object.fromEntries(Object.entries(part.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
		const text = part.body === undefined ? '' : typeof part.body === 'string' ? part.body : JSON.stringify(part.body);
		return { id: part.id, method: part.method.toUpperCase(), url: part.url, headers, body: text };
	});
}

function multipartParts(request: SandboxRequest): Part[] {
	try {
		return parseBatch(request.body, request.headers['content-type'])
			.flatMap((item) => (item.kind === 'request' ? [item.request] : item.requests))
			.map(({ method, url, headers, body, contentId }, index) => ({
				id: contentId ?? String(index + 1),
				method: method.toUpperCase(),
				url,
				headers,
				body,
			}));
	} catch (error) {
		if (error instanceof MultipartError) throw badRequest(error.message);
		throw error;
	}
}

function jsonAnswer(answers: ReadonlyArray<{ id: string; answer: Answer }>): SandboxResponse {
	const responses = answers.map(({ id, answer: one }) => {
		const { status, headers } = toResponse({ ...one, body: undefined });
		return {
			id,
			status,
			headers: { 'content-type': 'application/json; odata.metadata=minimal', ...headers },
			...(one.body === undefined ? {} : { body: one.body }),
		};
	});
	return toResponse(answer(200, { responses }));
}

function multipartAnswer(answers: ReadonlyArray<{ id: string; answer: Answer }>): SandboxResponse {
	const { contentType, body } = buildBatchAnswer(
		answers.map(({ answer: one }) => ({ kind: 'response', response: toResponse(one) })),
		randomUUID,
	);
	return { status: 200, headers: { 'content-type': contentType, 'odata-version': '4.0' }, body };
}

function parseAnswer(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

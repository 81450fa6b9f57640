import type { SandboxRequest } from '../../core/http';
import { MultipartError, boundaryOf, parseBatch, type BatchRequest } from '../../odata/multipart';
import { badRequest, notImplemented } from '../errors';
import { checkHeaders, unsupportedType } from './headers';

/** One operation of a batch. */
export interface Part {
	/** Null where the client gave none; the answer then has none either (use-odata-batch). */
	id: string | null;
	method: string;
	url: string;
	headers: Record<string, string>;
	body: string;
	/** Ids of earlier parts that must have succeeded. */
	dependsOn: string[];
}

/** What counts as one in a batch: an operation, or a change set with several. */
export interface Unit {
	changeSet: boolean;
	parts: Part[];
}

/** Reads the body of a batch, JSON or multipart. Throws BcError when it is neither. */
export function readUnits(request: SandboxRequest): { multipart: boolean; units: Unit[] } {
	const type = request.headers['content-type'];
	const multipart = boundaryOf(type) !== null;
	checkHeaders('POST', { ...request.headers, ...(multipart ? { 'content-type': 'application/json' } : {}) }, false);
	if (!multipart && type === undefined) throw unsupportedType('');
	return { multipart, units: multipart ? multipartUnits(request) : jsonUnits(request) };
}

const members = new Set(['id', 'method', 'url', 'headers', 'body', 'dependsOn']);

function jsonUnits(request: SandboxRequest): Unit[] {
	let body: unknown;
	try {
		body = JSON.parse(request.body);
	} catch {
		throw badRequest('The batch body is not well formed JSON.');
	}
	const list = (body as { requests?: unknown } | null)?.requests;
	if (!Array.isArray(list)) throw badRequest("The batch body must hold an array 'requests'.");
	const units = list.map((one: unknown) => ({ changeSet: false, parts: [jsonPart(one)] }));
	const ids = new Set<string>();
	for (const { id, dependsOn } of units.flatMap(({ parts }) => parts)) {
		const unknown = dependsOn.find((other) => !ids.has(other));
		if (unknown !== undefined) throw badRequest(`The request '${unknown}' in 'dependsOn' is no earlier request of the batch.`);
		if (id === null) continue;
		if (ids.has(id)) throw badRequest(`The request id '${id}' is used more than once in the batch.`);
		ids.add(id);
	}
	return units;
}

function jsonPart(one: unknown): Part {
	if (typeof one !== 'object' || one === null) throw badRequest('Each request of a batch must be an object.');
	const part = one as {
		id?: unknown;
		method?: unknown;
		url?: unknown;
		headers?: Record<string, unknown>;
		body?: unknown;
		dependsOn?: unknown;
	};
	if (typeof part.method !== 'string' || typeof part.url !== 'string' || !['string', 'undefined'].includes(typeof (part.id ?? undefined))) {
		throw badRequest("Each request of a batch needs 'method' and 'url' as text, and an 'id', where it has one, too.");
	}
	// No public statement says that the service keeps such a group together; to run it as loose parts would be a silent loss.
	if ('atomicityGroup' in part) throw notImplemented("'atomicityGroup' is not supported; use the header Isolation: snapshot.");
	const strange = Object.keys(part).find((name) => !members.has(name));
	if (strange !== undefined) throw badRequest(`The property '${strange}' of a batch request is not supported.`);
	const headers = Object.fromEntries(Object.entries(part.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]));
	const body = part.body === undefined ? '' : typeof part.body === 'string' ? part.body : JSON.stringify(part.body);
	const dependsOn = Array.isArray(part.dependsOn) ? part.dependsOn.map(String) : [];
	return { id: (part.id as string | undefined) ?? null, method: part.method.toUpperCase(), url: part.url, headers, body, dependsOn };
}

function multipartUnits(request: SandboxRequest): Unit[] {
	try {
		return parseBatch(request.body, request.headers['content-type']).map((item) =>
			item.kind === 'request'
				? { changeSet: false, parts: [multipartPart(item.request)] }
				: { changeSet: true, parts: item.requests.map(multipartPart) },
		);
	} catch (error) {
		if (error instanceof MultipartError) throw badRequest(error.message);
		throw error;
	}
}

const multipartPart = ({ method, url, headers, body, contentId }: BatchRequest): Part => ({
	id: contentId,
	method: method.toUpperCase(),
	url,
	headers,
	body,
	dependsOn: [],
});

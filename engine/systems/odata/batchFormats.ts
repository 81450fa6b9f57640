import type { BatchPart, PartAnswer } from './batch';
import type { BatchFormat } from './batchRunner';
import { buildJsonBatch, readJsonBatch } from './jsonBatch';
import { buildMultipartBatch, readMultipart } from './multipartBatch';

const CONTINUE = { Prefer: 'odata.continue-on-error' };

export const jsonBatchFormat: BatchFormat = {
	encode: (parts) => ({
		headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...CONTINUE },
		body: buildJsonBatch(parts),
	}),
	decode: (response, parts) => readJsonBatch(response.body, parts.length),
};

/**
 * Multipart answers carry no names, so position decides. Where the number does not fit, or an answer names another row than its part, only
 * answers that name their row are used: a wrong assignment would be worse than none.
 */
export const multipartFormat: BatchFormat = {
	encode: (parts) => {
		const { contentType, body } = buildMultipartBatch(parts);
		return { headers: { 'Content-Type': contentType, Accept: 'multipart/mixed', ...CONTINUE }, body };
	},
	decode: (response, parts) => {
		const answer = readMultipart(response.body, response.headers['content-type']);
		const inOrder = (!answer.complete || answer.parts.length === parts.length) && answer.parts.length <= parts.length;
		if (inOrder && answer.parts.every((each, index) => fits(each, parts[index]!)))
			return parts.map((_, index) => answer.parts[index] ?? null);
		return parts.map((part) => (part.rowId === undefined ? null : (answer.parts.find((each) => rowOf(each) === part.rowId) ?? null)));
	},
};

const fits = (answer: PartAnswer, part: BatchPart): boolean => {
	const row = rowOf(answer);
	return row === null || part.rowId === undefined || row === part.rowId;
};

/** The row an answer speaks of: its `OData-EntityId`, or the id inside the row that came back. */
function rowOf(answer: PartAnswer): string | null {
	const address = answer.headers['odata-entityid'] ?? answer.headers['location'] ?? contextId(answer.body);
	return address === undefined ? null : (/\(([0-9a-f-]{36})\)\s*$/i.exec(address)?.[1]?.toLowerCase() ?? null);
}

function contextId(body: unknown): string | undefined {
	const id = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['@odata.id'] : undefined;
	return typeof id === 'string' ? id : undefined;
}

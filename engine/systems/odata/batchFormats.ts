import type { BatchPart, PartAnswer } from './batch';
import { settleGroups } from './batchGroups';
import type { BatchFormat } from './batchRunner';
import { buildJsonBatch, readJsonBatch } from './jsonBatch';
import { buildMultipartBatch, type MultipartAnswer, readMultipart, unitsOf } from './multipartBatch';

const CONTINUE = { Prefer: 'odata.continue-on-error' };
/** One transaction: learn.microsoft.com/dynamics365/business-central/dev-itpro/developer/devenv-develop-connect-apps (OData transactional $batch). */
const SNAPSHOT = { Isolation: 'snapshot' };

export const jsonBatchFormat: BatchFormat = {
	encode: (parts) => ({
		headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...(isOneGroup(parts) ? SNAPSHOT : CONTINUE) },
		body: buildJsonBatch(parts),
	}),
	decode: (response, parts) => settleGroups(parts, readJsonBatch(response.body, parts.length)),
};

/** The batch as a whole is one transaction; so one batch carries one group, and nothing else. */
function isOneGroup(parts: readonly BatchPart[]): boolean {
	const groups = new Set(parts.map(({ group }) => group));
	if (groups.size > 1) throw new Error('A batch of Business Central carries one group, or none.');
	return parts.length > 0 && !groups.has(undefined);
}

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
		if (parts.some(({ group }) => group !== undefined)) return settleGroups(parts, byUnits(answer, parts));
		const inOrder = (!answer.complete || answer.parts.length === parts.length) && answer.parts.length <= parts.length;
		if (inOrder && answer.parts.every((each, index) => fits(each, parts[index]!)))
			return parts.map((_, index) => answer.parts[index] ?? null);
		return parts.map((part) => (part.rowId === undefined ? null : (answer.parts.find((each) => rowOf(each) === part.rowId) ?? null)));
	},
};

/**
 * With change sets: one unit of the answer for each part that stands alone and for each group. A group that was refused is answered by one part in
 * place of all of its own; it counts for the one that its `Content-ID` names, or else for the first.
 */
function byUnits({ units, complete }: MultipartAnswer, parts: readonly BatchPart[]): Array<PartAnswer | null> {
	const answers = new Array<PartAnswer | null>(parts.length).fill(null);
	const wanted = unitsOf(parts);
	if (units.length > wanted.length || (complete && units.length !== wanted.length)) return answers;
	units.forEach((unit, position) => {
		const indexes = wanted[position]!;
		if (unit.length === indexes.length) indexes.forEach((index, at) => (answers[index] = unit[at]!));
		else if (unit.length === 1) answers[indexes[(Number(unit[0]!.headers['content-id']) || 1) - 1] ?? indexes[0]!] = unit[0]!;
	});
	return answers;
}

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

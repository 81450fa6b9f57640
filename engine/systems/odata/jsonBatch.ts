import { z } from 'zod/v4';
import type { BatchPart, PartAnswer } from './batch';

const answerSchema = z.object({
	id: z.union([z.string(), z.number()]),
	status: z.int().min(100).max(599),
	headers: z.record(z.string(), z.unknown()).nullish(),
	body: z.unknown(),
});

/** Body of a JSON `$batch` of Business Central. Parts are named by their position. */
export const buildJsonBatch = (parts: readonly BatchPart[]): string =>
	JSON.stringify({
		requests: parts.map((part, index) => ({
			id: String(index),
			method: part.method,
			url: part.url,
			headers: part.body === undefined ? part.headers : { 'Content-Type': 'application/json', ...part.headers },
			...(part.body === undefined ? {} : { body: part.body }),
		})),
	});

/**
 * Answers by position; null where the service gave none (stopped early, answer cut off). Order in the text does not matter. From an answer
 * that breaks off, the parts that are whole are used.
 */
export function readJsonBatch(body: string, count: number): Array<PartAnswer | null> {
	const answers = new Array<PartAnswer | null>(count).fill(null);
	const disputed = new Set<number>();
	for (const candidate of responsesOf(body)) {
		const parsed = answerSchema.safeParse(candidate);
		if (!parsed.success) continue;
		const index = Number(parsed.data.id);
		if (String(parsed.data.id) !== String(index) || !Number.isInteger(index) || index < 0 || index >= count) continue;
		if (answers[index] !== null) disputed.add(index);
		answers[index] = { status: parsed.data.status, headers: lowerCase(parsed.data.headers ?? {}), body: parsedBody(parsed.data.body) };
	}
	// Two answers to one operation: nobody knows which is true, so it counts as unanswered.
	for (const index of disputed) answers[index] = null;
	return answers;
}

function responsesOf(body: string): unknown[] {
	try {
		const whole = JSON.parse(body) as { responses?: unknown } | null;
		return Array.isArray(whole?.responses) ? whole.responses : [];
	} catch {
		return wholeObjects(body);
	}
}

/** The objects of the `responses` array that are complete, from a text that breaks off. */
function wholeObjects(text: string): unknown[] {
	const found: unknown[] = [];
	let position = text.indexOf('[', text.indexOf('"responses"'));
	if (!text.includes('"responses"') || position < 0) return found;
	let depth = 0;
	let start = -1;
	let inText = false;
	for (position++; position < text.length; position++) {
		const character = text[position];
		if (inText) {
			if (character === '\\') position++;
			else if (character === '"') inText = false;
		} else if (character === '"') inText = true;
		else if (character === '{' && depth++ === 0) start = position;
		else if (character === '}' && --depth === 0) {
			try {
				found.push(JSON.parse(text.slice(start, position + 1)));
			} catch {
				return found;
			}
		}
	}
	return found;
}

/** Services may send the body of a part as a text that holds JSON. */
function parsedBody(body: unknown): unknown {
	if (typeof body !== 'string') return body;
	try {
		return JSON.parse(body) as unknown;
	} catch {
		return body;
	}
}

const lowerCase = (headers: Record<string, unknown>): Record<string, string> =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));

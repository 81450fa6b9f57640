import type { Answer } from './answer';

const kept = /@odata\.(count|nextLink)$/;

/** `odata.metadata=none`: control information other than count and next link goes (OData JSON Format 4.0, section 3.1.3). */
export function withoutMetadata(answer: Answer, accept: string | undefined): Answer {
	if (!/odata\.metadata\s*=\s*none/i.test(accept ?? '') || typeof answer.body !== 'object' || answer.status >= 400) return answer;
	const headers = { 'content-type': 'application/json; odata.metadata=none; odata.streaming=true', ...answer.headers };
	return { ...answer, body: bare(answer.body), headers };
}

function bare(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(bare);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).flatMap(([name, inner]) => (name.includes('@odata.') && !kept.test(name) ? [] : [[name, bare(inner)]])),
	);
}

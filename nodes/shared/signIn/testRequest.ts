import type { ICredentialTestFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod/v4';

const answer = z.object({ statusCode: z.number(), body: z.unknown() });
export type TestAnswer = z.infer<typeof answer>;

/**
 * A request through the one helper that n8n gives to tests of credentials; its protection against server-side request forgery decides about addresses here,
 * too. Any status is an answer; redirects are not followed. What it throws holds the request: only its `code` may be told.
 */
export async function testRequest(
	{ helpers }: ICredentialTestFunctions,
	{ method = 'GET', url, headers = {}, body }: IHttpRequestOptions,
): Promise<TestAnswer> {
	const response: unknown = await helpers.request({
		method,
		uri: url,
		headers,
		...(body instanceof URLSearchParams ? { body: body.toString() } : {}),
		timeout: 60_000,
		simple: false,
		followRedirect: false,
		resolveWithFullResponse: true,
	});
	const { statusCode, body: text } = answer.parse(response);
	return { statusCode, body: typeof text === 'string' ? jsonOr(text) : text };
}

function jsonOr(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

import type { Case } from '../expectation';
import type { Rule } from '../standIn';

/** A service that answers badly while 30 customers are being created in CRM. */
export interface AnswerCase extends Case, Rule {}

export const CUSTOMERS = /^GET .*\/customers\?/;
export const COMPANIES = /^GET .*\/bcbi_companies\?/;
export const ACCOUNTS = /^GET .*\/accounts\?/;
export const BATCH = /^POST .*\/api\/.*\$batch/;

const JSON_TYPE = { 'content-type': 'application/json; odata.metadata=minimal' };

/** The answer is a JSON text, well labelled. */
export const json = (body: unknown, status = 200): { status: number; headers: Record<string, string>; body: string } => ({
	status,
	headers: JSON_TYPE,
	body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** The true answer with other headers. */
export const labelled = (truth: { status: number; body: string }, headers: Record<string, string>) => ({
	status: truth.status,
	headers,
	body: truth.body,
});

/** The true collection, its envelope or rows changed. */
export function changed(
	truth: { status: number; body: string },
	change: (page: { value: Array<Record<string, unknown>>; [name: string]: unknown }) => void,
) {
	const page = JSON.parse(truth.body) as { value: Array<Record<string, unknown>> };
	change(page);
	return json(page, truth.status);
}

export const webPage = (title: string): string =>
	`<!DOCTYPE html>\r\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;

export const transientLost = (prefix: 'BC' | 'CRM', message: string) => ({
	errorClass: 'transient' as const,
	code: `${prefix}_ANSWER_LOST`,
	message,
});

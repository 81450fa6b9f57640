import type { SandboxResponse } from './http';
import type { FaultRule, System } from './types';

const businessCentralCodes: Record<number, [code: string, message: string]> = {
	400: ['BadRequest', 'The request is invalid.'],
	401: ['Authentication_InvalidCredentials', 'The server has rejected the client credentials.'],
	403: ['Authorization_RequestDenied', 'Sorry, the current permissions prevented the action.'],
	404: ['BadRequest_NotFound', 'Not found.'],
	408: ['Application_RequestTimeout', 'The operation was canceled because it took longer than allowed.'],
	409: ['Request_EntityChanged', 'Another user has already changed the record.'],
	413: ['RequestEntityTooLarge', 'The request is too large.'],
	429: ['Application_TooManyRequests', 'Too many requests reached. Actual (101). Maximum (100).'],
	500: ['Internal_ServerError', 'An error occurred and the transaction is stopped.'],
	503: ['Internal_TenantUnavailable', 'The tenant is not available.'],
};

const crmCodes: Record<number, [code: string, message: string]> = {
	400: ['0x80048d19', 'The request is invalid.'],
	401: ['0x80072560', 'The user is not a member of the organization.'],
	403: ['0x80040220', 'Principal user is missing the privilege.'],
	404: ['0x80040217', 'The record does not exist.'],
	412: ['0x80060882', "The version of the existing record doesn't match the RowVersion property provided."],
	429: ['0x80072322', 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'],
	500: ['0x80044150', 'Generic SQL error.'],
	503: ['0x80060891', 'The service is temporarily unavailable.'],
};

/** The answer a fault of kind `answer` or `html` orders; body and headers not given are what the service would say for that status. */
export function orderedAnswer(system: System, fault: Extract<FaultRule['fault'], { kind: 'answer' | 'html' }>): SandboxResponse {
	if (fault.kind === 'html') {
		return {
			status: fault.status,
			headers: { 'content-type': 'text/html' },
			body: `<html><head><title>${fault.status}</title></head><body><h1>${fault.status} Gateway error</h1></body></html>`,
		};
	}
	const headers = {
		'content-type': 'application/json; charset=utf-8',
		...usualHeaders(system, fault.status),
		...lowerNames(fault.headers),
	};
	return { status: fault.status, headers, body: fault.body ?? usualBody(system, fault.status) };
}

function usualHeaders(system: System, status: number): Record<string, string> {
	// BC documents Retry-After for 502 and 503 only; Dataverse sends it with 429 and 503.
	const retry = system === 'crm' ? [429, 503] : system === 'businessCentral' ? [502, 503] : [];
	return retry.includes(status) ? { 'retry-after': '2' } : {};
}

function usualBody(system: System, status: number): string {
	if (system === 'login')
		return JSON.stringify({
			error: 'temporarily_unavailable',
			error_description: `AADSTS90033: A transient error has occurred (${status}).`,
		});
	const [code, message] = (system === 'crm' ? crmCodes : businessCentralCodes)[status] ?? ['Unknown', `Status ${status}.`];
	return JSON.stringify({ error: { code, message } });
}

const lowerNames = (headers: Record<string, string> | undefined): Record<string, string> =>
	Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

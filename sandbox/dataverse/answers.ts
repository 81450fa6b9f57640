import type { SandboxResponse } from '../core/http';
import { wanted } from './rowView';
import type { DataverseError } from './errors';

const json = 'application/json; odata.metadata=minimal';

const served = new WeakMap<SandboxResponse, number>();

/** Rows an answer gives; what the service spends time on. */
export const rowsServed = (response: SandboxResponse): number => served.get(response) ?? 0;

export function jsonAnswer(status: number, body: unknown, headers: Record<string, string> = {}): SandboxResponse {
	const response: SandboxResponse = {
		status,
		headers: { 'content-type': json, 'odata-version': '4.0', ...headers },
		body: JSON.stringify(body),
	};
	const value = (body as { value?: unknown } | null)?.value;
	if (status < 400) served.set(response, Array.isArray(value) ? value.length : 1);
	return response;
}

export const textAnswer = (body: string, type = 'text/plain'): SandboxResponse => ({
	status: 200,
	headers: { 'content-type': type, 'odata-version': '4.0' },
	body,
});

export const noContent = (headers: Record<string, string> = {}): SandboxResponse => ({
	status: 204,
	headers: { 'odata-version': '4.0', ...headers },
	body: '',
});

/** An error: code and message; details come with include-annotations. */
export function errorAnswer(error: DataverseError, annotations: string[]): SandboxResponse {
	const body: Record<string, unknown> = { code: error.code, message: error.message };
	const details: Record<string, string> = {
		'@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '0',
		'@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': '2146233088',
		'@Microsoft.PowerApps.CDS.HelpLink': `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${error.code.slice(2)}&client=platform`,
		'@Microsoft.PowerApps.CDS.TraceText': '',
		'@Microsoft.PowerApps.CDS.InnerError.Message': error.message,
	};
	for (const [name, value] of Object.entries(details)) if (wanted(annotations, name.slice(1))) body[name] = value;
	return jsonAnswer(error.status, { error: body }, error.headers);
}

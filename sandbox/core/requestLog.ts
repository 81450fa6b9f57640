import type { LoggedRequest, System } from './types';

/** Every request both services and the token endpoint saw, in order of arrival. Bodies may be left out for long runs. */
export class RequestLog {
	readonly requests: LoggedRequest[] = [];
	/** False: bodies are not kept (bulk loads and benchmarks). */
	keepBodies = true;
	private count = 0;

	clear(): void {
		this.requests.length = 0;
	}

	open(system: System, method: string, path: string, requestBody: string): LoggedRequest {
		const entry: LoggedRequest = {
			number: ++this.count,
			system,
			method,
			path,
			status: 'dropped',
			user: null,
			parts: [],
			writes: 0,
			requestBody: this.keepBodies ? requestBody : '',
			responseBody: '',
			durationMs: 0,
		};
		this.requests.push(entry);
		return entry;
	}
}

/** Path and query of an address, percent-decoded where that is possible. */
export function readablePath(url: string): string {
	const text = /^https?:\/\//i.test(url) ? url.replace(/^https?:\/\/[^/]*/i, '') || '/' : url;
	try {
		return decodeURIComponent(text.replace(/\+/g, '%20'));
	} catch {
		return text;
	}
}

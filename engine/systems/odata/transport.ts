/** One HTTP exchange, free of any client library, so that the sandbox can be called in process. */
export interface HttpRequest {
	method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	/** Absolute. */
	url: string;
	headers: Record<string, string>;
	body?: string;
	/** The body of a success is wanted in base64 of its bytes, because it is no text. Errors are text all the same. */
	binary?: true;
	/** Milliseconds until the request is given up. */
	timeoutMs?: number;
	signal?: AbortSignal;
}

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	body: string;
}

/**
 * Sends one request. Any HTTP status resolves. Rejects only when there is no answer: then the error carries `delivered`:
 * `false` when the request surely did not reach the service (name not found, refused), `true` when it may have.
 */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

export class NoAnswer extends Error {
	/** An answer came, and was not read to its end because it is larger than may be; asking again brings the same. */
	readonly tooLarge: boolean;
	/** The request was kept back, because the time in which it may be sent was over. */
	readonly late: boolean;
	/** The request was kept back, because the process is to end. */
	readonly ending: boolean;

	constructor(
		message: string,
		readonly delivered: boolean,
		options?: { cause?: unknown; tooLarge?: boolean; late?: boolean; ending?: boolean },
	) {
		super(message, options);
		this.name = 'NoAnswer';
		this.tooLarge = options?.tooLarge ?? false;
		this.late = options?.late ?? false;
		this.ending = options?.ending ?? false;
	}
}

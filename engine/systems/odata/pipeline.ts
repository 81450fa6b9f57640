import type { HttpRequest, HttpResponse } from './transport';

/** A request as the policies see it. */
export interface ServiceRequest extends HttpRequest {
	/** Sending it twice does the same as sending it once: reads, and writes that carry a condition. */
	repeatable: boolean;
	/** `json`: a cut or unreadable answer counts as no answer. `batch`: the parts are judged one by one, see the batch formats. */
	expects: 'json' | 'batch' | 'text' | 'xml';
	/** Epoch milliseconds after which it is not sent (again). */
	sendBefore?: number;
	/** It changes nothing, so that it may be given up at any moment. */
	reading?: boolean;
}

/** An answer; `json` is the parsed body where JSON was expected and came. */
export interface ServiceResponse extends HttpResponse {
	json?: unknown;
}

export type Next = (request: ServiceRequest) => Promise<ServiceResponse>;

/** One concern of talking to a service: does its part and calls `next`, never, once or several times. */
export type Policy = (request: ServiceRequest, next: Next) => Promise<ServiceResponse>;

/** The first policy is the outermost. */
export const pipeline = (policies: readonly Policy[], last: Next): Next =>
	policies.reduceRight<Next>((next, policy) => (request) => policy(request, next), last);

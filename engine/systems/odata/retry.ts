import type { Clock } from '../../clock';
import { throwIfStopped } from './abort';
import type { Policy, ServiceRequest, ServiceResponse } from './pipeline';
import { retryVerdict } from './retryVerdict';
import { NoAnswer } from './transport';

export interface RetryOptions {
	clock: Clock;
	signal?: AbortSignal;
	random: () => number;
}

/** Sends again as `retryVerdict` says. In the end answers with the last response, or throws the last NoAnswer. */
export function retry({ clock, signal, random }: RetryOptions): Policy {
	return async (request, next) => {
		for (let attempt = 1; ; attempt++) {
			throwIfStopped(signal);
			const outcome = await attemptOnce(request, next);
			const { repeatable, sendBefore } = request;
			const verdict = retryVerdict({ attempt, repeatable, outcome, now: clock.now(), sendBefore, random: random() });
			if (!verdict.repeat) {
				if (outcome instanceof NoAnswer) throw outcome;
				return outcome;
			}
			await clock.sleep(verdict.waitMs, signal);
		}
	};
}

async function attemptOnce(
	request: ServiceRequest,
	next: (request: ServiceRequest) => Promise<ServiceResponse>,
): Promise<ServiceResponse | NoAnswer> {
	try {
		return withJson(request, await next(request));
	} catch (error) {
		if (error instanceof NoAnswer) return error;
		throw error;
	}
}

/** Parses the body once. JSON that breaks off is an answer lost on the way; a web page in its place is left for the error table to name. */
function withJson(request: ServiceRequest, response: ServiceResponse): ServiceResponse | NoAnswer {
	if (response.status < 200 || response.status >= 300 || response.body.trim() === '') return response;
	if (request.expects === 'xml') return isWhole(response.body) ? response : new NoAnswer('The answer broke off.', true);
	if (request.expects !== 'json') return response;
	try {
		// Some gateways put a byte order mark before the text.
		return { ...response, json: JSON.parse(response.body.replace(/^\uFEFF/, '')) as unknown };
	} catch {
		return response.body.trimStart().startsWith('<') ? response : new NoAnswer('The answer broke off or is not JSON.', true);
	}
}

/** The last tag of a document closes its first one; without it, what is missing would look as if the service did not have it. */
function isWhole(xml: string): boolean {
	const root = /<(?![?!])([\w:.-]+)/.exec(xml)?.[1];
	return root === undefined || /^html$/i.test(root) || xml.trimEnd().endsWith(`</${root}>`);
}

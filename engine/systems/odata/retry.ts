import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import { eitherSignal, isShutdown, keptBack, throwIfStopped } from './abort';
import type { Policy, ServiceRequest, ServiceResponse } from './pipeline';
import { retryVerdict } from './retryVerdict';
import { NoAnswer } from './transport';

/** A timer may be late on a busy machine. */
const SLACK_MS = 60_000;

export interface RetryOptions {
	clock: Clock;
	signal?: AbortSignal;
	/** The process is to end: nothing is sent any more, and nobody waits. */
	ending?: AbortSignal;
	/** Told of every pause. */
	pulse?: Pulse;
	random: () => number;
}

/**
 * Sends again as `retryVerdict` says. In the end answers with the last response, or throws the last NoAnswer. Once the process is to end, what may
 * have been carried out keeps the answer it has, and all else is answered by a NoAnswer that says it was kept back.
 */
export function retry({ clock, signal, ending, pulse, random }: RetryOptions): Policy {
	const wake = eitherSignal(signal, ending);
	return async (request, next) => {
		/** Of an earlier attempt that may have been carried out. */
		let open: ServiceResponse | NoAnswer | null = null;
		for (let attempt = 1; ; attempt++) {
			throwIfStopped(signal);
			const outcome = ending?.aborted ? keptBack() : await attemptOnce(request, next);
			const kept = outcome instanceof NoAnswer && outcome.ending;
			if (!kept && mayHaveHappened(outcome)) open = outcome;
			const { repeatable, sendBefore } = request;
			const verdict = retryVerdict({ attempt, repeatable, outcome, now: clock.now(), sendBefore, random: random() });
			if (!verdict.repeat) return given(kept && !request.reading ? (open ?? outcome) : outcome);
			const over = pulse?.waiting(verdict.waitMs + SLACK_MS);
			try {
				await clock.sleep(verdict.waitMs, wake);
			} catch (error) {
				if (!ending?.aborted || signal?.aborted) throw error;
			} finally {
				over?.();
			}
		}
	};
}

function given(outcome: ServiceResponse | NoAnswer): ServiceResponse {
	if (outcome instanceof NoAnswer) throw outcome;
	return outcome;
}

/** All but a refusal that says the request was not looked at, and a request that never left. */
const mayHaveHappened = (outcome: ServiceResponse | NoAnswer): boolean =>
	outcome instanceof NoAnswer ? outcome.delivered : outcome.status !== 429 && outcome.status !== 503;

async function attemptOnce(
	request: ServiceRequest,
	next: (request: ServiceRequest) => Promise<ServiceResponse>,
): Promise<ServiceResponse | NoAnswer> {
	try {
		return withJson(request, await next(request));
	} catch (error) {
		if (error instanceof NoAnswer) return error;
		if (isShutdown(error)) return keptBack();
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

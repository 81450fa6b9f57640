import { backOffMs } from './backOff';
import { retryAfterMs } from './retryAfter';
import { NoAnswer, type HttpResponse } from './transport';

export interface Attempt {
	/** 1 for the first. */
	attempt: number;
	/** See ServiceRequest: whether a second sending could do harm. */
	repeatable: boolean;
	outcome: HttpResponse | NoAnswer;
	/** Epoch milliseconds, to read a `Retry-After` that is a date. */
	now: number;
	/** See ServiceRequest. */
	sendBefore?: number | undefined;
	/** 0 to 1, spreads clients that failed together. */
	random: number;
}

export type Verdict = { repeat: false } | { repeat: true; waitMs: number };

const GIVE_UP: Verdict = { repeat: false };
const MAX_ATTEMPTS = { throttled: 10, lost: 5, failed: 3 };
const FIRST_WAIT_MS = 1_000;
/** A longer wish is handed to the caller: the next scheduled run is the better place to wait. */
export const LONGEST_OBEYED_MS = 10 * 60_000;

/**
 * Whether to send a request again, and when. A write whose answer was lost may have been carried out, so it is repeated only when it is
 * repeatable; a request that never left, or that the service turned away unprocessed (429, 503), is always safe to repeat.
 * Sources: "Working with API limits in Dynamics 365 Business Central", "Service protection API limits" (Dataverse).
 */
export function retryVerdict(attempt: Attempt): Verdict {
	const { outcome } = attempt;
	if (outcome instanceof NoAnswer) {
		if (outcome.tooLarge || outcome.late || outcome.ending) return GIVE_UP;
		return !outcome.delivered || attempt.repeatable ? backOff(attempt, MAX_ATTEMPTS.lost) : GIVE_UP;
	}
	switch (outcome.status) {
		case 429:
		case 503:
			return backOff(attempt, MAX_ATTEMPTS.throttled, retryAfterMs(outcome, attempt.now));
		case 408:
		case 502:
		case 504:
			return attempt.repeatable ? backOff(attempt, MAX_ATTEMPTS.lost, retryAfterMs(outcome, attempt.now)) : GIVE_UP;
		case 500:
			// Often a lock or a database time-out of the moment, sometimes a lasting fault: hence fewer tries.
			return attempt.repeatable ? backOff(attempt, MAX_ATTEMPTS.failed) : GIVE_UP;
		default:
			return GIVE_UP;
	}
}

function backOff(attempt: Attempt, maxAttempts: number, askedMs: number | null = null): Verdict {
	if (attempt.attempt >= maxAttempts) return GIVE_UP;
	const waitMs = waitOf(attempt, askedMs);
	const tooLate = attempt.sendBefore !== undefined && attempt.now + waitMs > attempt.sendBefore;
	return tooLate || (askedMs !== null && askedMs > LONGEST_OBEYED_MS) ? GIVE_UP : { repeat: true, waitMs };
}

function waitOf({ attempt, random }: Attempt, askedMs: number | null): number {
	if (askedMs !== null) return askedMs + Math.round(random * 250);
	return backOffMs(FIRST_WAIT_MS, attempt, random);
}

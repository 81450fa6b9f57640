import type { Clock } from '../../ports/clock';
import type { Pulse } from '../../ports/pulse';
import type { Limiter } from './limiter';
import type { Policy, ServiceResponse } from './pipeline';
import { retryAfterMs } from './retryAfter';
import { LONGEST_OBEYED_MS } from './retryVerdict';

export interface ThrottleOptions {
	limiter: Limiter;
	clock: Clock;
	signal?: AbortSignal;
	/** Told of every wait for a turn and for an answer. */
	pulse?: Pulse;
	/** Reads advice of the service, such as `x-ms-dop-hint`, off every answer. */
	onAnswer?: (response: ServiceResponse, limiter: Limiter) => void;
}

/** Requests of other runs may come first, for as long as the service wants to be left alone, and a full window of its budget after that. */
const LONGEST_TURN_MS = LONGEST_OBEYED_MS + 10 * 60_000;
/** What belongs to a request besides its own time: a new token, and sending it a second time with that. */
const SIGN_IN_MS = 3 * 60_000;
const DEFAULT_TIMEOUT_MS = 120_000;

/** Waits for the budget before sending, and tells the limiter how the service took it. */
export function throttle({ limiter, clock, signal, pulse, onAnswer }: ThrottleOptions): Policy {
	const during: Pulse['during'] = (ms, work) => (pulse ? pulse.during(ms, work) : work());
	return async (request, next) => {
		const turn = pulse?.waiting(LONGEST_TURN_MS);
		try {
			return await limiter.run(async () => {
				turn?.();
				const response = await during(2 * (request.timeoutMs ?? DEFAULT_TIMEOUT_MS) + SIGN_IN_MS, () => next(request));
				if (response.status === 429 || response.status === 503) {
					// A service that asks for days would otherwise hold up every later run of this process as well.
					limiter.refused(Math.min(LONGEST_OBEYED_MS, retryAfterMs(response, clock.now()) ?? 0));
				} else if (response.status < 400) limiter.succeeded();
				onAnswer?.(response, limiter);
				return response;
			}, signal);
		} finally {
			turn?.();
		}
	};
}

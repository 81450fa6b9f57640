import type { Clock } from '../../clock';
import type { Limiter } from './limiter';
import type { Policy, ServiceResponse } from './pipeline';
import { retryAfterMs } from './retryAfter';
import { LONGEST_OBEYED_MS } from './retryVerdict';

export interface ThrottleOptions {
	limiter: Limiter;
	clock: Clock;
	signal?: AbortSignal;
	/** Reads advice of the service, such as `x-ms-dop-hint`, off every answer. */
	onAnswer?: (response: ServiceResponse, limiter: Limiter) => void;
}

/** Waits for the budget before sending, and tells the limiter how the service took it. */
export function throttle({ limiter, clock, signal, onAnswer }: ThrottleOptions): Policy {
	return (request, next) =>
		limiter.run(async () => {
			const response = await next(request);
			if (response.status === 429 || response.status === 503) {
				// A service that asks for days would otherwise hold up every later run of this process as well.
				limiter.refused(Math.min(LONGEST_OBEYED_MS, retryAfterMs(response.headers['retry-after'], clock.now()) ?? 0));
			} else if (response.status < 400) limiter.succeeded();
			onAnswer?.(response, limiter);
			return response;
		}, signal);
}

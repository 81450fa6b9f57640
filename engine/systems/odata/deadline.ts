import type { Clock } from '../../ports/clock';
import { INSERTS_SENT_WITHIN_MS } from '../../ports/write';
import { keptBack } from './abort';
import type { Policy } from './pipeline';
import { NoAnswer } from './transport';

/**
 * Keeps back what may not be sent any more: after a long wait for its turn, for the service, or for a host that was asleep; and once the process is to
 * end, also what had its turn at that very moment. To be the last one to look at a request.
 */
export const deadline =
	(clock: Clock, ending?: AbortSignal): Policy =>
	async (request, next) => {
		if (ending?.aborted) throw keptBack();
		const left = request.sendBefore === undefined ? 0 : request.sendBefore - clock.now();
		// More time is left than there ever was: the clock was set back, and nobody knows how much has passed.
		if (left < 0 || left > INSERTS_SENT_WITHIN_MS)
			throw new NoAnswer('Too much time had passed until the request could be sent.', false, { late: true });
		return await next(request);
	};

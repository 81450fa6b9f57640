import type { Clock } from '../../ports/clock';
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
		if (request.sendBefore !== undefined && clock.now() > request.sendBefore)
			throw new NoAnswer('Too much time had passed until the request could be sent.', false, { late: true });
		return await next(request);
	};

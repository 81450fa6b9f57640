import type { Clock } from '../../ports/clock';
import type { Policy } from './pipeline';

/**
 * What time it is at a service, by the `Date` of its answers (RFC 9110 §6.6.1: when the answer was made, in whole seconds). The newest answer counts,
 * so that a clock that is set on either side is noticed with the next request. Rather too early than too late: an answer was made before it arrived,
 * and the fraction of the second is not told.
 */
export class ServiceClock {
	private aheadMs: number | null = null;

	constructor(private readonly clock: Clock) {}

	/** Milliseconds since the epoch; null while no answer has told the time. */
	now(): number | null {
		return this.aheadMs === null ? null : this.clock.now() + this.aheadMs;
	}

	/** To be the one that sees the answer first. Answers that are no success may be those of a gateway with a clock of its own. */
	readonly policy: Policy = async (request, next) => {
		const response = await next(request);
		const told = response.status < 300 ? Date.parse(response.headers['date'] ?? '') : NaN;
		if (!Number.isNaN(told)) this.aheadMs = told - this.clock.now();
		return response;
	};
}

import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/session';
import type { RequestCounts } from '../../ports/recordSystem';
import type { Policy } from './pipeline';
import { NoAnswer } from './transport';

/** Counts every request that is sent and writes one debug line for it: method, path, names of the query options, status and time. */
export function requestLog(systemName: string, counts: RequestCounts, log: Log, clock: Clock): Policy {
	return async (request, next) => {
		counts.requests++;
		const start = clock.now();
		const line = (status: number | string) =>
			log('debug', `${systemName}: ${request.method} ${withoutValues(request.url)} → ${status}`, { ms: clock.now() - start });
		try {
			const response = await next(request);
			line(response.status);
			return response;
		} catch (error) {
			line(error instanceof NoAnswer ? 'no answer' : 'stopped');
			throw error;
		}
	};
}

/** Path and the names of the query options; values can hold data of records (filters) and are left out. */
export function withoutValues(address: string): string {
	const url = new URL(address);
	const names = [...url.searchParams.keys()];
	return url.pathname + (names.length > 0 ? `?${names.join('&')}` : '');
}

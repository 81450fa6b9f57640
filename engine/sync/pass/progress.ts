import { SyncError } from '../../model/errors';
import type { Progress, SyncSession } from '../../ports/session';
import type { PassContext } from '../contract/passContext';
import type { PassState } from './passState';
import type { PassRange } from '../contract/passRange';

type PassProgress = NonNullable<PassState['progress']>;

/** How many records a full pass will meet costs one request; a pass over changes does not count. */
export async function beginProgress(context: PassContext, filter: string | null, range: PassRange): Promise<PassProgress> {
	const done = range.resumption?.done ?? 0;
	if (!range.fromStart) return { done, total: null, atLeast: false };
	try {
		const { count, atLeast } = await context.source.system.count(context.source.table, filter);
		return { done, total: count, atLeast };
	} catch (error) {
		// Nobody has to know the number; what keeps everything from being read will show when reading.
		if (error instanceof SyncError && error.errorClass !== 'setup') return { done, total: null, atLeast: false };
		throw error;
	}
}

/** @param eventful whether the page held more than unchanged records: an idle schedule is to leave no lines at the usual level */
export function tellProgress(session: SyncSession, progress: Progress, eventful: boolean): void {
	session.progress?.(progress, eventful);
	session.log(eventful ? 'info' : 'debug', describeProgress(progress));
}

const arrows = { toCrm: 'Business Central to CRM', fromCrm: 'CRM to Business Central' };

/** For instance "CUSTOMER, Business Central to CRM: 3,000 of 20,000 records looked at (15 %)". */
export function describeProgress({ mapping, direction, done, total, atLeast }: Progress): string {
	const number = (value: number): string => value.toLocaleString('en-US');
	const what = `${mapping}, ${arrows[direction]}`;
	if (total === null || (atLeast && done > total)) return `${what}: ${number(done)} records looked at`;
	const known = Math.min(done, total);
	if (atLeast) return `${what}: ${number(known)} of at least ${number(total)} records looked at`;
	return `${what}: ${number(known)} of ${number(total)} records looked at (${total === 0 ? 100 : Math.floor((known * 100) / total)} %)`;
}

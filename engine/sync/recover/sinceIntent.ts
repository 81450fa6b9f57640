import type { Intent } from '../../model/intent';
import type { PassContext } from '../contract/passContext';

/** How far clocks of n8n and of a service may be apart where the service's answers do not tell the time. */
const APART_MS = 10 * 60_000;
/** Stamps of a service that has several machines. */
const OWN_MS = 60_000;

/**
 * Milliseconds since an insert was announced, by the clock of the service that carries it out; by ours where its answers do not tell the time, or did not
 * then. Null where the announcement lies ahead: a clock was set back, and nobody knows.
 */
export function msSince({ session, target }: PassContext, { createdAt, announcedAt }: Intent): number | null {
	const there = target.system.serviceNow();
	const [then, now] = there !== null && announcedAt !== undefined ? [announcedAt, there] : [createdAt, session.clock.now()];
	const passed = now - Date.parse(then);
	return passed < -OWN_MS ? null : Math.max(0, passed);
}

/** The same insert as if it had been announced now: what seems to lie ahead counts as now, and is settled in time. */
export function announcedNow({ recorder, target }: PassContext, { announcedAt: _ahead, ...intent }: Intent): Intent {
	const there = target.system.serviceNow();
	return { ...intent, createdAt: recorder.now(), ...(there === null ? {} : { announcedAt: new Date(there).toISOString() }) };
}

/**
 * The earliest stamp (epoch milliseconds) that a record can have which one of the inserts made. An announcement that lies ahead tells nothing: then null,
 * all records are looked at.
 */
export function earliestStamp(context: PassContext, intents: readonly Intent[]): number | null {
	const stamps = intents.map((intent) => {
		if (msSince(context, intent) === null) return null;
		return intent.announcedAt === undefined ? Date.parse(intent.createdAt) - APART_MS : Date.parse(intent.announcedAt) - OWN_MS;
	});
	return stamps.includes(null) ? null : Math.min(...(stamps as number[]));
}

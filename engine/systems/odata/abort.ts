import { RunStopped } from '../../model/errors';
import { NoAnswer } from './transport';

/** What to throw once the signal is aborted: the reason itself when it already says why the run stopped. */
export const stopped = (signal: AbortSignal): RunStopped =>
	signal.reason instanceof RunStopped ? signal.reason : new RunStopped('cancelled');

/** Throws RunStopped when the run is to end. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw stopped(signal);
}

/** One signal for whatever wakes a wait; undefined when there is none. */
export function eitherSignal(...signals: ReadonlyArray<AbortSignal | undefined>): AbortSignal | undefined {
	const given = signals.filter((signal) => signal !== undefined);
	return given.length > 1 ? AbortSignal.any(given) : given[0];
}

export const isShutdown = (error: unknown): boolean => error instanceof RunStopped && error.reason === 'shutdown';

/** In place of an answer to what was kept back, because the process is to end. */
export const keptBack = (): NoAnswer => new NoAnswer('n8n was asked to end.', false, { ending: true });

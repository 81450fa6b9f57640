import { RunStopped } from '../../errors';

/** What to throw once the signal is aborted: the reason itself when it already says why the run stopped. */
export const stopped = (signal: AbortSignal): RunStopped =>
	signal.reason instanceof RunStopped ? signal.reason : new RunStopped('cancelled');

/** Throws RunStopped when the run is to end. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
	if (signal?.aborted) throw stopped(signal);
}

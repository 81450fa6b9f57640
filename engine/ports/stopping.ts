import { RunStopped } from '../model/errors';
import type { SyncSession } from './session';

type Signals = Pick<SyncSession, 'signal' | 'ending'>;

/** The run is not to go on: it was cancelled, or the process is to end. */
export const isStopping = ({ signal, ending }: Signals): boolean => (signal?.aborted ?? false) || (ending?.aborted ?? false);

/** To be called wherever a run may be left without loss. Throws RunStopped when it is not to go on. */
export function throwIfStopping({ signal, ending }: Signals): void {
	if (signal?.aborted) throw new RunStopped('cancelled');
	if (ending?.aborted) throw new RunStopped('shutdown');
}

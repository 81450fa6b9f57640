import { type CoupledPair, idOn } from '../model/coupling';
import type { Side } from '../model/side';
import type { SyncStore } from '../ports/syncStore';
import type { HeldState } from './heldState';

/** Couplings of the store that neither it nor the overlay has met, and those that the overlay holds, up to where the store has looked. */
export async function unmetCouplings(
	store: SyncStore,
	state: HeldState,
	{ mapping, side }: { mapping: string; side: Side },
	options: { beganAt: string; afterBcId: string; limit: number },
): Promise<{ pairs: CoupledPair[]; last: string | null }> {
	const held = state.couplingsOf(mapping);
	const { beganAt, afterBcId, limit } = options;
	const below = await store.unmetCouplings(mapping, side, options);
	const isMet = (pair: CoupledPair): boolean => state.comparisons.isMet(mapping, side, idOn(pair, side), beganAt);
	const own = held
		.pairs()
		.filter(({ bcId }) => bcId > afterBcId && (below.last === null || bcId <= below.last))
		.sort((one, other) => (one.bcId < other.bcId ? -1 : 1));
	// Beyond what the store holds the overlay's own are the only ones.
	const shown = below.last === null ? own.slice(0, limit) : own;
	const last = below.last ?? shown.at(-1)?.bcId ?? null;
	// What the store marked before the preview began is not known of these: to ask for one of them once more does no harm.
	const open = shown.filter((pair) => !isMet(pair) && held.get('businessCentral', pair.bcId)!.coupledAt <= beganAt);
	const stored = below.pairs.filter((pair) => !held.isHidden(pair) && !isMet(pair));
	return { pairs: [...stored, ...open].sort((one, other) => (one.bcId < other.bcId ? -1 : 1)), last };
}

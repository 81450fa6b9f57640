import type { Coupling } from '../../model/coupling';
import type { SyncSession } from '../../ports/session';

/** Ids in Business Central of those couples that runs of their mapping leave alone, in either direction. Reads the store only. */
export async function skippedCouples(
	{ store }: Pick<SyncSession, 'store'>,
	mapping: string,
	couplings: readonly Coupling[],
): Promise<Set<string>> {
	const found = new Set<string>();
	const toCrm = await store.failuresOf(mapping, 'toCrm', couplings.map(({ bcId }) => bcId)); // prettier-ignore
	const fromCrm = await store.failuresOf(mapping, 'fromCrm', couplings.map(({ crmId }) => crmId)); // prettier-ignore
	for (const { bcId, crmId } of couplings) if (toCrm.get(bcId)?.skipped || fromCrm.get(crmId)?.skipped) found.add(bcId);
	return found;
}

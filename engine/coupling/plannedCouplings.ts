import type { SyncSession } from '../ports/session';
import type { SyncStore } from '../ports/syncStore';
import type { Coupling } from '../model/coupling';

type Pair = Pick<Coupling, 'mapping' | 'bcId' | 'crmId'>;

/**
 * The session as it would be once these couplings stood, so that the preview of what follows a coupling is what the real run then does. Only
 * what a run asks about couplings changes; nothing is written.
 */
export function withPlannedCouplings(session: SyncSession, planned: readonly Coupling[], gone: readonly Pair[] = []): SyncSession {
	const { store } = session;
	const lost = new Set(gone.map(pairKey));
	const byBc = new Map(planned.map((coupling) => [`${coupling.mapping} ${coupling.bcId}`, coupling]));
	const byCrm = new Map(planned.map((coupling) => [`${coupling.mapping} ${coupling.crmId}`, coupling]));
	const changed: Partial<SyncStore> = {
		async couplingsOf(mapping, side, ids) {
			const found = await store.couplingsOf(mapping, side, ids);
			for (const [id, coupling] of found) if (lost.has(pairKey(coupling))) found.delete(id);
			for (const id of ids) {
				const coupling = (side === 'businessCentral' ? byBc : byCrm).get(`${mapping} ${id}`);
				if (coupling) found.set(id, coupling);
			}
			return found;
		},
		async countCouplings(mapping) {
			const more = planned.filter((coupling) => coupling.mapping === mapping).length;
			return (await store.countCouplings(mapping)) + more - gone.filter((pair) => pair.mapping === mapping).length;
		},
	};
	return {
		...session,
		store: new Proxy(store, {
			get: (target, name) => {
				const own = changed[name as keyof SyncStore];
				const value: unknown = own ?? Reflect.get(target, name);
				return typeof value === 'function' && !own ? (value as (...args: unknown[]) => unknown).bind(target) : value;
			},
		}),
	};
}

const pairKey = ({ mapping, bcId, crmId }: Pair): string => `${mapping} ${bcId} ${crmId}`;

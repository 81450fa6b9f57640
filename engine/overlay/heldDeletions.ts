import { firstAfter } from './inOrder';
import type { Side } from '../model/side';
import type { CoupledPair } from '../model/coupling';
import type { DeletedPartner } from '../model/deletion';

/** What was found deleted in the overlay, and what was dealt with there. */
export class HeldDeletions {
	private readonly found = new Map<string, DeletedPartner>();
	private readonly done = new Set<string>();

	add(pairs: readonly DeletedPartner[]): void {
		for (const pair of pairs) {
			this.found.set(keyOf(pair), pair);
			this.done.delete(keyOf(pair));
		}
	}

	/** Without a side: whatever was found about the pair. */
	remove(pairs: ReadonlyArray<CoupledPair & { mapping: string; side?: Side }>): void {
		for (const { mapping, bcId, crmId, side } of pairs) {
			for (const each of side === undefined ? (['businessCentral', 'crm'] as const) : [side]) {
				const key = keyOf({ mapping, side: each, bcId, crmId });
				this.found.delete(key);
				this.done.add(key);
			}
		}
	}

	first(
		of: { mapping: string; side: Side },
		read: (after: string, limit: number) => Promise<readonly DeletedPartner[]>,
		after: string,
		limit: number,
	): Promise<DeletedPartner[]> {
		const own = [...this.found.values()].filter(({ mapping, side }) => mapping === of.mapping && side === of.side);
		const isHidden = (pair: DeletedPartner): boolean => this.done.has(keyOf(pair)) || this.found.has(keyOf(pair));
		return firstAfter({ read, keyOf: ({ bcId }) => bcId, isHidden, own }, after, limit);
	}
}

const keyOf = ({ mapping, side, bcId, crmId }: DeletedPartner): string => [mapping, side, bcId, crmId].join('\n');

import type { SyncSession } from '../../ports/session';
import type { Side } from '../../model/side';
import type { CoupledPair } from '../../model/coupling';
import type { DeletedPartner } from '../../model/deletion';
import type { Lease } from '../../model/lease';

/**
 * Pairs one of whose records was found deleted. They are kept in the store until a run has dealt with them, so that a crash between finding
 * and acting loses none.
 */
export class DeletedPartners {
	constructor(
		private readonly session: SyncSession,
		private readonly mapping: string,
		private readonly lease: Lease,
	) {}

	async found(side: Side, pairs: readonly CoupledPair[]): Promise<void> {
		if (pairs.length > 0) await this.session.store.commit({ deletedPartners: deletedOn(this.mapping, side, pairs) }, this.lease);
	}

	/** In parts, each pair once. What is taken from the list meanwhile does not disturb. */
	async *parts(side: Side, size: number): AsyncGenerator<DeletedPartner[]> {
		let afterBcId: string | undefined;
		for (;;) {
			const part = await this.session.store.deletedPartners(this.mapping, side, { limit: size, ...(afterBcId ? { afterBcId } : {}) });
			if (part.length === 0) return;
			afterBcId = part.at(-1)!.bcId;
			yield part;
		}
	}

	async remove(pairs: readonly DeletedPartner[]): Promise<void> {
		if (pairs.length === 0) return;
		await this.session.store.commit({ deletedPartnersDone: pairs }, this.lease);
	}
}

/** The pairs, as those whose record of `side` is gone. */
export const deletedOn = (mapping: string, side: Side, pairs: readonly CoupledPair[]): DeletedPartner[] =>
	pairs.map(({ bcId, crmId }) => ({ mapping, side, bcId, crmId }));

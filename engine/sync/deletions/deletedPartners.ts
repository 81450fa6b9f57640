import type { SyncSession } from '../../ports/session';
import type { Side } from '../../model/side';
import type { CoupledPair } from '../../model/coupling';
import type { DeletionSearch, DeletedPartner } from '../../model/deletion';
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

	/** Adds pairs and notes how far the search has come, in one transaction. */
	async found(side: Side, pairs: readonly CoupledPair[], search?: DeletionSearch): Promise<void> {
		const missing = pairs.map(({ bcId, crmId }) => ({ mapping: this.mapping, side, bcId, crmId }));
		if (missing.length > 0 || search) {
			await this.session.store.commit({ deletedPartners: missing, ...(search ? { deletionSearch: search } : {}) }, this.lease);
		}
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

import type { SyncSession } from '../../ports/session';
import type { Side } from '../../model/side';
import type { CoupledPair } from '../../model/coupling';
import type { DeletionSearch, DeletedPartner } from '../../model/deletion';
import type { Lease } from '../../model/lease';

/**
 * Pairs one of whose records was found deleted. They are kept in the store until a run has dealt with them, so that a crash between finding
 * and acting loses none; a preview keeps them to itself.
 */
export class DeletedPartners {
	/** Preview only: what was found beside what the store holds. */
	private readonly own: DeletedPartner[] = [];

	constructor(
		private readonly session: SyncSession,
		private readonly mapping: string,
		private readonly lease: Lease | null,
	) {}

	/** Adds pairs and notes how far the search has come, in one transaction. */
	async found(side: Side, pairs: readonly CoupledPair[], search?: DeletionSearch): Promise<void> {
		const missing = pairs.map(({ bcId, crmId }) => ({ mapping: this.mapping, side, bcId, crmId }));
		if (!this.lease) this.own.push(...missing);
		else if (missing.length > 0 || search) {
			await this.session.store.commit({ deletedPartners: missing, ...(search ? { deletionSearch: search } : {}) }, this.lease);
		}
	}

	/** In parts, each pair once. What is taken from the list meanwhile does not disturb. */
	async *parts(side: Side, size: number): AsyncGenerator<DeletedPartner[]> {
		const given = new Set<string>();
		let afterBcId: string | undefined;
		for (;;) {
			const part = await this.session.store.deletedPartners(this.mapping, side, { limit: size, ...(afterBcId ? { afterBcId } : {}) });
			if (part.length === 0) break;
			afterBcId = part.at(-1)!.bcId;
			if (!this.lease) for (const { bcId } of part) given.add(bcId);
			yield part;
		}
		const rest = this.own.filter((pair) => pair.side === side && !given.has(pair.bcId) && given.add(pair.bcId));
		for (let start = 0; start < rest.length; start += size) yield rest.slice(start, start + size);
	}

	async remove(pairs: readonly DeletedPartner[]): Promise<void> {
		if (pairs.length === 0) return;
		const gone = new Set(pairs.map(({ side, bcId }) => `${side} ${bcId}`));
		for (let index = this.own.length - 1; index >= 0; index--) {
			const { side, bcId } = this.own[index]!;
			if (gone.has(`${side} ${bcId}`)) this.own.splice(index, 1);
		}
		if (this.lease) await this.session.store.commit({ deletedPartnersDone: pairs }, this.lease);
	}
}

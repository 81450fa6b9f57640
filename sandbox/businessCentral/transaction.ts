import type { BusinessCentralCompany, Entity } from './company';
import { OpenTransaction } from './data/companyData';
import { transactionOver } from './http/snapshot';
import type { ServiceState } from './http/state';
import type { Body } from './write/writer';

/**
 * A long transaction of another session: rows get their stamp when they are written, but nobody sees them before `commit`, so they turn up later
 * with an older stamp.
 */
export class LateTransaction {
	private readonly open = new OpenTransaction();

	constructor(
		private readonly state: ServiceState,
		private readonly user: string,
	) {}

	insert(company: BusinessCentralCompany, entitySet: string, values: Body): Entity {
		return this.within(() => company.insert(entitySet, values, this.user));
	}

	update(company: BusinessCentralCompany, entitySet: string, id: string, values: Body): Entity {
		return this.within(() => company.update(entitySet, id, values, this.user));
	}

	remove(company: BusinessCentralCompany, entitySet: string, id: string): void {
		this.within(() => company.remove(entitySet, id, this.user));
	}

	commit(): void {
		transactionOver(this.state).commit(this.open);
	}

	/** Nothing of it is ever seen. */
	rollback(): void {
		this.open.journal.forget();
		this.open.pending.length = 0;
	}

	private within<Result>(work: () => Result): Result {
		return transactionOver(this.state).within(this.open, work);
	}
}

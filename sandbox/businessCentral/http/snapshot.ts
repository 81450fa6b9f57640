import type { CompanyData, OpenTransaction } from '../data/companyData';
import type { ServiceState } from './state';

/** One transaction over all companies: what it wrote is in place only while `within` runs, and for everybody after `commit`. */
export function transactionOver(state: Pick<ServiceState, 'companies' | 'platform'>): {
	within<Result>(transaction: OpenTransaction, work: () => Result): Result;
	commit(transaction: OpenTransaction): void;
} {
	const all = [state.platform, ...state.companies()];
	const nest = <Result>(companies: readonly CompanyData[], transaction: OpenTransaction, work: () => Result): Result => {
		const [first, ...rest] = companies;
		return first ? first.within(transaction, () => nest(rest, transaction, work)) : work();
	};
	return {
		within: (transaction, work) => nest(all, transaction, work),
		commit: (transaction) => state.platform.commit(transaction),
	};
}

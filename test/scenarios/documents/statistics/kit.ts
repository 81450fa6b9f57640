import { updateStatistics, type FlowRequest, type FlowResult, type StatisticsOutcome } from '../../../../engine';
import type { SessionOptions } from '../../../kit/world';
import { company, deliver } from '../../products/shop';
import { openOffice, type Office, type Row } from '../invoices/kit';

/** An office with a fiscal year, whose customers have figures. */
export interface Counter extends Office {
	statistics(request?: FlowRequest, options?: SessionOptions): Promise<FlowResult<StatisticsOutcome>>;
	/** The row of figures that an account names; undefined where it names none. */
	figures(account?: string): Row | undefined;
	/** A further customer with its account, coupled; answers both ids. */
	customerNamed(number: string, displayName: string): Promise<{ customer: string; account: string }>;
	/** Requests to each system since the last call, and rows written. */
	cost(): { businessCentral: number; crm: number; writes: number };
}

export async function openCounter(): Promise<Counter> {
	const office = await openOffice();
	const { crm } = office.world.sandbox;
	const bc = company(office.world);
	bc.seed('accountingPeriods', [
		{ startingDate: '2025-01-01', name: 'January', newFiscalYear: true },
		{ startingDate: '2026-01-01', name: 'January', newFiscalYear: true },
		{ startingDate: '2026-02-01', name: 'February' },
	]);
	return {
		...office,
		statistics: (request = {}, options) => office.use((session) => updateStatistics(session, request), options),
		figures(account = office.account) {
			const link = crm.get('account', account)?.['nav_accountstatisticsid'];
			return (crm.rows('nav_accountstatistics') as Row[]).find((row) => row['nav_accountstatisticsid'] === link);
		},
		async customerNamed(number, displayName) {
			const customer = String(bc.insert('customers', { number, displayName, blocked: '_x0020_' })['id']).toLowerCase();
			await deliver(office.world, { mappings: ['CUSTOMER'] });
			return { customer, account: String(crm.rows('account').find(({ name }) => name === displayName)!['accountid']) };
		},
		cost() {
			const requests = office.world.takeRequests();
			const of = (system: string): number => requests.filter((request) => request.system === system).length;
			return { businessCentral: of('businessCentral'), crm: of('crm'), writes: requests.reduce((sum, { writes }) => sum + writes, 0) };
		},
	};
}

/** A test at a counter of its own. */
export const atCounter = (test: (counter: Counter) => Promise<void>) => async (): Promise<void> => {
	const counter = await openCounter();
	try {
		await test(counter);
	} finally {
		await counter.close();
	}
};

export const codesOf = ({ job }: FlowResult<unknown>): string[] => job.failed.map(({ errorCode }) => errorCode);
export const actionsOf = ({ outcomes }: FlowResult<{ action: string }>): string[] => outcomes.map(({ action }) => action);

import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { statisticsSummary } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';

/** Customers of Business Central whose number or name contains the text. */
export async function searchCustomers(this: ILoadOptionsFunctions, filter = '', paginationToken?: string): Promise<INodeListSearchResult> {
	return await explained(this, 'The list of customers', async () => {
		const { session, close } = await openSession(this, currentConnection(this), { log: quietLog(this), owner: 'editor' });
		try {
			const { businessCentral } = session;
			const { records, next } = await businessCentral.search(statisticsSummary.bc, filter.trim(), null, paginationToken);
			const results = records.map(({ id, number, name }) => ({
				name: [number, name].filter((part) => part !== '').join(' · ') || id,
				value: id,
				url: businessCentral.link(statisticsSummary.bc, id, number) ?? undefined,
			}));
			return { results, paginationToken: next };
		} finally {
			await close();
		}
	});
}

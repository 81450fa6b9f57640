import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { availabilitySummary } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';

/** Products of CRM whose number or name contains the text. */
export async function searchProducts(this: ILoadOptionsFunctions, filter = '', paginationToken?: string): Promise<INodeListSearchResult> {
	return await explained(this, 'The list of products', async () => {
		const { session, close } = await openSession(this, currentConnection(this), { log: quietLog(this), owner: 'editor' });
		try {
			const { crm } = session;
			const { records, next } = await crm.search(availabilitySummary.crm, filter.trim(), null, paginationToken);
			const results = records.map(({ id, number, name }) => ({
				name: [number, name].filter((part) => part !== '').join(' · ') || id,
				value: id,
				url: crm.link(availabilitySummary.crm, id) ?? undefined,
			}));
			return { results, paginationToken: next };
		} finally {
			await close();
		}
	});
}

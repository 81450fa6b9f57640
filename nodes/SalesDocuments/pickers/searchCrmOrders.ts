import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { CRM_ORDERS } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';

/** Orders of CRM whose number or name contains the text. */
export async function searchCrmOrders(this: ILoadOptionsFunctions, filter = '', paginationToken?: string): Promise<INodeListSearchResult> {
	return await explained(this, 'The list of CRM orders', async () => {
		const { session, close } = await openSession(this, currentConnection(this), { log: quietLog(this), owner: 'editor' });
		try {
			const { records, next } = await session.crm.search(CRM_ORDERS, filter.trim(), null, paginationToken);
			const results = records.map(({ id, number, name }) => ({
				name: [number, name].filter((part) => part !== '').join(' · ') || id,
				value: id,
				url: session.crm.link(CRM_ORDERS, id) ?? undefined,
			}));
			return { results, paginationToken: next };
		} finally {
			await close();
		}
	});
}

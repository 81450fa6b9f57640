import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { invoiceSummary, POSTED_INVOICES } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';

/** Posted invoices of Business Central whose number or customer contains the text. */
export async function searchPostedInvoices(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await explained(this, 'The list of posted invoices', async () => {
		const { session, close } = await openSession(this, currentConnection(this), { log: quietLog(this), owner: 'editor' });
		try {
			const { businessCentral } = session;
			const { records, next } = await businessCentral.search(invoiceSummary.bc, filter.trim(), POSTED_INVOICES, paginationToken);
			const results = records.map(({ id, number, name }) => ({
				name: [number, name].filter((part) => part !== '').join(' · ') || id,
				value: id,
				url: businessCentral.link(invoiceSummary.bc, id, number) ?? undefined,
			}));
			return { results, paginationToken: next };
		} finally {
			await close();
		}
	});
}

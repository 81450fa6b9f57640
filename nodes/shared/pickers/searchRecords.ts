import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { searchInside, type Side } from '../../../engine';
import { filterOfMapping } from '../mappingFilter';
import { openSession } from '../openSession';
import { quietLog } from '../progress';
import { mappingSummary } from '../recordReference';
import { currentConnection, currentMapping } from './currentSettings';
import { explained } from './explain';

/** Business Central records of the chosen mapping whose number or name contains the text. */
export async function searchBusinessCentralRecords(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, 'businessCentral', filter, paginationToken);
}

/** CRM rows of the chosen mapping whose number or name contains the text. */
export async function searchCrmRecords(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
): Promise<INodeListSearchResult> {
	return await search(this, 'crm', filter, paginationToken);
}

async function search(context: ILoadOptionsFunctions, side: Side, text = '', paginationToken?: string): Promise<INodeListSearchResult> {
	const what = side === 'businessCentral' ? 'The list of Business Central records' : 'The list of CRM records';
	return await explained(context, what, async () => {
		const chosen = currentMapping(context);
		const { session, close } = await openSession(context, currentConnection(context), { log: quietLog(context), owner: 'editor' });
		try {
			const mapping = await mappingSummary(session, chosen);
			const table = side === 'businessCentral' ? mapping.bc : mapping.crm;
			// A coupling may be removed whatever the filters say today.
			const filter =
				context.getCurrentNodeParameter('operation') === 'uncouple' ? null : await filterOfMapping(session, mapping.name, side);
			const { records, next } = filter
				? await searchInside(session[side], table, text.trim(), filter, paginationToken)
				: await session[side].search(table, text.trim(), null, paginationToken);
			const results = records.map(({ id, number, name }) => ({
				name: [...new Set([number, name])].filter((part) => part !== '').join(' · ') || id,
				value: id,
				url: session[side].link(table, id, number, name) ?? undefined,
			}));
			return { results, paginationToken: next };
		} finally {
			await close();
		}
	});
}

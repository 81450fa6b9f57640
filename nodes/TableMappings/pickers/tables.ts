import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { PAGE, type Side } from '../../../engine';
import { openSession } from '../../shared/openSession';
import { currentConnection } from '../../shared/pickers/currentSettings';
import { explained } from '../../shared/pickers/explain';
import { quietLog } from '../../shared/progress';

const PER_PAGE = 200;

/** Entity sets of API v2.0 and published pages whose name or caption contains the text. */
export async function searchBusinessCentralTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await tables(this, 'businessCentral', filter);
}

/** Dataverse tables whose name or caption contains the text. */
export async function searchCrmTables(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await tables(this, 'crm', filter);
}

async function tables(context: ILoadOptionsFunctions, side: Side, text = ''): Promise<INodeListSearchResult> {
	const what = side === 'businessCentral' ? 'The list of Business Central tables' : 'The list of CRM tables';
	return await explained(context, what, async () => {
		const { session, close } = await openSession(context, currentConnection(context), { log: quietLog(context), owner: 'editor' });
		try {
			const wanted = text.trim().toLowerCase();
			const options = (await session[side].tables()).map(({ name, label, keys }) => ({
				name: `${label} (${keys ? `published page ${name}` : name})`,
				value: keys ? PAGE + name : name,
			}));
			return { results: options.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, PER_PAGE) };
		} finally {
			await close();
		}
	});
}

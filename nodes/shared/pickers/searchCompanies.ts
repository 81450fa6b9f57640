import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { fetchCompanies } from '../companies';
import { businessCentralAddress } from '../connection';
import { currentAuthentication } from './currentSettings';
import { explained } from './explain';

/** Companies of the Business Central environment whose name contains the text. */
export async function searchCompanies(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	return await explained(this, 'The list of companies', async () => {
		const companies = await fetchCompanies(this, await businessCentralAddress(this, currentAuthentication(this)));
		const wanted = filter?.trim().toLowerCase() ?? '';
		const results = companies
			.filter(({ name, displayName }) => `${name} ${displayName}`.toLowerCase().includes(wanted))
			.map(({ id, name, displayName }) => ({ name: displayName === name ? name : `${displayName} (${name})`, value: id }))
			.sort((a, b) => a.name.localeCompare(b.name));
		return { results };
	});
}

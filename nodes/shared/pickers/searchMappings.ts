import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { mappingCatalog } from '../../../engine';
import { openKnownStore } from '../openSession';
import { businessCentralAddress } from '../connection';
import { currentAuthentication, currentConnection } from './currentSettings';
import { explained } from './explain';

/**
 * Table mappings whose name or tables contain the text: default ones in the order in which a full synchronization runs them, then the
 * user's own.
 */
export async function searchMappings(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	const all = await mappingOptions(this);
	return { results: all.filter(({ name, value }) => `${name} ${String(value)}`.toLowerCase().includes(wanted)) };
}

/** The same list for a field that takes several mappings. */
export async function getMappings(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await mappingOptions(this);
}

/** The same list, with nothing to choose as the first entry. */
export async function getMappingsOrNone(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return [
		{ name: '(Automatic)', value: '', description: 'The only mapping of the table the column points at' },
		...(await mappingOptions(this)),
	];
}

const mappingOptions = async (context: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> =>
	[...mappingCatalog(), ...(await ownMappings(context))].map(({ name, caption }) => ({
		name: caption === name ? name : `${name} – ${caption}`,
		value: name,
	}));

/** Mappings of the user's own belong to a company: before one is chosen there are none. */
async function ownMappings(context: ILoadOptionsFunctions): Promise<Array<{ name: string; caption: string }>> {
	const company: unknown = context.getCurrentNodeParameter('company');
	const value: unknown = typeof company === 'object' && company !== null && 'value' in company ? company.value : company;
	if (String(value ?? '').startsWith('=')) return [];
	if (!value && !(await hasDefaultCompany(context))) return [];
	return await explained(context, 'The list of mappings', async () => {
		const store = await openKnownStore(context, currentConnection(context));
		if (!store) return [];
		try {
			const settings = await store.settings();
			return [...settings.values()].flatMap(({ definition }) => (definition ? [definition] : []));
		} finally {
			await store.close();
		}
	});
}

/** Without a credential, too, the mappings that come with the package are listed. */
async function hasDefaultCompany(context: ILoadOptionsFunctions): Promise<boolean> {
	const address = await businessCentralAddress(context, currentAuthentication(context)).catch(() => null);
	return address !== null && address.defaultCompany !== '';
}

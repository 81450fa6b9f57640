import type { ILoadOptionsFunctions, INodeListSearchResult, INodePropertyOptions } from 'n8n-workflow';
import { mappingCatalog } from '../engine';

/** Table mappings whose name or tables contain the text, in the order in which a full synchronisation runs them. */
export async function searchMappings(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
	const wanted = filter?.trim().toLowerCase() ?? '';
	return { results: mappingOptions().filter(({ name, value }) => `${name} ${String(value)}`.toLowerCase().includes(wanted)) };
}

/** The same list for a field that takes several mappings. */
export async function getMappings(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return mappingOptions();
}

const mappingOptions = (): INodePropertyOptions[] =>
	mappingCatalog().map(({ name, caption }) => ({ name: caption === name ? name : `${name} – ${caption}`, value: name }));

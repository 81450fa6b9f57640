import type { CsdlDocument } from '../odata/csdl';
import { STANDARD_PAGES } from './standardPages';
import type { TableListing } from '../../model/shape';

/** Sets of API v2.0 that hold no records of a company's business. */
const TECHNICAL = new Set(['companies', 'subscriptions', 'entityDefinitions', 'externalidevents', 'companyInformation']);

/** Entity sets of API v2.0, then published pages, each by name. */
export function tableListings(api: CsdlDocument, pages: CsdlDocument | null, readable: (name: string) => string): TableListing[] {
	const byName = (one: TableListing, other: TableListing): number => one.name.localeCompare(other.name, 'en');
	const sets = api
		.entitySets()
		.filter((name) => !TECHNICAL.has(name))
		.map((name) => ({ name, label: readable(name) }));
	const published = (pages?.entitySets() ?? [])
		.filter((name) => name !== 'Company')
		.map((name) => ({ name, label: STANDARD_PAGES[name]?.caption ?? readable(name), keys: pages!.keysOf(name) }));
	return [...sets.sort(byName), ...published.sort(byName)];
}

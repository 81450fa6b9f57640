import { companyRowOf, loadMappings, type Side, sideFilter, type SideFilter, type SyncSession } from '../../engine';

/** Only records inside the filter of the mapping can be chosen as a partner. */
export async function filterOfMapping(session: SyncSession, name: string, side: Side): Promise<SideFilter | null> {
	const mapping = (await loadMappings(session)).find((each) => each.name === name);
	if (!mapping) return null;
	const company = await companyRowOf(session, mapping);
	const [filter, table] = side === 'businessCentral' ? [mapping.bcFilter, mapping.bc] : [mapping.crmFilter, mapping.crm];
	return sideFilter(filter, side, company, table);
}

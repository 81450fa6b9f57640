import { companyRow, compileFilter, loadMappings, type Side, type SyncSession } from './engine';

/** Only records inside the filter of the mapping can be chosen as a partner (sync semantics 1.3, 15.2). */
export async function filterOfMapping(session: SyncSession, name: string, side: Side): Promise<string | null> {
	const mapping = (await loadMappings(session)).find((each) => each.name === name);
	if (!mapping) return null;
	const company = mapping.companyStamp ? await companyRow(session) : null;
	return compileFilter(side === 'businessCentral' ? mapping.bcFilter : mapping.crmFilter, side, company);
}

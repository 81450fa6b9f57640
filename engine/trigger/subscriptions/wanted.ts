import { rulesOf } from '../../defaults/catalog';
import { usedFields } from '../../setup/usedFields';
import type { Filter } from '../../model/filter';
import type { Side } from '../../model/side';
import { tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { Watched } from '../periods';

/** A table that webhooks are to tell of. */
export interface WantedResource {
	/** As the service names it: `/api/v2.0/companies(…)/customers`, `account`. */
	resource: string;
	/** Mappings that read the table. */
	mappings: readonly string[];
	/** CRM: columns whose writing matters, in order; empty: all. */
	columns: readonly string[];
}

/** Names of mappings as one text; none holds a line break. */
export const mappingsText = (mappings: readonly string[]): string => mappings.join('\n');
export const mappingsOf = (text: string): string[] => text.split('\n');

/** The tables of a side whose changes mappings carry away and that a webhook can tell of. Costs no request, or one a day. */
export async function wantedOn(session: SyncSession, side: Side, watched: readonly Watched[]): Promise<WantedResource[]> {
	const found = new Map<string, { mappings: string[]; columns: string[] | null }>();
	for (const each of watched) {
		if (!each.sources.includes(side)) continue;
		const resource = await resourceOf(session, side, each);
		if (resource === null) continue;
		const before = found.get(resource);
		const own = side === 'crm' ? columnsOf(each) : null;
		const columns = before ? (before.columns && own ? [...before.columns, ...own] : null) : own;
		found.set(resource, { mappings: [...(before?.mappings ?? []), each.mapping.name], columns });
	}
	return [...found].map(([resource, { mappings, columns }]) => ({ resource, mappings, columns: [...new Set(columns ?? [])].sort() }));
}

export async function resourceOf(session: SyncSession, side: Side, { mapping }: Watched): Promise<string | null> {
	const table = tableOn(mapping, side);
	if (side === 'businessCentral') return (await session.businessCentral.subscriptions?.resourceOf(table)) ?? null;
	return (await session.crm.hasNewest(table)) ? table.name : null;
}

/** Null: any column may matter. */
function columnsOf({ mapping }: Watched): string[] | null {
	if (hasRaw(mapping.crmFilter)) return null;
	return usedFields(mapping, rulesOf(mapping.name), 'crm').map(({ field }) => field);
}

const hasRaw = ({ raw, groups = [] }: Filter): boolean => (raw ?? '').trim() !== '' || groups.some(hasRaw);

import { isGuid } from '../model/guid';
import { keyTableOf } from '../model/recordIdentity';
import type { TableSource } from '../model/record';
import type { SyncSession } from '../ports/session';
import { idsOfKeys } from './idsOfKeys';

/**
 * Ids of Business Central's records as the mapping knows them now, in their order: people and workflows keep ids from before records came to be known by
 * their SystemIds, and the other way round. What is no other name of a record stays as it is.
 */
export async function idsAsKnown(
	{ businessCentral, store }: Pick<SyncSession, 'businessCentral' | 'store'>,
	table: TableSource,
	given: readonly string[],
): Promise<string[]> {
	const ids = given.map((id) => id.toLowerCase());
	if (table.extension) {
		const known = await idsOfKeys(businessCentral, table, ids);
		return ids.map((id) => known.get(id) ?? id);
	}
	if (!table.page) return ids;
	const keys = await store.keysOf(keyTableOf(table), ids.filter(isGuid));
	return ids.map((id) => keys.get(id) ?? id);
}

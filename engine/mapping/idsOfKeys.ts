import type { TableSource } from '../model/record';
import type { RecordSystem } from '../ports/recordSystem';

/**
 * Ids of the records of a Business Central table that pages show, by their keys (`compositeId`): the keys themselves while records are known by them, and
 * SystemIds, asked for in batches, where they are not. A key that no record has is absent then.
 */
export async function idsOfKeys(
	businessCentral: Pick<RecordSystem, 'idsOfKeys'>,
	table: TableSource,
	keys: Iterable<string>,
): Promise<Map<string, string>> {
	const wanted = [...new Set(keys)];
	if (!table.extension) return new Map(wanted.map((key) => [key, key]));
	return wanted.length === 0 ? new Map() : await businessCentral.idsOfKeys!(table, wanted);
}

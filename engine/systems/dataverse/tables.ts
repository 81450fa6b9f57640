import { z } from 'zod/v4';
import type { Connection } from '../odata/connection';
import { unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { labelOf } from './metadata';
import type { TableListing } from '../../model/shape';

const schema = z.object({
	value: z.array(
		z.object({
			LogicalName: z.string(),
			EntitySetName: z.string().nullish(),
			DisplayName: z.object({ UserLocalizedLabel: z.object({ Label: z.string() }).nullish() }).nullish(),
		}),
	),
});

/** Tables that the Web API offers, by name. */
export async function tableListings(connection: Connection, root: string): Promise<TableListing[]> {
	const query = queryString({ $select: 'LogicalName,EntitySetName,DisplayName' });
	const parsed = schema.safeParse(await connection.getJson(`${root}/EntityDefinitions${query}`, { table: 'EntityDefinitions' }));
	if (!parsed.success) throw unreadableError({ status: 200, headers: {}, body: null }, connection.context(true, 'EntityDefinitions'));
	return parsed.data.value
		.filter(({ EntitySetName }) => EntitySetName)
		.map(({ LogicalName, DisplayName }) => ({ name: LogicalName, label: labelOf(DisplayName, LogicalName) }))
		.sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

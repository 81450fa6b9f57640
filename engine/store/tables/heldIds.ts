import { rowLimit } from '../paging';
import type { Scope } from '../scope';

/** Where ids of Business Central's records stand beside the couplings. */
const SOURCES = ['failure', 'requeued_record', 'intent'] as const;
const PARTNERS = ['coupling', 'former_partner', 'missing_partner'] as const;

/** Ids of records of Business Central that anything of the mapping names, each once, in their order, after one of them. */
export async function heldIds(scope: Scope, mapping: string, after: string, limit: number): Promise<string[]> {
	const ids = new Set<string>();
	for (const table of PARTNERS) for (const id of await partnersIn(scope, table, { mapping, after, limit })) ids.add(id);
	for (const table of SOURCES) for (const id of await sourcesIn(scope, table, { mapping, after, limit })) ids.add(id);
	return [...ids].sort((one, other) => (Buffer.compare(Buffer.from(one), Buffer.from(other)))).slice(0, limit); // prettier-ignore
}

interface Wanted {
	mapping: string;
	after: string;
	limit: number;
}

async function partnersIn(
	{ db, connectionKey }: Scope,
	table: (typeof PARTNERS)[number],
	{ mapping, after, limit }: Wanted,
): Promise<string[]> {
	const rows = await db
		.selectFrom(table as 'coupling')
		.select('bc_id')
		.distinct()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('bc_id', '>', after)
		.orderBy('bc_id')
		.limit(rowLimit(limit))
		.execute();
	return rows.map((row) => row.bc_id);
}

async function sourcesIn(
	{ db, connectionKey }: Scope,
	table: (typeof SOURCES)[number],
	{ mapping, after, limit }: Wanted,
): Promise<string[]> {
	const rows = await db
		.selectFrom(table as 'failure')
		.select('source_id')
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', 'toCrm')
		.where('source_id', '>', after)
		.orderBy('source_id')
		.limit(rowLimit(limit))
		.execute();
	return rows.map((row) => row.source_id);
}

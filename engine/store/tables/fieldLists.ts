import type { Selectable } from 'kysely';
import type { Coupling } from '../../model/coupling';
import { chunksOf } from '../../model/chunks';
import type { CouplingTable } from '../schema';
import type { Scope } from '../scope';
import { couplingFromRow } from './couplingRow';
import { listIdIn, type FieldList } from './packedBaseline';

type FieldsOf = Map<string, readonly string[]>;

/** Lists that were met in this process: an id stands for the same names everywhere and for ever. */
const met: FieldsOf = new Map();

/** Couplings from their rows, with the lists of fields that their baselines refer to. */
export async function couplingsFromRows(scope: Scope, rows: ReadonlyArray<Selectable<CouplingTable>>): Promise<Coupling[]> {
	const fieldsOf = await fieldListsOf(
		scope,
		rows.map(({ baseline }) => baseline),
	);
	return rows.map((row) => couplingFromRow(row, fieldsOf));
}

/** The lists that packed baselines refer to, by id. */
export async function fieldListsOf(
	{ db, connectionKey }: Scope,
	baselines: ReadonlyArray<string | null>,
): Promise<ReadonlyMap<string, readonly string[]>> {
	const missing = new Set<string>();
	for (const baseline of baselines) {
		const id = baseline === null ? undefined : listIdIn(baseline);
		if (id !== undefined && !met.has(id)) missing.add(id);
	}
	for (const ids of chunksOf([...missing])) {
		const rows = await db
			.selectFrom('field_list')
			.select(['id', 'fields'])
			.where('connection_key', '=', connectionKey)
			.where('id', 'in', ids)
			.execute();
		for (const { id, fields } of rows) met.set(id, JSON.parse(fields) as string[]);
	}
	return met;
}

/**
 * To be called in the transaction that writes baselines which refer to them: what was written in one that did not end well is not there. One that is there
 * stays as it is.
 */
export async function putFieldLists({ db, connectionKey }: Scope, lists: readonly FieldList[]): Promise<void> {
	const distinct = [...new Map(lists.map((list) => [list.id, list])).values()];
	if (distinct.length === 0) return;
	await db
		.insertInto('field_list')
		.values(distinct.map(({ id, fields }) => ({ connection_key: connectionKey, id, fields: JSON.stringify(fields) })))
		.onConflict((oc) => oc.columns(['connection_key', 'id']).doNothing())
		.execute();
}

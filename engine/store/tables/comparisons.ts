import { sql } from 'kysely';
import type { ComparedRecords, CoupledVersion, VersionComparison } from '../../model/comparison';
import { chunksOf, lastByKey } from '../../model/chunks';
import type { CoupledPair } from '../../model/coupling';
import type { Side } from '../../model/side';
import { rowLimit } from '../paging';
import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';

/** Marks that are forgotten in one statement. */
const FORGOTTEN_AT_ONCE = 5_000;

const idColumn = (side: Side): 'bc_id' | 'crm_id' => (side === 'businessCentral' ? 'bc_id' : 'crm_id');
const versionColumn = (side: Side): 'bc_version' | 'crm_version' => (side === 'businessCentral' ? 'bc_version' : 'crm_version');

const comparisonOf = compiledOnce(({ db }, { connectionKey, mapping, side }: { connectionKey: number; mapping: string; side: Side }) =>
	db
		.selectFrom('deletion_search')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side),
);

export async function readComparison(scope: Scope, mapping: string, side: Side): Promise<VersionComparison | null> {
	const [row] = await comparisonOf(scope, { connectionKey: scope.connectionKey, mapping, side });
	if (!row) return null;
	const phase = row.phase === 'walk' || row.phase === 'rest' ? row.phase : null;
	return {
		...{ mapping, side, checkedAt: row.checked_at, knowsUncoupled: row.knows_uncoupled === 1, untold: row.untold ?? 0 },
		// What an earlier version left under way, in a state that was imported, begins anew.
		...{ phase, beganAt: phase && row.began_at, position: phase && row.position },
	};
}

export async function putComparison({ db, connectionKey }: Scope, comparison: VersionComparison): Promise<void> {
	const state = {
		...{
			token: null,
			position: comparison.position,
			checked_at: comparison.checkedAt,
			began_at: comparison.beganAt,
			phase: comparison.phase,
		},
		...{ knows_uncoupled: comparison.knowsUncoupled ? 1 : 0, untold: comparison.untold },
	};
	await db
		.insertInto('deletion_search')
		.values({ connection_key: connectionKey, mapping: comparison.mapping, side: comparison.side, ...state })
		.onConflict((oc) => oc.columns(['connection_key', 'mapping', 'side']).doUpdateSet(state))
		.execute();
}

/** Nothing but ids and the version is read: a page of a comparison holds 20,000 records. */
export async function couplingVersions(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, CoupledVersion>> {
	const found = new Map<string, CoupledVersion>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('coupling')
			.select(['bc_id', 'crm_id', versionColumn(side)])
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where(idColumn(side), 'in', chunk)
			.execute();
		for (const row of rows)
			found.set(row[idColumn(side)], { bcId: row.bc_id, crmId: row.crm_id, version: row[versionColumn(side)] ?? null });
	}
	return found;
}

export async function comparedVersions(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('compared_record')
			.select(['record_id', 'version'])
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('side', '=', side)
			.where('record_id', 'in', chunk)
			.where('version', 'is not', null)
			.execute();
		for (const row of rows) found.set(row.record_id, row.version!);
	}
	return found;
}

export async function putCompared({ db, connectionKey }: Scope, { mapping, side, beganAt, records }: ComparedRecords): Promise<void> {
	for (const chunk of chunksOf(lastByKey(records, ({ id }) => id))) {
		await db
			.insertInto('compared_record')
			.values(chunk.map(({ id, version }) => ({ connection_key: connectionKey, mapping, side, record_id: id, began_at: beganAt, version })))
			.onConflict((oc) =>
				oc
					.columns(['connection_key', 'mapping', 'side', 'record_id'])
					.doUpdateSet((eb) => ({ began_at: eb.ref('excluded.began_at'), version: eb.ref('excluded.version') })),
			)
			.execute();
	}
}

export async function unmetCouplings(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	options: { beganAt: string; afterBcId: string; limit: number },
): Promise<{ pairs: CoupledPair[]; last: string | null }> {
	const slice = db
		.selectFrom('coupling')
		.select(['bc_id', 'crm_id', 'coupled_at'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('bc_id', '>', options.afterBcId)
		.orderBy('bc_id')
		.limit(rowLimit(options.limit));
	const rows = await db
		.selectFrom(slice.as('slice'))
		.leftJoin('compared_record as met', (join) =>
			join
				.on('met.connection_key', '=', connectionKey)
				.on('met.mapping', '=', mapping)
				.on('met.side', '=', side)
				.on('met.began_at', '=', options.beganAt)
				.onRef('met.record_id', '=', `slice.${idColumn(side)}`),
		)
		.select(['slice.bc_id', 'slice.crm_id', 'slice.coupled_at', 'met.record_id'])
		.orderBy('slice.bc_id')
		.execute();
	const unmet = rows.filter((row) => row.record_id === null && row.coupled_at <= options.beganAt);
	return { pairs: unmet.map((row) => ({ bcId: row.bc_id, crmId: row.crm_id })), last: rows.at(-1)?.bc_id ?? null };
}

/** Answers whether there may be more. */
export async function forgetComparedSlice(
	{ db, dialect, connectionKey }: Scope,
	mapping: string,
	side: Side,
	beganAt: string,
): Promise<boolean> {
	const row = sql<string>`${sql.raw(dialect === 'sqlite' ? 'rowid' : 'ctid')}`;
	const some = db
		.selectFrom('compared_record')
		.select(row.as('place'))
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side)
		.where((eb) => eb.or([eb('version', 'is', null), eb('began_at', '<>', beganAt)]))
		.limit(FORGOTTEN_AT_ONCE);
	const { numDeletedRows } = await db.deleteFrom('compared_record').where(row, 'in', some).executeTakeFirst();
	return Number(numDeletedRows) === FORGOTTEN_AT_ONCE;
}

import { sql } from 'kysely';
import { chunksOf, groupBy } from '../../model/chunks';
import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';
import { couplingToRow } from './couplingRow';
import { couplingsFromRows, putFieldLists } from './fieldLists';
import type { FieldList } from './packedBaseline';
import { CouplingTaken, distinctPairs } from './couplingTaken';
import type { Side } from '../../model/side';
import type { Coupling } from '../../model/coupling';

type Pair = Pick<Coupling, 'mapping' | 'bcId' | 'crmId'>;

export async function couplingsOf(scope: Scope, mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, Coupling>> {
	const { db, connectionKey } = scope;
	const column = side === 'businessCentral' ? 'bc_id' : 'crm_id';
	const found = new Map<string, Coupling>();
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await db
			.selectFrom('coupling')
			.selectAll()
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where(column, 'in', chunk)
			.execute();
		for (const coupling of await couplingsFromRows(scope, rows))
			found.set(coupling[side === 'businessCentral' ? 'bcId' : 'crmId'], coupling);
	}
	return found;
}

const newestBy = (stamp: 'bc_stamp' | 'crm_stamp') =>
	compiledOnce(({ db }, { connectionKey, mapping, limit }: { connectionKey: number; mapping: string; limit: number }) =>
		db
			.selectFrom('coupling')
			.selectAll()
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where(stamp, 'is not', null)
			.orderBy(stamp, 'desc')
			.orderBy('bc_id')
			.limit(limit),
	);
const newest = { businessCentral: newestBy('bc_stamp'), crm: newestBy('crm_stamp') };

export async function newestSeen(scope: Scope, mapping: string, side: Side, limit: number): Promise<Coupling[]> {
	const rows = await newest[side](scope, { connectionKey: scope.connectionKey, mapping, limit });
	return couplingsFromRows(scope, rows);
}

/** By number of Business Central, as it was when they were synchronized last. */
export async function couplingsWithNumbers(scope: Scope, mapping: string, numbers: readonly string[]): Promise<Map<string, Coupling>> {
	const { db, connectionKey } = scope;
	const found = new Map<string, Coupling>();
	for (const chunk of chunksOf([...new Set(numbers)])) {
		const rows = await db
			.selectFrom('coupling')
			.selectAll()
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('bc_number', 'in', chunk)
			.execute();
		for (const coupling of await couplingsFromRows(scope, rows)) found.set(coupling.bcNumber, coupling);
	}
	return found;
}

/** Counted in slices, so that a million couplings do not hold up the event loop. */
export async function countCouplings({ db, connectionKey }: Scope, mapping: string): Promise<number> {
	const slice = 50_000;
	let total = 0;
	let after = '';
	for (;;) {
		const ids = db
			.selectFrom('coupling')
			.select('bc_id')
			.where('connection_key', '=', connectionKey)
			.where('mapping', '=', mapping)
			.where('bc_id', '>', after)
			.orderBy('bc_id')
			.limit(slice);
		const row = await db
			.selectFrom(ids.as('slice'))
			.select((eb) => [eb.fn.countAll<number | string>().as('count'), eb.fn.max('slice.bc_id').as('last')])
			.executeTakeFirstOrThrow();
		const count = Number(row.count);
		total += count;
		if (count < slice) return total;
		after = row.last;
	}
}

/** Of all mappings; those without couplings any more need not be known. */
export async function countAllCouplings(scope: Scope): Promise<number> {
	let total = 0;
	let mapping = '';
	for (;;) {
		const next = await scope.db
			.selectFrom('coupling')
			.select('mapping')
			.where('connection_key', '=', scope.connectionKey)
			.where('mapping', '>', mapping)
			.orderBy('mapping')
			.limit(1)
			.executeTakeFirst();
		if (next === undefined) return total;
		mapping = next.mapping;
		total += await countCouplings(scope, mapping);
	}
}

/**
 * Inserts couplings, or replaces those of the same pair. The upsert meets its own row by the BC record; where that row belongs to
 * another CRM record nothing is updated, which the count tells. A CRM record that is taken violates the other constraint.
 *
 * @throws CouplingTaken when a record already belongs to another one.
 */
export async function putCouplings(scope: Scope, couplings: readonly Coupling[]): Promise<void> {
	const { db, connectionKey } = scope;
	const lists: FieldList[] = [];
	const rows = distinctPairs(couplings).map((coupling) => couplingToRow(connectionKey, coupling, lists));
	await putFieldLists(scope, lists);
	for (const chunk of chunksOf(rows)) {
		const result = await db
			.insertInto('coupling')
			.values(chunk)
			.onConflict((oc) =>
				oc
					.columns(['connection_key', 'mapping', 'bc_id'])
					.doUpdateSet((eb) => ({
						bc_number: eb.ref('excluded.bc_number'),
						bc_name: eb.ref('excluded.bc_name'),
						crm_name: eb.ref('excluded.crm_name'),
						search: eb.ref('excluded.search'),
						bc_version: eb.ref('excluded.bc_version'),
						crm_version: eb.ref('excluded.crm_version'),
						bc_stamp: eb.ref('excluded.bc_stamp'),
						crm_stamp: eb.ref('excluded.crm_stamp'),
						crm_created_at: eb.ref('excluded.crm_created_at'),
						baseline: eb.ref('excluded.baseline'),
						initial: eb.ref('excluded.initial'),
						coupled_at: eb.ref('excluded.coupled_at'),
						last_synced_at: eb.ref('excluded.last_synced_at'),
						sent: eb.ref('excluded.sent'),
						field_set: eb.ref('excluded.field_set'),
						created_on: eb.ref('excluded.created_on'),
						to_crm_ms: eb.ref('excluded.to_crm_ms'),
						from_crm_ms: eb.ref('excluded.from_crm_ms'),
					}))
					.whereRef('coupling.crm_id', '=', 'excluded.crm_id'),
			)
			.executeTakeFirst();
		if (Number(result.numInsertedOrUpdatedRows ?? 0) !== chunk.length) throw new CouplingTaken();
	}
}

/** A pair that is not coupled (any more, or with each other) is left alone. */
export async function removeCouplings({ db, connectionKey }: Scope, pairs: readonly Pair[]): Promise<void> {
	for (const [mapping, group] of groupBy(pairs, (pair) => pair.mapping)) {
		for (const chunk of chunksOf(group)) {
			const exact = chunk.map((pair) => `${pair.bcId} ${pair.crmId}`);
			await db
				.deleteFrom('coupling')
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where(
					'bc_id',
					'in',
					chunk.map((pair) => pair.bcId),
				)
				.where(sql<string>`bc_id || ' ' || crm_id`, 'in', exact)
				.execute();
		}
	}
}

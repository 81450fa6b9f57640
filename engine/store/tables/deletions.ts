import { sql } from 'kysely';
import { chunksOf, groupBy } from '../../model/chunks';
import { rowLimit } from '../paging';
import type { Scope } from '../scope';
import type { Side } from '../../model/side';
import type { CoupledPair } from '../../model/coupling';
import type { DeletedPartner } from '../../model/deletion';

/** Ids of coupled records in order of the BC id; nothing else of the couplings is read, so that a million of them stay small. */
export async function couplingPairs(
	{ db, connectionKey }: Scope,
	mapping: string,
	afterBcId: string,
	limit: number,
): Promise<CoupledPair[]> {
	const rows = await db
		.selectFrom('coupling')
		.select(['bc_id', 'crm_id'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('bc_id', '>', afterBcId)
		.orderBy('bc_id')
		.limit(rowLimit(limit))
		.execute();
	return rows.map((row) => ({ bcId: row.bc_id, crmId: row.crm_id }));
}

export async function readMissingPartners(
	{ db, connectionKey }: Scope,
	mapping: string,
	side: Side,
	options: { afterBcId?: string; limit: number },
): Promise<DeletedPartner[]> {
	const rows = await db
		.selectFrom('missing_partner')
		.select(['bc_id', 'crm_id'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('side', '=', side)
		.where('bc_id', '>', options.afterBcId ?? '')
		.orderBy('bc_id')
		.limit(rowLimit(options.limit))
		.execute();
	return rows.map((row) => ({ mapping, side, bcId: row.bc_id, crmId: row.crm_id }));
}

/** Found again is no error: a search that was interrupted starts its last part over. */
export async function putMissingPartners({ db, connectionKey }: Scope, missing: readonly DeletedPartner[]): Promise<void> {
	for (const chunk of chunksOf(missing)) {
		await db
			.insertInto('missing_partner')
			.values(
				chunk.map(({ mapping, side, bcId, crmId }) => ({
					connection_key: connectionKey,
					mapping,
					side,
					bc_id: bcId,
					crm_id: crmId,
				})),
			)
			.onConflict((oc) => oc.doNothing())
			.execute();
	}
}

/** Without a side: whatever was found about the pair. A pair that is not on the list is left alone. */
export async function removeMissingPartners(
	{ db, connectionKey }: Scope,
	pairs: ReadonlyArray<CoupledPair & { mapping: string; side?: Side }>,
): Promise<void> {
	for (const group of groupBy(pairs, (pair) => `${pair.mapping}\n${pair.side ?? ''}`).values()) {
		for (const chunk of chunksOf(group)) {
			const { mapping, side } = chunk[0]!;
			await db
				.deleteFrom('missing_partner')
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.$if(side !== undefined, (qb) => qb.where('side', '=', side as string))
				.where(
					'bc_id',
					'in',
					chunk.map((pair) => pair.bcId),
				)
				.where(
					sql<string>`bc_id || ' ' || crm_id`,
					'in',
					chunk.map((pair) => `${pair.bcId} ${pair.crmId}`),
				)
				.execute();
		}
	}
}

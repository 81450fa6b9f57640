import type { Selectable } from 'kysely';
import { chunksOf, groupBy, lastByKey } from '../../model/chunks';
import type { DerivedRow, DerivedRowKey, DerivedRowSide } from '../../model/derivedRow';
import type { Page } from '../../ports/storeQueries';
import { decodeNext, encodeNext, rowLimit } from '../paging';
import type { DerivedRowTable } from '../schema';
import type { Scope } from '../scope';

type Row = Selectable<DerivedRowTable>;

const COLUMNS = { source: 'source_id', target: 'target_id', owner: 'owner_id' } as const;

export async function derivedRowsOf(scope: Scope, mapping: string, side: DerivedRowSide, ids: readonly string[]): Promise<DerivedRow[]> {
	const found: DerivedRow[] = [];
	for (const chunk of chunksOf([...new Set(ids)])) {
		const rows = await scope.db
			.selectFrom('derived_row')
			.selectAll()
			.where('connection_key', '=', scope.connectionKey)
			.where('mapping', '=', mapping)
			.where(COLUMNS[side], 'in', chunk)
			.orderBy('source_id')
			.execute();
		for (const row of rows) found.push(fromRow(row));
	}
	return found;
}

export async function listDerivedRows(
	scope: Scope,
	{ mapping, limit, next }: { mapping: string; limit: number; next?: string },
): Promise<Page<DerivedRow>> {
	const after = decodeNext<[string]>(next, ['string']);
	let select = scope.db
		.selectFrom('derived_row')
		.selectAll()
		.where('connection_key', '=', scope.connectionKey)
		.where('mapping', '=', mapping);
	if (after) select = select.where('source_id', '>', after[0]);
	const most = rowLimit(limit);
	const rows = await select
		.orderBy('source_id')
		.limit(most + 1)
		.execute();
	const page = rows.slice(0, most);
	const last = page.at(-1);
	return { rows: page.map(fromRow), ...(rows.length > most && last ? { next: encodeNext([last.source_id]) } : {}) };
}

const fromRow = ({ mapping, source_id, target_id, owner_id, content, at }: Row): DerivedRow => ({
	mapping,
	sourceId: source_id,
	targetId: target_id,
	ownerId: owner_id,
	content,
	at,
});

export async function putDerivedRows({ db, connectionKey }: Scope, rows: readonly DerivedRow[]): Promise<void> {
	for (const chunk of chunksOf(lastByKey(rows, ({ mapping, sourceId }) => `${mapping}\n${sourceId}`))) {
		await db
			.insertInto('derived_row')
			.values(
				chunk.map(({ mapping, sourceId, targetId, ownerId, content, at }) => ({
					connection_key: connectionKey,
					mapping,
					source_id: sourceId,
					target_id: targetId,
					owner_id: ownerId,
					content,
					at,
				})),
			)
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'source_id']).doUpdateSet((eb) => ({
					target_id: eb.ref('excluded.target_id'),
					owner_id: eb.ref('excluded.owner_id'),
					content: eb.ref('excluded.content'),
					at: eb.ref('excluded.at'),
				})),
			)
			.execute();
	}
}

export async function removeDerivedRows({ db, connectionKey }: Scope, keys: readonly DerivedRowKey[]): Promise<void> {
	for (const [mapping, group] of groupBy(keys, (key) => key.mapping)) {
		for (const chunk of chunksOf(group.map(({ sourceId }) => sourceId)))
			await db
				.deleteFrom('derived_row')
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where('source_id', 'in', chunk)
				.execute();
	}
}

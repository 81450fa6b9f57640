import { type Selectable, sql, type SqlBool } from 'kysely';
import { groupBy } from '../../model/chunks';
import { decodeNext, readPage } from '../paging';
import type { CouplingTable } from '../schema';
import type { Scope } from '../scope';
import { stampKey } from '../stamps';
import { couplingsFromRows } from './fieldLists';
import { failuresOf } from './failures';
import type { PassDirection } from '../../model/direction';
import type { Coupling } from '../../model/coupling';
import type { Failure } from '../../model/failure';
import type { CouplingQuery, Page } from '../../ports/storeQueries';

type CouplingKey = [mapping: string, bcId: string];

/**
 * In order of mapping and BC id. `failed` and `skipped` start from the failures, which are few, and not from the couplings, which may
 * be a million; a search for text looks through the couplings slice by slice.
 */
export async function findCouplings(scope: Scope, query: CouplingQuery): Promise<Page<Coupling & { failure: Failure | null }>> {
	const after = decodeNext<CouplingKey>(query.next, ['string', 'string']);
	const scans = query.state === 'coupled' || (query.state === undefined && Boolean(query.text));
	const page = await readPage<CouplingKey, Selectable<CouplingTable>>(
		{
			sliceEnd: async (from) => {
				const row = await inOrder(scope, query, from, undefined)
					.select(['mapping', 'bc_id'])
					.offset(scope.scanSlice - 1)
					.limit(1)
					.executeTakeFirst();
				return row && [row.mapping, row.bc_id];
			},
			read: (from, upTo, limit) => matching(scope, query, from, upTo).selectAll('coupling').limit(limit).execute(),
			keyOf: (row) => [row.mapping, row.bc_id],
		},
		{ after, limit: query.limit, sliced: scans && Number.isFinite(scope.scanSlice) },
	);
	return { ...page, rows: await withFailures(scope, await couplingsFromRows(scope, page.rows)) };
}

function inOrder({ db, connectionKey }: Scope, query: CouplingQuery, after: CouplingKey | undefined, upTo: CouplingKey | undefined) {
	let couplings = db
		.selectFrom('coupling')
		.where('coupling.connection_key', '=', connectionKey)
		.orderBy('coupling.mapping')
		.orderBy('coupling.bc_id');
	if (query.mapping !== undefined) couplings = couplings.where('coupling.mapping', '=', query.mapping);
	if (query.mapping !== undefined) {
		// Within one mapping the id alone says where a page begins; SQLite would not use the index for the pair.
		if (after !== undefined) couplings = couplings.where('coupling.bc_id', '>', after[1]);
		if (upTo !== undefined) couplings = couplings.where('coupling.bc_id', '<=', upTo[1]);
		return couplings;
	}
	if (after !== undefined) couplings = couplings.where(sql<boolean>`(coupling.mapping, coupling.bc_id) > (${after[0]}, ${after[1]})`);
	if (upTo !== undefined) couplings = couplings.where(sql<boolean>`(coupling.mapping, coupling.bc_id) <= (${upTo[0]}, ${upTo[1]})`);
	return couplings;
}

function matching(scope: Scope, query: CouplingQuery, after: CouplingKey | undefined, upTo: CouplingKey | undefined) {
	let couplings = inOrder(scope, query, after, upTo);
	if (query.text) {
		const pattern = `%${query.text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
		couplings = couplings.where(sql<SqlBool>`coupling.search like ${pattern} escape '\\'`);
	}
	switch (query.state) {
		case undefined:
			return couplings;
		case 'pending':
			return couplings.where('coupling.baseline', 'is', null);
		case 'coupled':
			return couplings
				.where('coupling.baseline', 'is not', null)
				.where(sql<SqlBool>`not exists ${failureOf(scope, 'toCrm')}`)
				.where(sql<SqlBool>`not exists ${failureOf(scope, 'fromCrm')}`);
		case 'failed':
		case 'skipped': {
			const skipped = query.state === 'skipped' ? 1 : 0;
			const marked = markedToCrm(scope, query, skipped).union(markedFromCrm(scope, query, skipped));
			return couplings.where(sql<SqlBool>`(coupling.mapping, coupling.bc_id) in ${marked}`);
		}
	}
}

/** Keys of couplings whose BC record could not be delivered to CRM. */
const markedToCrm = ({ db, connectionKey }: Scope, query: CouplingQuery, skipped: number) =>
	db
		.selectFrom('failure')
		.select(['failure.mapping', 'failure.source_id as bc_id'])
		.where('failure.connection_key', '=', connectionKey)
		.where('failure.skipped', '=', skipped)
		.where('failure.direction', '=', 'toCrm')
		.$if(query.mapping !== undefined, (qb) => qb.where('failure.mapping', '=', query.mapping as string));

/** Keys of couplings whose CRM record could not be delivered to BC. */
const markedFromCrm = ({ db, connectionKey }: Scope, query: CouplingQuery, skipped: number) =>
	db
		.selectFrom('failure')
		.innerJoin('coupling as partner', (join) =>
			join
				.onRef('partner.connection_key', '=', 'failure.connection_key')
				.onRef('partner.mapping', '=', 'failure.mapping')
				.onRef('partner.crm_id', '=', 'failure.source_id'),
		)
		.select(['failure.mapping', 'partner.bc_id as bc_id'])
		.where('failure.connection_key', '=', connectionKey)
		.where('failure.skipped', '=', skipped)
		.where('failure.direction', '=', 'fromCrm')
		.$if(query.mapping !== undefined, (qb) => qb.where('failure.mapping', '=', query.mapping as string));

/** Any failure of the coupling in question, for use inside `exists`. */
const failureOf = ({ db }: Scope, direction: PassDirection) =>
	db
		.selectFrom('failure')
		.select(sql.lit(1).as('one'))
		.where('failure.connection_key', '=', sql.ref<number>('coupling.connection_key'))
		.where('failure.mapping', '=', sql.ref<string>('coupling.mapping'))
		.where('failure.direction', '=', direction)
		.where('failure.source_id', '=', sql.ref<string>(direction === 'toCrm' ? 'coupling.bc_id' : 'coupling.crm_id'));

/** Adds the newest failure of each coupling, of either direction. */
async function withFailures(scope: Scope, couplings: readonly Coupling[]): Promise<Array<Coupling & { failure: Failure | null }>> {
	const newest = new Map<Coupling, Failure>();
	for (const [mapping, group] of groupBy(couplings, (coupling) => coupling.mapping)) {
		const toCrm = await failuresOf(
			scope,
			mapping,
			'toCrm',
			group.map((coupling) => coupling.bcId),
		);
		const fromCrm = await failuresOf(
			scope,
			mapping,
			'fromCrm',
			group.map((coupling) => coupling.crmId),
		);
		for (const coupling of group) {
			const failures = [toCrm.get(coupling.bcId), fromCrm.get(coupling.crmId)].filter((failure) => failure !== undefined);
			const last = failures.sort((a, b) => (stampKey(a.failedAt) < stampKey(b.failedAt) ? 1 : -1))[0];
			if (last !== undefined) newest.set(coupling, last);
		}
	}
	return couplings.map((coupling) => ({ ...coupling, failure: newest.get(coupling) ?? null }));
}

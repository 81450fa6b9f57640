import { sql, type SqlBool } from 'kysely';
import type { Database } from './sameConnection';

/** Contradictions that are named one by one. */
const NAMED = 3;

/**
 * Where two connections that are one disagree, in words: a record that has another partner in each, settings of a mapping that differ, the same
 * creation begun in both.
 */
export async function contradictions(db: Database, pair: { stays: number; goes: number }): Promise<string[]> {
	return [...(await parted(db, pair)), ...(await settings(db, pair)), ...(await begun(db, pair))];
}

async function parted(db: Database, pair: { stays: number; goes: number }): Promise<string[]> {
	const [ofBc, ofCrm] = [await partedBy(db, pair, 'bc_id', 'crm_id'), await partedBy(db, pair, 'crm_id', 'bc_id')];
	return [
		...ofBc.map((row) => {
			const record = [row.bc_number, row.bc_name].filter(Boolean).join(' ') || row.bc_id;
			return `${row.mapping} ${record} is coupled with ${row.crm_id} in one and with ${row.other_crm} in the other`;
		}),
		...ofCrm.map((row) => `${row.mapping} ${row.crm_id} of CRM is coupled with ${row.bc_id} in one and with ${row.other_bc} in the other`),
	];
}

/** Couplings that have the same record of one side in both, and another one of the other side. */
const partedBy = (db: Database, { stays, goes }: { stays: number; goes: number }, same: 'bc_id' | 'crm_id', other: 'bc_id' | 'crm_id') =>
	db
		.selectFrom('coupling as a')
		.innerJoin('coupling as b', (join) => join.onRef('b.mapping', '=', 'a.mapping').onRef(`b.${same}`, '=', `a.${same}`))
		.select(['a.mapping', 'a.bc_number', 'a.bc_name', 'a.bc_id', 'a.crm_id', 'b.bc_id as other_bc', 'b.crm_id as other_crm'])
		.where('a.connection_key', '=', stays)
		.where('b.connection_key', '=', goes)
		.whereRef(`a.${other}`, '!=', `b.${other}`)
		.orderBy('a.mapping')
		.orderBy('a.bc_id')
		.limit(NAMED)
		.execute();

async function settings(db: Database, { stays, goes }: { stays: number; goes: number }): Promise<string[]> {
	const rows = await db
		.selectFrom('mapping_setting as a')
		.innerJoin('mapping_setting as b', 'b.mapping', 'a.mapping')
		.select('a.mapping')
		.where('a.connection_key', '=', stays)
		.where('b.connection_key', '=', goes)
		.whereRef('a.settings', '!=', 'b.settings')
		.orderBy('a.mapping')
		.limit(NAMED)
		.execute();
	return rows.map(({ mapping }) => (mapping.startsWith('@') ? 'the settings of the company differ' : `the settings of ${mapping} differ`));
}

async function begun(db: Database, { stays, goes }: { stays: number; goes: number }): Promise<string[]> {
	const rows = await db
		.selectFrom('intent as a')
		.innerJoin('intent as b', (join) =>
			join.onRef('b.mapping', '=', 'a.mapping').onRef('b.direction', '=', 'a.direction').onRef('b.source_id', '=', 'a.source_id'),
		)
		.select(['a.mapping', 'a.source_id'])
		.where('a.connection_key', '=', stays)
		.where('b.connection_key', '=', goes)
		.where(sql<SqlBool>`(a.target_id is null or b.target_id is null or a.target_id <> b.target_id)`)
		.orderBy('a.mapping')
		.limit(NAMED)
		.execute();
	return rows.map(({ mapping, source_id }) => `both have begun to create a partner for ${source_id} of ${mapping}`);
}

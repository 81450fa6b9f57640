import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { setImmediate as afterOthers } from 'node:timers/promises';
import { groupBy } from '../../model/chunks';
import type { DialectName } from '../backend';
import { packBaseline, unpackBaseline, type FieldList } from '../tables/packedBaseline';

/** Couplings at a time: others have their turn in between, and a statement takes that many values. */
const SLICE = 500;

interface Row {
	connection_key: number | string;
	mapping: string;
	bc_id: string;
	baseline: string;
}

/** The names of the fields, most of what a coupling took, stand once for all couples that have the same (see `PackedBaseline`). */
export const packedBaselines = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('field_list')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('id', text, (col) => col.notNull())
				.addColumn('fields', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('field_list_pk', ['connection_key', 'id'])
				.execute();
			await packAll(db as Kysely<Tables>);
		},
	};
};

/** The shape at this point, as far as it is needed here. */
interface Tables {
	coupling: { connection_key: number; mapping: string; bc_id: string; baseline: string | null };
	field_list: { connection_key: number; id: string; fields: string };
}

async function packAll(db: Kysely<Tables>): Promise<void> {
	const written = new Set<string>();
	let after: Row | undefined;
	do {
		const rows = await nextRows(db, after);
		if (rows.length > 0) await packRows(db, rows, written);
		after = rows.length < SLICE ? undefined : rows.at(-1);
		await afterOthers();
	} while (after);
}

const nextRows = async (db: Kysely<Tables>, after: Row | undefined): Promise<Row[]> =>
	(await db
		.selectFrom('coupling')
		.select(['connection_key', 'mapping', 'bc_id', 'baseline'])
		.where('baseline', 'is not', null)
		.$if(after !== undefined, (qb) =>
			qb.where(sql<boolean>`(connection_key, mapping, bc_id) > (${after!.connection_key}, ${after!.mapping}, ${after!.bc_id})`),
		)
		.orderBy('connection_key')
		.orderBy('mapping')
		.orderBy('bc_id')
		.limit(SLICE)
		.execute()) as Row[];

/** @param written lists that are in the table already, by connection and id */
async function packRows(db: Kysely<Tables>, rows: readonly Row[], written: Set<string>): Promise<void> {
	const packed = rows.map((row) => ({ ...row, ...packBaseline(unpackBaseline(row.baseline, new Map())) }));
	const fresh = new Map<string, { connection_key: number; list: FieldList }>();
	for (const { connection_key: key, list } of packed) {
		if (list && !written.has(`${key} ${list.id}`)) fresh.set(`${key} ${list.id}`, { connection_key: Number(key), list });
	}
	if (fresh.size > 0) {
		await db
			.insertInto('field_list')
			.values(
				[...fresh.values()].map(({ connection_key, list: { id, fields } }) => ({ connection_key, id, fields: JSON.stringify(fields) })),
			)
			.execute();
		for (const key of fresh.keys()) written.add(key);
	}
	for (const [key, group] of groupBy(packed, (row) => String(row.connection_key))) {
		const values = sql.join(group.map((row) => sql`(${row.mapping}, ${row.bc_id}, ${row.text})`));
		// Both databases name the columns of such a list column1, column2 …
		const list = sql<{ column1: string; column2: string; column3: string }>`(values ${values})`.as('packed');
		await db
			.updateTable('coupling')
			.from(list)
			.set((eb) => ({ baseline: eb.ref('packed.column3') }))
			.where('connection_key', '=', Number(key))
			.whereRef('coupling.mapping', '=', 'packed.column1')
			.whereRef('coupling.bc_id', '=', 'packed.column2')
			.execute();
	}
}

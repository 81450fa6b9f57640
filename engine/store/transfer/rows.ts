import { type Kysely, sql, type SqlBool, type Transaction } from 'kysely';
import type { DialectName } from '../backend';
import { chunksOf } from '../../model/chunks';
import type { StoreTables } from '../schema';
import type { Position, StateRow, StateTable } from '../../ports/stateTransfer';

/** Which connection's rows are meant, in an open database or transaction. */
export interface RowScope {
	readonly db: Kysely<StoreTables> | Transaction<StoreTables>;
	readonly dialect: DialectName;
	readonly connectionKey: number;
}

/** Rows after a position, in the order of their key. The table's name is one of several: its type stands for all of them. */
function inOrder({ db, connectionKey }: RowScope, { name, key }: StateTable, after: Position) {
	const names = sql.join(key.map((each) => sql.ref(each)));
	const rows = db
		.selectFrom(name as 'coupling')
		.where('connection_key', '=', connectionKey)
		.$if(after !== null, (qb) => qb.where(sql<SqlBool>`(${names}) > (${sql.join(after!)})`));
	return key.reduce((query, each) => query.orderBy(sql.ref(each)), rows);
}

const keyOf = (table: StateTable, row: StateRow): Position => table.key.map((name) => row[name]!);

/** The next rows in the order of their key, and the position after the last one; null when there are no more. */
export async function readRows(
	scope: RowScope,
	table: StateTable,
	after: Position,
	limit: number,
): Promise<{ rows: StateRow[]; next: Position }> {
	const columns = [...new Set([...table.key, ...table.columns])];
	const rows = (await inOrder(scope, table, after)
		.select(columns as never)
		.limit(limit)
		.execute()) as StateRow[];
	return {
		rows: rows.map((row) => Object.fromEntries(table.columns.map((name) => [name, row[name] ?? null]))),
		next: rows.length < limit ? null : keyOf(table, rows.at(-1)!),
	};
}

/** Rows per statement: SQLite takes 32,766 parameters, and a statement must not hold up the event loop. */
const ROWS = 100;

/** @throws whatever the database has against a row */
export async function insertRows({ db, connectionKey }: RowScope, table: StateTable, rows: readonly StateRow[]): Promise<void> {
	for (const chunk of chunksOf(rows, ROWS)) {
		const values = chunk.map((row) => ({
			connection_key: connectionKey,
			...Object.fromEntries(table.columns.map((name) => [name, row[name] ?? null])),
		}));
		await db
			.insertInto(table.name)
			.values(values as never)
			.execute();
	}
}

/** In slices, so that counting a million rows does not hold up the event loop. */
export async function countRows(scope: RowScope, table: StateTable): Promise<number> {
	const slice = 20_000;
	let total = 0;
	let after: Position = null;
	for (;;) {
		const end: StateRow | undefined = (await inOrder(scope, table, after)
			.select(table.key as never)
			.offset(slice - 1)
			.limit(1)
			.executeTakeFirst()) as StateRow | undefined;
		if (end === undefined) {
			const rest = inOrder(scope, table, after).select(table.key as never);
			const { count } = await scope.db
				.selectFrom(rest.as('rest'))
				.select((eb) => eb.fn.countAll<number | string>().as('count'))
				.executeTakeFirstOrThrow();
			return total + Number(count);
		}
		total += slice;
		after = keyOf(table, end);
	}
}

/** A batch at a time, so that nobody waits for a million deletions. */
export async function deleteRows({ db, dialect, connectionKey }: RowScope, { name }: StateTable): Promise<void> {
	const row = sql<string>`${sql.raw(dialect === 'sqlite' ? 'rowid' : 'ctid')}`;
	for (;;) {
		const some = db
			.selectFrom(name as 'coupling')
			.select(row.as('place'))
			.where('connection_key', '=', connectionKey)
			.limit(200);
		const { numDeletedRows } = await db
			.deleteFrom(name as 'coupling')
			.where(row, 'in', some)
			.executeTakeFirst();
		if (Number(numDeletedRows) === 0) return;
	}
}

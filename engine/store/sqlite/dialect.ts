import {
	CompiledQuery,
	SqliteAdapter,
	SqliteIntrospector,
	SqliteQueryCompiler,
	type DatabaseConnection,
	type Dialect,
	type DialectAdapter,
	type Driver,
} from 'kysely';
import type { DatabaseSync } from 'node:sqlite';
import { COMMIT, NodeSqliteConnection } from './connection';
import type { FileWatch } from './fileWatch';
import { LINEAGE_QUERY, lineageOf } from './lineage';
import type { Row } from './reader';

/**
 * Kysely on `node:sqlite`. There is one connection; Kysely lets one user at a time have it, for the length of a whole transaction,
 * so transactions of two sessions in one process never mix.
 */
export class NodeSqliteDialect implements Dialect {
	constructor(
		private readonly database: DatabaseSync,
		private readonly watch?: FileWatch,
	) {}

	createDriver = (): Driver => new NodeSqliteDriver(this.database, this.watch);
	createQueryCompiler = (): SqliteQueryCompiler => new SqliteQueryCompiler();
	createAdapter = (): DialectAdapter => new NodeSqliteAdapter();
	createIntrospector = (db: ConstructorParameters<typeof SqliteIntrospector>[0]): SqliteIntrospector => new SqliteIntrospector(db);
}

class NodeSqliteAdapter extends SqliteAdapter {
	/** SQLite does roll back changes of the schema; migrations in a transaction are what keeps two starting processes apart. */
	override get supportsTransactionalDdl(): boolean {
		return true;
	}
}

class NodeSqliteDriver implements Driver {
	private readonly connection: NodeSqliteConnection;

	constructor(
		private readonly database: DatabaseSync,
		private readonly watch?: FileWatch,
	) {
		this.connection = new NodeSqliteConnection(database, watch);
	}

	async init(): Promise<void> {}

	async acquireConnection(): Promise<DatabaseConnection> {
		return this.connection;
	}

	/** `immediate` takes the write lock first: a transaction that reads and then writes could otherwise fail in the middle. */
	async beginTransaction(connection: DatabaseConnection): Promise<void> {
		await connection.executeQuery(CompiledQuery.raw('begin immediate'));
	}

	/** Counts the transaction in the head of the file, see lineage.ts. */
	async commitTransaction(connection: DatabaseConnection): Promise<void> {
		const { rows } = await connection.executeQuery<Row>(CompiledQuery.raw(LINEAGE_QUERY));
		const { generation, settled } = lineageOf(rows[0]);
		this.watch?.found(generation);
		await connection.executeQuery(CompiledQuery.raw(`pragma user_version = ${generation + 1}`));
		const nowSettled = this.watch?.settled ?? 0;
		if (nowSettled > settled) await connection.executeQuery(CompiledQuery.raw(`pragma application_id = ${nowSettled}`));
		await connection.executeQuery(CompiledQuery.raw(COMMIT));
		this.watch?.committed(generation + 1);
		this.connection.noteSettled();
	}

	async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
		// Errors like a full disk end the transaction by themselves.
		if (this.database.isTransaction) await connection.executeQuery(CompiledQuery.raw('rollback'));
	}

	async releaseConnection(): Promise<void> {}

	async destroy(): Promise<void> {
		if (this.database.isOpen) this.database.close();
	}
}

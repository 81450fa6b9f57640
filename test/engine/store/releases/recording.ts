import { Kysely, PostgresDialect, sql, type Dialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { DialectName } from '../../../../engine/store/backend';
import { migrations } from '../../../../engine/store/migrations';
import type { PostgresSettings } from '../../../../engine/store/postgres/postgresSettings';
import { NodeSqliteDialect } from '../../../../engine/store/sqlite/dialect';
import { rows, type Row } from './rows';

/** Stands in recordings where PostgreSQL's schema is named. */
const SCHEMA = 'the_schema';

/** The shapes of the store that were ever released, oldest first. */
export const levels = Object.keys(migrations('sqlite')).sort();

export const recordingFile = (level: string, dialect: DialectName): string => join(__dirname, `${level}.${dialect}.sql`);

/** The recorded statements for a schema; null when the level was not recorded yet. */
export function recordedStatements(level: string, dialect: DialectName, schema = SCHEMA): string[] | null {
	const file = recordingFile(level, dialect);
	if (!existsSync(file)) return null;
	const text = readFileSync(file, 'utf8').replaceAll(`"${SCHEMA}"`, `"${schema}"`);
	return text
		.split(';\n')
		.map((statement) => statement.trim())
		.filter((statement) => statement !== '');
}

/** Statements that make the shape of a level, as the migrations of this version make it. */
export const shapeStatements = async (level: string, dialect: DialectName, postgres?: PostgresSettings): Promise<string[]> =>
	(await shapesOf(dialect, postgres)).get(level)!;

/** The same for all levels: migrated once, one level after the other, and written down on the way. */
export async function shapesOf(dialect: DialectName, postgres?: PostgresSettings): Promise<ReadonlyMap<string, string[]>> {
	const shapes = new Map<string, string[]>();
	const written: string[] = [];
	// A schema of this call: other suites may do the same at the same time.
	const schema = `${SCHEMA}_${randomBytes(6).toString('hex')}`;
	const db = new Kysely<unknown>({
		dialect: dialectOf(dialect, postgres),
		log: ({ level: kind, query }) => {
			if (kind === 'query' && /^\s*(create|alter|insert|update|drop)\b/i.test(query.sql))
				written.push(inlined(query.sql, query.parameters));
		},
	});
	try {
		const migrator = new Migrator({
			db: dialect === 'postgres' ? db.withSchema(schema) : db,
			provider: { getMigrations: async () => migrations(dialect) },
			migrationTableName: 'migration',
			migrationLockTableName: 'migration_lock',
			...(dialect === 'postgres' ? { migrationTableSchema: schema } : {}),
		});
		for (const level of levels) {
			const { error } = await migrator.migrateTo(level);
			if (error !== undefined) throw error;
			shapes.set(
				level,
				written.map((statement) => withoutTime(statement).replaceAll(schema, SCHEMA)),
			);
		}
		return shapes;
	} finally {
		if (dialect === 'postgres') await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
		await db.destroy();
	}
}

/** Statements that fill the tables made by `shape` with the columns they have. */
export function dataStatements(shape: readonly string[], dialect: DialectName): string[] {
	const columns = columnsOf(shape);
	return Object.entries(rows).flatMap(([table, given]) => given.flatMap((row) => insert(table, row, columns.get(table), dialect)));
}

function insert(table: string, row: Row, known: ReadonlySet<string> | undefined, dialect: DialectName): string[] {
	if (known === undefined) return [];
	const names = Object.keys(row).filter((name) => known.has(name));
	const into = dialect === 'postgres' ? `"${SCHEMA}"."${table}"` : `"${table}"`;
	const counted = dialect === 'postgres' && (table === 'connection' || table === 'log_entry');
	// A counter that is set by hand does not count on by itself; the next row must not get a number that is taken.
	const restart = table === 'connection' ? 'connection_key' : 'seq';
	return [
		`insert into ${into} (${names.map((name) => `"${name}"`).join(', ')})${counted ? ' overriding system value' : ''} values (${names.map((name) => literal(row[name] ?? null)).join(', ')})`,
		...(counted ? [`alter table ${into} alter column "${restart}" restart with 2`] : []),
	];
}

/** Columns by table, read off the statements that made them. */
export function columnsOf(shape: readonly string[]): Map<string, Set<string>> {
	const columns = new Map<string, Set<string>>();
	const of = (table: string): Set<string> => columns.get(table) ?? columns.set(table, new Set()).get(table)!;
	for (const statement of shape) {
		const made = /^create table (?:if not exists )?(?:"[^"]+"\.)?"(\w+)" \(([\s\S]*)\)/.exec(statement);
		if (made) for (const [, name] of made[2]!.matchAll(/(?:^|, )"(\w+)" (?!references|\))/g)) of(made[1]!).add(name!);
		const added = /^alter table (?:"[^"]+"\.)?"(\w+)" add column "(\w+)"/.exec(statement);
		if (added) of(added[1]!).add(added[2]!);
	}
	return columns;
}

function dialectOf(dialect: DialectName, postgres?: PostgresSettings): Dialect {
	if (dialect === 'sqlite') return new NodeSqliteDialect(new DatabaseSync(':memory:'));
	const { host, port, database, user, password } = postgres!;
	return new PostgresDialect({ pool: new Pool({ host, port, database, user, password, max: 1 }) });
}

/** A statement that puts a row into a table, `into` as SQL names it. */
export const insertion = (into: string, row: Row): string =>
	`insert into ${into} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(literal).join(', ')})`;

const literal = (value: unknown): string =>
	value === null || value === undefined ? 'null' : typeof value === 'number' ? String(value) : `'${String(value).replaceAll("'", "''")}'`;

function inlined(text: string, parameters: readonly unknown[]): string {
	let next = 0;
	return text.replace(/\$\d+|\?/g, () => literal(parameters[next++]));
}

/** When a migration ran differs each time; the recordings say a fixed moment. */
const withoutTime = (statement: string): string => statement.replace(/'\d{4}-\d\d-\d\dT[\d:.]+Z'/g, "'2026-03-01T12:00:00.000Z'");

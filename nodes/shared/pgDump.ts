import { SyncError } from '../../engine';
import type { PostgresFields } from './postgresOptions';

const sslModes = { disable: 'disable', require: 'require', verify: 'verify-full' } as const;

/**
 * The command that backs up the schema of the credential, for a POSIX shell. It asks for the password, which is not in it.
 * Options as in "pg_dump" of the PostgreSQL documentation.
 */
export function pgDumpCommand({ host, port, database, user, schema, ssl }: PostgresFields, file: string): string {
	const options = {
		host,
		port: String(port),
		username: user,
		// Names with an equals sign would be read as a connection string.
		dbname: /[=:/]/.test(database) ? `dbname='${database.replace(/['\\]/g, '\\$&')}'` : database,
		// A pattern, folded to lower case unless it is quoted.
		schema: /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : `"${schema}"`,
		format: 'custom',
		file,
	};
	return [`PGSSLMODE=${sslModes[ssl]}`, 'pg_dump', ...Object.entries(options).map(([name, value]) => `--${name}=${quoted(value)}`)].join(
		' ',
	);
}

const quoted = (text: string): string => (/^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The package does not copy what PostgreSQL copies better. */
export const backupByPgDump = (fields: PostgresFields, file: string): SyncError =>
	new SyncError({
		code: 'BACKUP_BY_PG_DUMP',
		errorClass: 'setup',
		system: 'store',
		message: 'The state is in PostgreSQL, which has a tool of its own for backups.',
		hint: `It may be used while n8n runs: ${pgDumpCommand(fields, file)}`,
	});

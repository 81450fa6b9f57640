import type { ICredentialTestFunctions, ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { Client } from 'pg';
import type { ZodError } from 'zod/v4';
import { postgresFields, postgresSettings, type PostgresFields } from './postgresOptions';

const LIMIT_MS = 10_000;
/** A goodbye that was not heard by then (ms) never will be. */
const LEAVE_MS = 2_000;

/** Test of the credential *Sync Store (PostgreSQL)*: signs in and checks that the role may make or use the tables of the schema. */
export async function syncStorePostgresTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const parsed = postgresFields.safeParse(credential.data ?? {});
	if (!parsed.success) return { status: 'Error', message: firstIssue(parsed.error) };
	return await testConnection(parsed.data, LIMIT_MS);
}

/** @param limitMs how long one waits for the connection, and for the answer to a statement */
export async function testConnection(fields: PostgresFields, limitMs: number): Promise<INodeCredentialTestResult> {
	const { schema: _schema, ...settings } = postgresSettings(fields);
	const client = new Client({ ...settings, connectionTimeoutMillis: limitMs, query_timeout: limitMs });
	// A connection that breaks tells the statement under way, and everybody by this event; without a listener Node would end the process, and n8n with it.
	client.on('error', () => undefined);
	try {
		await client.connect();
		return await checkPrivileges(client, fields);
	} catch (error) {
		return { status: 'Error', message: inWords(error, fields, limitMs) };
	} finally {
		// Nobody waits for the other side to hang up: a silent one never does.
		void client.end().catch(() => undefined);
		setTimeout(() => client.connection.stream.destroy(), LEAVE_MS).unref();
	}
}

async function checkPrivileges(client: Client, { schema, user }: PostgresFields): Promise<INodeCredentialTestResult> {
	const { rows } = await client.query<{ exists: boolean; usable: boolean | null; creatable: boolean }>(
		`select exists (select 1 from pg_namespace where nspname = $1) as "exists",
			(select has_schema_privilege(oid, 'create') and has_schema_privilege(oid, 'usage') from pg_namespace where nspname = $1) as usable,
			has_database_privilege(current_database(), 'create') as creatable`,
		[schema],
	);
	const [row] = rows;
	if (row?.exists && !row.usable) {
		return { status: 'Error', message: `User "${user}" lacks CREATE or USAGE on schema "${schema}". Grant both to it.` };
	}
	if (!row?.exists && !row?.creatable) {
		return {
			status: 'Error',
			message: `Schema "${schema}" does not exist, and user "${user}" may not create it. Create it and grant CREATE and USAGE to the user.`,
		};
	}
	return { status: 'OK', message: 'Connection successful!' };
}

function inWords(error: unknown, { host, port, database, user, ssl }: PostgresFields, limitMs: number): string {
	const { code, message } = error as { code?: string; message?: string };
	if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH' || code === 'EAI_AGAIN') {
		return `No PostgreSQL server answers at ${host}:${port} (${code}). Check Host and Port.`;
	}
	if (/^(timeout expired|query read timeout)$/i.test(message ?? '')) {
		return `PostgreSQL at ${host}:${port} did not answer within ${limitMs / 1000} s. Check that the server is not frozen, and that no firewall or proxy in between swallows the connection.`;
	}
	if (code === '53300') return `The server has no free connection for user "${user}". Try again later, or raise its limit of connections.`;
	if (code === '28P01' || code === '28000') return `PostgreSQL refused user "${user}". Check User and Password.`;
	if (code === '3D000') return `The server has no database "${database}". Check Database.`;
	if (/ssl|certificate/i.test(`${code ?? ''} ${message ?? ''}`)) {
		return ssl === 'disable'
			? 'The server wants encryption. Set SSL to Require or Verify.'
			: `No secure connection: ${message ?? code ?? ''}. Check SSL.`;
	}
	return `PostgreSQL cannot be used: ${message || code || 'no reason was given'}.`;
}

const firstIssue = (error: ZodError): string => {
	const [issue] = error.issues;
	return issue?.message ?? 'The credential is not complete.';
};

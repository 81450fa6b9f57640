import type { ICredentialTestFunctions, ICredentialsDecrypted, INodeCredentialTestResult } from 'n8n-workflow';
import { Client } from 'pg';
import type { ZodError } from 'zod/v4';
import { postgresFields, postgresSettings, type PostgresFields } from './postgresOptions';

/** Test of the credential *Sync Store (PostgreSQL)*: signs in and checks that the role may make or use the tables of the schema. */
export async function syncStorePostgresTest(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const parsed = postgresFields.safeParse(credential.data ?? {});
	if (!parsed.success) return { status: 'Error', message: firstIssue(parsed.error) };
	const { schema: _schema, ...settings } = postgresSettings(parsed.data);
	const client = new Client({ ...settings, connectionTimeoutMillis: 10_000, query_timeout: 10_000 });
	try {
		await client.connect();
		return await checkPrivileges(client, parsed.data);
	} catch (error) {
		return { status: 'Error', message: inWords(error, parsed.data) };
	} finally {
		await client.end().catch(() => undefined);
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

function inWords(error: unknown, { host, port, database, user, ssl }: PostgresFields): string {
	const { code, message } = error as { code?: string; message?: string };
	if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH' || code === 'EAI_AGAIN') {
		return `No PostgreSQL server answers at ${host}:${port} (${code}). Check Host and Port.`;
	}
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

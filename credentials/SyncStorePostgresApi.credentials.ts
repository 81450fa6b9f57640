import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * PostgreSQL as the place where couplings, watermarks and the log live. Needed in n8n's queue mode, where several workers share the state.
 * Tested by the nodes themselves (`testedBy`), because the test is not an HTTP request.
 */
export class SyncStorePostgresApi implements ICredentialType {
	name = 'syncStorePostgresApi';

	displayName = 'Sync Store (PostgreSQL) API';

	icon = { light: 'file:../icons/syncStore.svg', dark: 'file:../icons/syncStore.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/sync-store-postgresql.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Host',
			name: 'host',
			type: 'string',
			default: 'localhost',
			required: true,
			description: 'Name or address of the PostgreSQL server',
		},
		{ displayName: 'Port', name: 'port', type: 'number', default: 5432, description: 'Port the PostgreSQL server listens on' },
		{
			displayName: 'Database',
			name: 'database',
			type: 'string',
			default: 'n8n',
			required: true,
			description: 'Database that holds the sync state. It may be the one n8n uses itself.',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			required: true,
			description:
				'Role to sign in with. It needs CONNECT on the database and CREATE and USAGE on the schema; the first run creates the tables. It never needs to be superuser.',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Password of the role',
		},
		{
			displayName: 'Schema',
			name: 'schema',
			type: 'string',
			default: 'dynamics365_sync',
			required: true,
			description: 'Schema for the tables of the sync state. It is created when it does not exist and the role may create it.',
		},
		{
			displayName: 'SSL',
			name: 'ssl',
			type: 'options',
			options: [
				{ name: 'Disable', value: 'disable', description: 'Do not encrypt the connection' },
				{ name: 'Require', value: 'require', description: 'Encrypt, and accept any certificate' },
				{ name: 'Verify', value: 'verify', description: 'Encrypt, and check the certificate and the host name' },
			],
			default: 'verify',
			description: 'Whether the connection is encrypted and the certificate of the server checked',
		},
	];
}

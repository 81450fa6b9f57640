import type { ConnectionOptions } from 'node:tls';

/** Where the shared store is; filled from the credential *Sync Store (PostgreSQL)*. */
export interface PostgresSettings {
	host: string;
	port: number;
	database: string;
	user: string;
	password: string;
	/** False or absent: no TLS. True: TLS with a certificate that Node trusts. Options: as Node's TLS has them (own authority, no check). */
	ssl?: boolean | Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
	/** Made when it does not exist. Default `dynamics365_sync`: n8n's own tables often live in `public` of the same database. */
	schema?: string;
	/** Upper limit of connections per n8n process; default 5. */
	maxConnections?: number;
	/** A statement that takes longer (ms) is cancelled; default 30,000. */
	statementTimeoutMs?: number;
}

export const DEFAULT_SCHEMA = 'dynamics365_sync';
export const DEFAULT_MAX_CONNECTIONS = 5;
export const DEFAULT_STATEMENT_TIMEOUT_MS = 30_000;

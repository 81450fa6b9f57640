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
	/** How long (ms) one waits for a connection, or for a sign of life of a server that is suspected to be silent; default 10,000. */
	connectTimeoutMs?: number;
	/** How long (ms) beyond the statement's time limit one waits for an answer, which the server then owes; default 5,000. */
	answerMarginMs?: number;
	/** The server rolls a transaction back whose client says nothing for so long (ms); default 15,000. */
	idleInTransactionMs?: number;
}

export const DEFAULT_SCHEMA = 'dynamics365_sync';
export const DEFAULT_MAX_CONNECTIONS = 5;
export const DEFAULT_STATEMENT_TIMEOUT_MS = 30_000;
export const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;
export const DEFAULT_ANSWER_MARGIN_MS = 5_000;
/** A process that vanished, or that the network cut off, must not hold locks for long: the next run waits for the row of the lease. */
export const DEFAULT_IDLE_IN_TRANSACTION_MS = 15_000;

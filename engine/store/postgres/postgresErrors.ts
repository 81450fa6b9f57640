import { SyncError, type ErrorClass } from '../../model/errors';
import type { PostgresSettings } from './postgresSettings';

/** SQLSTATE, "PostgreSQL Error Codes" of the PostgreSQL documentation. */
const UNIQUE_VIOLATION = '23505';
/** Serialization failure, deadlock, lock not available: the transaction was rolled back as a whole. */
const ROLLED_BACK = ['40001', '40P01', '55P03'];
/** The server, the role or the database has as many connections as it takes. */
const TOO_MANY = '53300';
/** The connection was not made. Some of these also end a connection that stood. */
const NOT_CONNECTED = [
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'EHOSTDOWN',
	'ENETUNREACH',
	'ENETDOWN',
	'08001',
	'57P03',
	TOO_MANY,
];
/**
 * An established connection broke: what was sent last may or may not have been done. PgBouncer says 08P01 when it lost its server, or found none in
 * time; 25P03 and 57P05 are PostgreSQL's limits for idle sessions.
 */
const BROKEN = [
	'ECONNRESET',
	'ECONNABORTED',
	'ENETRESET',
	'EPIPE',
	'ETIMEDOUT',
	'08000',
	'08003',
	'08004',
	'08006',
	'08P01',
	'57P01',
	'57P02',
	'57P05',
	'25P03',
];
/** node-postgres has no codes for these. */
const BROKEN_TEXT = /connection terminated|client has encountered a connection error|not queryable/i;
/** PostgreSQL has a code for "no space left" only; a quota or a limit of the system on files comes as an internal error (XX000). */
const NO_ROOM_TEXT = /could not (extend|write|create).*(no space left|file too large|quota exceeded)/is;
/** See silence.ts. */
const SILENT = 'NO_ANSWER_IN_TIME';
const POOL_BUSY = 'POOL_BUSY';

interface Explanation {
	code: string;
	errorClass: ErrorClass;
	message: string;
	hint: string;
}

const UNREACHABLE: Explanation = {
	code: 'STORE_UNREACHABLE',
	errorClass: 'transient',
	message: 'cannot be reached, or broke the connection',
	hint: 'The next run tries again. If it stays so, check host and port in the credential "Sync Store (PostgreSQL)", and that the server runs.',
};
const NO_CONNECTION: Explanation = {
	code: 'STORE_NO_CONNECTION',
	errorClass: 'transient',
	message: 'has no free connection',
	hint: 'The next run tries again. If it happens often, let the server take more connections (max_connections, or the connection limit of the user or database), or let fewer programs use it at the same time.',
};
const ALL_IN_USE: Explanation = {
	code: 'STORE_NO_CONNECTION',
	errorClass: 'transient',
	message: 'answers, but all connections that this n8n process opens to it stayed in use',
	hint: 'The next run tries again. If it happens often, let fewer workflows run at the same time, or look at why the server takes so long for their statements.',
};
const NO_ANSWER: Explanation = {
	code: 'STORE_UNREACHABLE',
	errorClass: 'transient',
	message: 'did not answer in time',
	hint: 'The next run tries again. If it stays so, check that the server is not frozen or overloaded, and that no firewall, proxy or pooler between it and n8n drops connections without a word.',
};
const SIGN_IN: Explanation = {
	code: 'STORE_SIGN_IN',
	errorClass: 'setup',
	message: 'refused the user or the password',
	hint: 'Correct user and password in the credential "Sync Store (PostgreSQL)"; the server may also not let this user in from here (pg_hba.conf).',
};
const NO_DATABASE: Explanation = {
	code: 'STORE_NO_DATABASE',
	errorClass: 'setup',
	message: 'has no such database',
	hint: 'Create the database, or correct its name in the credential "Sync Store (PostgreSQL)".',
};
const NO_PRIVILEGE: Explanation = {
	code: 'STORE_PRIVILEGE',
	errorClass: 'setup',
	message: 'does not let the user work in the schema',
	hint: 'Grant the user CREATE on the database, or make the schema and give the user USAGE and CREATE on it.',
};
const TLS: Explanation = {
	code: 'STORE_TLS',
	errorClass: 'setup',
	message: 'cannot be reached over TLS as the credential asks',
	hint: 'Choose the SSL setting that the server supports, and give the certificate of its authority when it is your own.',
};
const BUSY: Explanation = {
	code: 'STORE_LOCKED',
	errorClass: 'transient',
	message: 'was too busy with other transactions',
	hint: 'The next run tries again.',
};
const TIMEOUT: Explanation = {
	code: 'STORE_TIMEOUT',
	errorClass: 'transient',
	message: 'took too long to answer',
	hint: 'The next run tries again. If it happens often, look at the load of the server, and for sessions that hold locks for long (backups, administrators).',
};
const DISK_FULL: Explanation = {
	code: 'STORE_DISK_FULL',
	errorClass: 'setup',
	message: 'cannot grow: the disk of the server is full',
	hint: 'Free some space on the server; old job log entries can be deleted with Read Sync Log.',
};
const READ_ONLY: Explanation = {
	code: 'STORE_READ_ONLY',
	errorClass: 'setup',
	message: 'is read-only',
	hint: 'Connect to the primary server, not to a replica, and let the user of the credential write (default_transaction_read_only is off).',
};
const DAMAGED: Explanation = {
	code: 'STORE_CORRUPT',
	errorClass: 'setup',
	message: 'lacks a table or a column of the state store',
	hint: 'Restore the schema from a backup, or name an empty schema in the credential.',
};

const byCode: Readonly<Record<string, Explanation>> = {
	...Object.fromEntries([...NOT_CONNECTED, ...BROKEN].map((code) => [code, UNREACHABLE])),
	...Object.fromEntries(ROLLED_BACK.map((code) => [code, BUSY])),
	[TOO_MANY]: NO_CONNECTION,
	[POOL_BUSY]: ALL_IN_USE,
	[SILENT]: NO_ANSWER,
	'28000': SIGN_IN,
	'28P01': SIGN_IN,
	'3D000': NO_DATABASE,
	'42501': NO_PRIVILEGE,
	'3F000': NO_PRIVILEGE,
	'57014': TIMEOUT,
	'53100': DISK_FULL,
	'25006': READ_ONLY,
	'42P01': DAMAGED,
	'42703': DAMAGED,
	DEPTH_ZERO_SELF_SIGNED_CERT: TLS,
	SELF_SIGNED_CERT_IN_CHAIN: TLS,
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: TLS,
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: TLS,
	CERT_HAS_EXPIRED: TLS,
	ERR_TLS_CERT_ALTNAME_INVALID: TLS,
};

/** Not by `instanceof`: Node's own errors are of another realm where code runs in a vm context, as under jest. */
const property = (error: unknown, name: string): unknown =>
	typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

/** A host name with several addresses fails with an error for each of them. */
function codeOf(error: unknown): string {
	const code = property(error, 'code');
	if (typeof code === 'string') return code;
	const errors = property(error, 'errors');
	return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
}

const textOf = (error: unknown): string => String(property(error, 'message') ?? error);

export const isUniqueViolation = (error: unknown): boolean => codeOf(error) === UNIQUE_VIOLATION;

export const isSilence = (error: unknown): boolean => codeOf(error) === SILENT;

export const isRepeatable = (error: unknown): boolean => [...ROLLED_BACK, POOL_BUSY].includes(codeOf(error));

export const isConnectionLoss = (error: unknown): boolean =>
	isSilence(error) || [...NOT_CONNECTED, ...BROKEN].includes(codeOf(error)) || BROKEN_TEXT.test(textOf(error));

function byText(error: unknown, text: string): Explanation | undefined {
	if (NO_ROOM_TEXT.test(text)) return DISK_FULL;
	if (isConnectionLoss(error)) return UNREACHABLE;
	return /SSL|TLS/.test(text) ? TLS : undefined;
}

/**
 * What the user sees. The driver's error object is not passed on: it carries statements and values. Its text is, without the password
 * should it ever contain it.
 */
export function explainPostgres(settings: PostgresSettings, error: unknown): SyncError {
	if (error instanceof SyncError) return error;
	const code = codeOf(error);
	const text = settings.password.length > 3 ? textOf(error).replaceAll(settings.password, '***') : textOf(error);
	const known = byCode[code] ?? byText(error, text);
	const where = `The state store in PostgreSQL (${settings.host}:${settings.port}, database "${settings.database}", user "${settings.user}")`;
	const cause = new Error(code ? `${code}: ${text}` : text);
	if (known) return new SyncError({ ...known, system: 'store', message: `${where} ${known.message}.`, cause });
	return new SyncError({
		code: 'STORE_FAILED',
		errorClass: 'setup',
		system: 'store',
		message: `${where} failed: ${text}`,
		hint: 'This should not happen; please report it with the message above.',
		cause,
	});
}

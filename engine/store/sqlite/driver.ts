import { SyncError } from '../../model/errors';

/** Node's own SQLite. It is loaded when a file is opened, so that PostgreSQL also works on a Node.js without it. */
export async function loadDriver(): Promise<typeof import('node:sqlite')> {
	try {
		return await import('node:sqlite');
	} catch (error) {
		throw new SyncError({
			code: 'STORE_NEEDS_NODE_24',
			errorClass: 'setup',
			system: 'store',
			message: `The embedded state store needs Node.js 24 or later; this is ${process.version}.`,
			hint: 'Update n8n (2.36 and later run on Node.js 24), or attach the credential "Sync Store (PostgreSQL)".',
			cause: error,
		});
	}
}

import { existsSync } from 'node:fs';
import { openSqliteBackend } from '../sqlite/sqliteBackend';
import { countAllCouplings } from '../tables/couplings';
import type { EarlierStore } from '../../model/storeIdentity';

/**
 * What the embedded file knows of a connection; null where there is no file, it cannot be opened, or it knows nothing. Goes through the handle that
 * all sessions of this process share, because closing a descriptor of one's own would take away the locks of a session that is at work in the file.
 */
export async function peekEmbedded(file: string, knownAs: readonly string[]): Promise<EarlierStore | null> {
	if (!existsSync(file)) return null;
	try {
		const backend = await openSqliteBackend(file);
		try {
			const store = await backend.db.selectFrom('store_identity').select('id').executeTakeFirst();
			const connection = await backend.db
				.selectFrom('connection')
				.select(['connection_key', 'opened_ms'])
				.where('id', 'in', knownAs)
				.executeTakeFirst();
			if (!connection) return null;
			const { db, dialect, scanSlice } = backend;
			const couplings = await countAllCouplings({ db, dialect, scanSlice, connectionKey: Number(connection.connection_key) });
			if (couplings === 0) return null;
			const lastUsed = new Date(Number(connection.opened_ms)).toISOString();
			// A file that no version with store ids has opened for work has none yet.
			return { id: store?.id ?? file, kind: 'embedded', place: file, couplings, lastUsed };
		} finally {
			await backend.release();
		}
	} catch {
		return null;
	}
}

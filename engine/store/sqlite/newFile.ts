import { Draft } from './draft';
import { loadDriver } from './driver';
import { rememberWhole } from './remembered';

/**
 * Makes a new database file, for its owner only. It gets its name when it is one: nobody ever finds a file without content at that
 * place, which would look the same as a database that was lost. Leaves a file alone that another process was quicker to make.
 */
export async function createDatabaseFile(path: string): Promise<void> {
	const { DatabaseSync } = await loadDriver();
	const draft = new Draft(path);
	draft.make();
	try {
		const database = new DatabaseSync(draft.path);
		try {
			database.exec('pragma journal_mode = wal');
		} finally {
			database.close();
		}
		draft.putInPlace(false);
		rememberWhole(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		draft.remove();
	}
}

import type { Backend } from '../backend';
import { SharedHandles } from '../sharedHandles';
import { createDatabaseFile } from './newFile';
import { closeDatabase, openDatabase, openInMemory, type OpenDatabase } from './openDatabase';
import { IN_MEMORY } from './openFile';
import { makeOwnerOnly } from './place';
import { explainSqlite, isUniqueViolation } from './sqliteErrors';

/** A file can be replaced once more while it is opened again; for ever it cannot. */
const OPENINGS = 3;

const handles = new SharedHandles<OpenDatabase>(closeDatabase);
let memoryStores = 0;

type Acquired = Awaited<ReturnType<typeof handles.acquire>>;

/** One handle per file and process, whatever path leads to the file; each `:memory:` is a store of its own. */
export async function openSqliteBackend(file: string): Promise<Backend> {
	const explain = (error: unknown) => explainSqlite(file, error);
	try {
		const { handle, release } =
			file === IN_MEMORY ? await handles.acquire(`${IN_MEMORY}${++memoryStores}`, openInMemory) : await acquireFile(file);
		return {
			dialect: 'sqlite',
			db: handle.db,
			scanSlice: 2_000,
			explain: (error) => handle.watch?.lost ?? explain(error),
			isUniqueViolation,
			isRepeatable: () => false,
			isConnectionLoss: () => false,
			isSilence: () => false,
			release,
		};
	} catch (error) {
		throw explain(error);
	}
}

/** A session begins with the file that is there now, also where others of this process still have one that was replaced. */
async function acquireFile(file: string): Promise<Acquired> {
	for (let opening = 1; ; opening++) {
		const path = await makeOwnerOnly(file, createDatabaseFile);
		const acquired = await handles.acquire(path, (retire) => openDatabase(path, retire));
		const { watch } = acquired.handle;
		try {
			watch?.alsoAt(file);
			await watch?.check(true);
			return acquired;
		} catch (error) {
			await acquired.release();
			if (opening === OPENINGS || !watch?.lost) throw error;
		}
	}
}

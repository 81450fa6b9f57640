import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../engine/ports/clock';
import { openPostgresStore, openSqliteStore, type ConnectionIdentity } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { startPostgres } from '../../kit/postgres';
import { CONNECTION } from './samples';

export interface Opening {
	connection?: ConnectionIdentity;
	clock: Clock;
}

/** A database to test with. */
export interface Place {
	/** A session in this process. */
	open(options: Opening): Promise<SyncStore>;
	/** A session whose handle is its own, as if another process had opened it. */
	openElsewhere(options: Opening): Promise<SyncStore>;
	/** What a script needs to open the same place. */
	describe(): object;
	remove(): Promise<void>;
}

interface Openers {
	openSqliteStore: typeof openSqliteStore;
	openPostgresStore: typeof openPostgresStore;
}

/** The module once more, with a registry of open handles of its own. */
async function anotherProcess(): Promise<Openers> {
	let openers: Openers | undefined;
	await jest.isolateModulesAsync(async () => {
		openers = jest.requireActual<Openers>('../../../engine/store/openStore');
	});
	return openers as Openers;
}

export async function sqliteFile(): Promise<Place & { file: string }> {
	const folder = mkdtempSync(join(tmpdir(), 'sync-store-'));
	const file = join(folder, 'state', 'state.sqlite');
	return {
		file,
		open: ({ connection = CONNECTION, clock }) => openSqliteStore({ file, connection, clock }),
		openElsewhere: async ({ connection = CONNECTION, clock }) => (await anotherProcess()).openSqliteStore({ file, connection, clock }),
		describe: () => ({ file }),
		remove: async () => rmSync(folder, { recursive: true, force: true }),
	};
}

export async function postgres(): Promise<Place> {
	const server = await startPostgres();
	return {
		open: ({ connection = CONNECTION, clock }) => openPostgresStore({ ...server.settings, connection, clock }),
		openElsewhere: async ({ connection = CONNECTION, clock }) =>
			(await anotherProcess()).openPostgresStore({ ...server.settings, connection, clock }),
		describe: () => server.settings,
		remove: () => server.stop(),
	};
}

/** One database that lives as long as its first session: every `open` is a session of its own database. */
export async function sqliteMemory(): Promise<Pick<Place, 'open' | 'remove'>> {
	return {
		open: ({ connection = CONNECTION, clock }) => openSqliteStore({ file: ':memory:', connection, clock }),
		remove: async () => undefined,
	};
}

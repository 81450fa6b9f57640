import { existsSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Client } from 'pg';
import {
	exportState,
	importState,
	openPostgresStore,
	openSqliteStore,
	type PostgresSettings,
	type SyncSession,
	type SyncStore,
} from '../../../../engine';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { ConnectionIdentity } from '../../../../engine/store/openStore';
import { backUpStateFile } from '../../../../engine/store/sqlite/backup';
import { refuseInQueueMode, stateFile } from '../../../../engine/store/storeLocation';
import { startPostgres, type RunningPostgres } from '../../../kit/postgres';
import { createWorld, type World } from '../../../kit/world';
import { refusedWith, says, type Walks } from './kit';

/** The state store: its file or its server is not as it should be, the person mends it as the remedy says, and the next run succeeds. */
let world: World;
let folder: string;
let postgres: RunningPostgres;
/** Where the next session finds its store. */
let place: (identity: ConnectionIdentity) => Promise<SyncStore>;
let files = 0;

export const open = async (): Promise<void> => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'sync-codes-')));
	place = atFile(newFile());
	world = await createWorld({ store: (identity) => place(identity) });
	postgres = await startPostgres();
};
export const close = async (): Promise<void> => {
	await world.close();
	await postgres.stop();
	rmSync(folder, { recursive: true, force: true });
};

const newFile = (): string => join(folder, `${++files}.sqlite`);
const atFile =
	(file: string): typeof place =>
	(connection) =>
		openSqliteStore({ file, connection, clock: world?.clock ?? { now: () => Date.now(), sleep: () => Promise.resolve() } });
const inPostgres =
	(change: Partial<PostgresSettings> = {}): typeof place =>
	(connection) =>
		openPostgresStore({ ...postgres.settings, ...change, connection, clock: world.clock });

/** A session opens its store, and a run with it comes to its end. */
async function runs(): Promise<void> {
	const results = await world.run({ mapping: 'CURRENCY', createUncoupled: true, nothingCoupled: 'isNew', traces: 'takeOver' });
	expect(results.map(({ job }) => [job.status, job.message])).toEqual(results.map(({ job }) => ['finished', job.message]));
}
const use = async <T>(work: (session: SyncSession) => Promise<T>): Promise<T> => {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
/** Some store there is: what earlier runs left. */
async function used(file = newFile()): Promise<string> {
	place = atFile(file);
	await runs();
	return file;
}

/** Opening a session is refused; afterwards the person has done what is said. */
async function walkOpening(code: string, steps: readonly string[], cure: () => Promise<void> | void): Promise<void> {
	says(await refusedWith(code, world.open()), ...steps);
	await cure();
	await runs();
}

/** The handle that the driver gave to a store, to make it fail as SQLite does. */
async function withHandle(work: (handle: DatabaseSync, session: SyncSession) => Promise<void>): Promise<void> {
	const seen = jest.spyOn(DatabaseSync.prototype, 'exec');
	const file = newFile();
	place = atFile(file);
	const session = await world.open();
	const handle = seen.mock.contexts.findLast(
		(each) => (each as DatabaseSync).isOpen && (each as DatabaseSync).location() === file,
	) as DatabaseSync;
	seen.mockRestore();
	try {
		await work(handle, session);
	} finally {
		await session.store.close();
	}
	await runs();
}
const note = (session: SyncSession) => session.store.saveSettings('CUSTOMER', { onlyCoupled: true });

export const storeWalks: Walks = {
	STORE_NEEDS_POSTGRES: async () => {
		says(
			await refusedWith('STORE_NEEDS_POSTGRES', async () => refuseInQueueMode({ EXECUTIONS_MODE: 'queue' }, [])),
			'Attach the credential "Sync Store (PostgreSQL)"',
		);
		place = inPostgres();
		await runs();
	},
	STORE_NEEDS_NODE_24: async () => {
		let opener = openSqliteStore;
		await jest.isolateModulesAsync(async () => {
			jest.doMock('node:sqlite', () => {
				throw new Error('No such built-in module: node:sqlite');
			});
			opener = jest.requireActual<{ openSqliteStore: typeof openSqliteStore }>('../../../../engine/store/openStore').openSqliteStore;
			place = (connection) => opener({ file: newFile(), connection, clock: world.clock });
			await expect(world.open()).rejects.toMatchObject({
				code: 'STORE_NEEDS_NODE_24',
				hint: expect.stringContaining('attach the credential "Sync Store (PostgreSQL)"') as string,
			});
		});
		jest.dontMock('node:sqlite');
		place = inPostgres();
		await runs();
	},
	STORE_BAD_LOCATION: async () => {
		const at = (path: string) => stateFile(undefined, { HOME: folder, DYNAMICS365_SYNC_STATE_FILE: path });
		says(await refusedWith('STORE_BAD_LOCATION', async () => at('sync.sqlite')), 'DYNAMICS365_SYNC_STATE_FILE');
		place = atFile(at(newFile()));
		await runs();
	},
	STORE_BAD_CONNECTION: async () => {
		const file = newFile();
		place = (connection) => atFile(file)({ ...connection, crmAddress: 'contoso' });
		await walkOpening('STORE_BAD_CONNECTION', ['credential'], () => void (place = atFile(file)));
	},
	STORE_NOT_WRITABLE: async () => {
		const taken = join(folder, 'taken');
		writeFileSync(taken, 'a file where a folder should be');
		place = atFile(join(taken, 'state.sqlite'));
		await walkOpening('STORE_NOT_WRITABLE', ['Check that the folder exists or can be created'], () => rmSync(taken));
	},
	STORE_READ_ONLY: () =>
		withHandle(async (handle, session) => {
			handle.exec('pragma query_only = on');
			says(await refusedWith('STORE_READ_ONLY', note(session)), 'right to write the file and its folder');
			handle.exec('pragma query_only = off');
			await note(session);
		}),
	STORE_DISK_FULL: () =>
		withHandle(async (handle, session) => {
			const { page_count: pages } = handle.prepare('pragma page_count').get() as { page_count: number };
			handle.exec(`pragma max_page_count = ${pages}`);
			const settings = Array.from({ length: 200 }, (_, index) => ({ address: 'x'.repeat(500), index }));
			const large = () => session.store.saveSettings('LARGE', { definition: settings } as never);
			says(await refusedWith('STORE_DISK_FULL', large()), 'Free some space on the disk', 'Read Sync Log');
			handle.exec('pragma max_page_count = 1000000');
			await large();
			await session.store.saveSettings('LARGE', null);
		}),
	STORE_IO: () =>
		withHandle(async (handle, session) => {
			// As SQLite says it when the disk does not give or take what it should.
			const failing = jest.spyOn(handle, 'prepare').mockImplementation(() => {
				throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 });
			});
			says(await refusedWith('STORE_IO', note(session)), 'Check the disk', 'PostgreSQL store');
			failing.mockRestore();
			await note(session);
		}),
	STORE_LOCKED: async () => {
		const file = await used();
		const other = new DatabaseSync(file);
		const session = await world.open();
		other.exec('begin immediate');
		// Nobody waits 15 seconds for this.
		let ahead = 0;
		const real = performance.now.bind(performance);
		const clock = jest.spyOn(performance, 'now').mockImplementation(() => real() + (ahead += 4_000));
		says(await refusedWith('STORE_LOCKED', note(session)), 'next run tries again', 'second n8n');
		clock.mockRestore();
		other.exec('rollback');
		other.close();
		await note(session);
		await session.store.close();
		await runs();
	},
	STORE_CORRUPT: async () => {
		const file = await used();
		await backUpStateFile(file, `${file}.backup`, { overwrite: false, now: 0 });
		const broken = newFile();
		writeFileSync(broken, 'This is a letter, and by no means a database.'.repeat(100));
		place = atFile(broken);
		await walkOpening('STORE_CORRUPT', ['Stop n8n, move the file away', 'put a backup in its place'], () => {
			rmSync(broken);
			renameSync(`${file}.backup`, broken);
		});
	},
	STORE_REPLACED: async () => {
		const file = await used();
		const session = await world.open();
		await backUpStateFile(file, `${file}.backup`, { overwrite: false, now: 0 });
		renameSync(`${file}.backup`, file);
		says(await refusedWith('STORE_REPLACED', note(session)), 'next run works with');
		await session.store.close();
		await runs();
	},
	STORE_MISSING: async () => {
		const file = await used();
		const away = join(folder, 'away.sqlite');
		renameSync(file, away);
		await walkOpening('STORE_MISSING', ['back'], () => renameSync(away, file));
		expect(existsSync(file)).toBe(true);
	},
	STORE_FOREIGN: async () => {
		const foreign = newFile();
		const database = new DatabaseSync(foreign);
		database.exec('create table invoices (id integer primary key)');
		database.close();
		place = atFile(foreign);
		await walkOpening(
			'STORE_FOREIGN',
			['Name a file that does not exist yet', 'nothing was changed'],
			() => void (place = atFile(newFile())),
		);
	},
	STORE_NEWER: async () => {
		const file = await used();
		const change = (sql: string): void => {
			const database = new DatabaseSync(file);
			database.exec(sql);
			database.close();
		};
		change(`insert into migration (name, timestamp) values ('9999_future', '2999-01-01T00:00:00.000Z')`);
		// A package that knows that step is one to which it is nothing new.
		await walkOpening('STORE_NEWER', ['pdate'], () => change(`delete from migration where name = '9999_future'`));
	},
	BACKUP_NOTHING: async () => {
		const file = newFile();
		const backUp = () => backUpStateFile(file, `${file}.backup`, { overwrite: false, now: 0 });
		says(await refusedWith('BACKUP_NOTHING', backUp()), 'The first run makes it');
		await used(file);
		expect(await backUp()).toMatchObject({ file: `${file}.backup` });
	},
	BACKUP_TARGET: async () => {
		const file = await used();
		says(await refusedWith('BACKUP_TARGET', backUpStateFile(file, file, { overwrite: true, now: 0 })), 'another');
		expect(await backUpStateFile(file, `${file}.backup`, { overwrite: true, now: 0 })).toMatchObject({ file: `${file}.backup` });
	},
	BACKUP_FAILED: async () => {
		const file = await used();
		const target = join(folder, 'backups', 'state.sqlite');
		const backUp = () => backUpStateFile(file, target, { overwrite: false, now: 0 });
		says(await refusedWith('BACKUP_FAILED', backUp()), 'folder');
		mkdirSync(join(folder, 'backups'));
		expect(await backUp()).toMatchObject({ file: target });
	},
	STATE_DAMAGED: () => walkImport('STATE_DAMAGED', (file) => file.subarray(0, file.length - 20), ['Export State']),
	STATE_NEWER: () => walkImport('STATE_NEWER', (file) => withHead(file, (head) => void (head['shape'] = '9999_future')), ['pdate']),
	STATE_OTHER_CONNECTION: () =>
		walkImport(
			'STATE_OTHER_CONNECTION',
			(file) => withHead(file, (head) => void ((head['connection'] as Record<string, unknown>)['id'] = 'other')),
			['Accept Another Connection'],
			{ anyConnection: true },
		),
	STATE_NOT_EMPTY: async () => {
		await used();
		const file = await exported();
		await refused(file, 'STATE_NOT_EMPTY', ['Replace What Is There']);
		await use((session) => importState(session, Readable.from([file]), { replace: true }));
		await runs();
	},
	STORE_BAD_PAGE: async () => {
		await used();
		await use(async ({ store }) => {
			says(await refusedWith('STORE_BAD_PAGE', store.findCouplings({ mapping: 'CUSTOMER', limit: 10, next: 'nowhere' })), 'tart');
			expect((await store.findCouplings({ mapping: 'CUSTOMER', limit: 10 })).rows).toEqual([]);
		});
	},
	STORE_UNREACHABLE: () => walkServer('STORE_UNREACHABLE', { port: 1 }, ['check host and port', 'the server runs']),
	STORE_NO_DATABASE: () => walkServer('STORE_NO_DATABASE', { database: 'no such database' }, ['correct its name']),
	STORE_SIGN_IN: () => walkServer('STORE_SIGN_IN', { user: 'nobody of that name' }, ['Correct user and password']),
	STORE_TLS: () => walkServer('STORE_TLS', { ssl: true }, ['Choose the SSL setting that the server supports']),
	STORE_PRIVILEGE: () =>
		withRole(async (user, schema) => {
			place = inPostgres({ user, schema });
			await walkOpening(
				'STORE_PRIVILEGE',
				['Grant the user CREATE on the database'],
				async () => void (await postgres.query(`grant create on database "${postgres.settings.database}" to "${user}"`)),
			);
		}),
	STORE_NO_CONNECTION: () =>
		withRole(async (user, schema) => {
			await postgres.query(`grant create on database "${postgres.settings.database}" to "${user}"`);
			await postgres.query(`alter role "${user}" connection limit 0`);
			place = inPostgres({ user, schema });
			await walkOpening(
				'STORE_NO_CONNECTION',
				['let the server take more connections'],
				async () => void (await postgres.query(`alter role "${user}" connection limit -1`)),
			);
		}),
	STORE_TIMEOUT: async () => {
		place = inPostgres({ statementTimeoutMs: 200 });
		await runs();
		const { host, port, database, schema, user, password } = postgres.settings;
		const client = new Client({ host, port, database, user, password });
		await client.connect();
		await client.query(`begin; lock table "${schema}".coupling in access exclusive mode`);
		await use(async ({ store }) => {
			says(await refusedWith('STORE_TIMEOUT', store.countCouplings('CUSTOMER')), 'ext run');
			await client.query('rollback');
			expect(await store.countCouplings('CUSTOMER')).toBe(0);
		});
		await client.end();
		await runs();
	},
};

async function walkServer(code: string, change: Partial<PostgresSettings>, steps: readonly string[]): Promise<void> {
	place = inPostgres(change);
	await walkOpening(code, steps, () => void (place = inPostgres()));
}

/** A user of PostgreSQL with nothing but a sign-in, and a schema that is its own. */
async function withRole(work: (user: string, schema: string) => Promise<void>): Promise<void> {
	const user = `${postgres.settings.schema}_role${++files}`;
	await postgres.query(`create role "${user}" login password '${postgres.settings.password}'`);
	try {
		await work(user, user);
	} finally {
		await postgres.query(`drop owned by "${user}" cascade`);
		await postgres.query(`drop role "${user}"`);
	}
}

async function exported(): Promise<Buffer> {
	let file: Buffer | undefined;
	await use((session) => exportState(session, { log: false }, async (stream) => void (file = await buffer(stream))));
	return file!;
}

async function refused(file: Buffer, code: string, steps: readonly string[]): Promise<void> {
	says(
		await refusedWith(
			code,
			use((session) => importState(session, Readable.from([file]), {})),
		),
		...steps,
	);
}

/** The first line of an export says where it comes from. */
function withHead(file: Buffer, change: (head: Record<string, unknown>) => void): Buffer {
	const [first = '', ...rest] = gunzipSync(file).toString('utf8').split('\n');
	const head = JSON.parse(first) as Record<string, unknown>;
	change(head);
	return gzipSync([JSON.stringify(head), ...rest].join('\n'));
}

/** An export is refused, and taken when it is given as it was made, or by the option that is named. */
async function walkImport(
	code: string,
	spoil: (file: Buffer) => Buffer,
	steps: readonly string[],
	options: { anyConnection?: boolean } = {},
): Promise<void> {
	await used();
	const file = await exported();
	place = atFile(newFile());
	await refused(spoil(file), code, steps);
	const again = options.anyConnection ? spoil(file) : file;
	await use((session) => importState(session, Readable.from([again]), options));
	await runs();
}

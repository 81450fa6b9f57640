import crypto from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openPostgresStore, openSqliteStore } from '../../engine/store/openStore';
import type { SyncStore } from '../../engine/ports/syncStore';
import { Random as Numbers } from '../../sandbox/core/random';
import { startPostgres, type RunningPostgres } from '../kit/postgres';
import { placeEmptyStore, storeFolder } from '../kit/storeFolder';
import { createWorld, type World, type WorldOptions } from '../kit/world';
import type { Rules } from './families';
import { Stores } from './stores';

/** Stories that share a database, each with a connection of its own in it: some strangers beside one's own, but not so many that reading past them takes long. */
const STORIES_PER_FILE = 10;

interface Database {
	open: NonNullable<WorldOptions['store']>;
	/** Copies what is kept under one address of Business Central to another one. */
	copy(from: string, to: string): void;
	close(): Promise<void>;
	stories: number;
}

const databases = new Map<Rules['store'], Promise<Database>>();
let stories = 0;

/** A world for one story. Ids are drawn from its seed, and timers of processes that died with the story are stopped at its end. */
export async function openStage(seed: number, kind: Rules['store']): Promise<{ world: World; stores: Stores; close(): Promise<void> }> {
	const restore = takeOver(seed);
	const database = await databaseOf(kind);
	const story = ++stories;
	database.stories++;
	const opened: SyncStore[] = [];
	let root = '';
	let openNamed: (name: string) => Promise<SyncStore>;
	const addressOf = (name: string): string => `${root}/story/${story}/${name}`;
	const stores = new Stores(async (from, to) => {
		await openNamed(to);
		database.copy(addressOf(from), addressOf(to));
	});
	const world = await createWorld({
		store: (identity, clock) => {
			root = identity.bcAddress;
			openNamed = async (name) => {
				const store = await database.open({ ...identity, bcAddress: addressOf(name) }, clock);
				opened.push(store);
				return store;
			};
			return openNamed(stores.current);
		},
	});
	world.sandbox.log.keepBodies = false;
	return {
		world,
		stores,
		close: async () => {
			restore();
			await world.close();
			await Promise.all(opened.map((store) => store.close()));
		},
	};
}

/** Ends what the stories shared; to be called when no more are told. */
export async function strikeStages(): Promise<void> {
	for (const database of databases.values()) await (await database).close();
	databases.clear();
}

async function databaseOf(kind: Rules['store']): Promise<Database> {
	const known = await databases.get(kind);
	if (known && known.stories < STORIES_PER_FILE) return known;
	await known?.close();
	const fresh = kind === 'postgres' ? postgres() : sqlite();
	databases.set(kind, fresh);
	return await fresh;
}

async function sqlite(): Promise<Database> {
	const folder = storeFolder();
	const file = join(folder, 'state.sqlite');
	await placeEmptyStore(file);
	const identity = { bcAddress: 'http://keeper', companyId: 'keeper', companyName: 'keeper', crmAddress: 'http://keeper' };
	const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
	const keeper = await openSqliteStore({ file, clock, connection: identity });
	return {
		stories: 0,
		open: (connection, of) => openSqliteStore({ file, clock: of, connection }),
		copy: (from, to) => copyConnection(file, from, to),
		close: async () => {
			await keeper.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** What a backup holds of a connection. Jobs, log and leases are left: nothing of what is told depends on them. */
function copyConnection(file: string, from: string, to: string): void {
	const database = new DatabaseSync(file, { timeout: 15_000 });
	try {
		const keyOf = (address: string) =>
			database.prepare('select connection_key from connection where bc_address = ?').get(address)?.['connection_key'];
		const [source, target] = [keyOf(from), keyOf(to)];
		if (source === undefined || target === undefined) throw new Error(`There is no store ${from} or ${to}.`);
		for (const table of COPIED) {
			const columns = database
				.prepare(`select name from pragma_table_info('${table}')`)
				.all()
				.map(({ name }) => String(name));
			const others = columns.filter((column) => column !== 'connection_key').join(', ');
			database
				.prepare(`insert into ${table} (connection_key, ${others}) select ?, ${others} from ${table} where connection_key = ?`)
				.run(target, source);
		}
	} finally {
		database.close();
	}
}

const COPIED = [
	'mapping_setting',
	'coupling',
	'intent',
	'failure',
	'watermark',
	'change_token',
	'deletion_search',
	'compared_record',
	'missing_partner',
	'former_partner',
	'full_sync',
];

let server: Promise<RunningPostgres> | null = null;

async function postgres(): Promise<Database> {
	const running = await (server ??= startPostgres());
	return {
		stories: Number.NEGATIVE_INFINITY,
		open: (connection, clock) => openPostgresStore({ ...running.settings, connection, clock }),
		copy: () => {
			throw new Error('Stories with backups are told on SQLite.');
		},
		close: async () => {
			server = null;
			await running.stop();
		},
	};
}

/** Ids come from the seed, so that a story is the same each time it is told; what a dead process left ticking is stopped. */
export function takeOver(seed: number): () => void {
	const numbers = new Numbers(seed);
	const { randomUUID } = crypto;
	const { setInterval: original } = globalThis;
	const ticking: NodeJS.Timeout[] = [];
	crypto.randomUUID = () => numbers.guid() as ReturnType<typeof randomUUID>;
	globalThis.setInterval = ((...parameters: Parameters<typeof original>) => {
		const timer = original(...parameters);
		ticking.push(timer);
		return timer;
	}) as typeof original;
	return () => {
		crypto.randomUUID = randomUUID;
		globalThis.setInterval = original;
		for (const timer of ticking) clearInterval(timer);
	};
}

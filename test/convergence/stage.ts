import crypto from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore, openSqliteStore } from '../../engine/store/openStore';
import type { SyncStore } from '../../engine/store/store';
import { Random as Numbers } from '../../sandbox/core/random';
import { startPostgres, type RunningPostgres } from '../kit/postgres';
import { createWorld, type World, type WorldOptions } from '../kit/world';
import type { Rules } from './families';

/** Stories that share a database: a new file costs more than the story. Each has a connection of its own in it. */
const STORIES_PER_FILE = 100;

interface Database {
	open: NonNullable<WorldOptions['store']>;
	close(): Promise<void>;
	stories: number;
}

const databases = new Map<Rules['store'], Promise<Database>>();
let stories = 0;

/** A world for one story. Ids are drawn from its seed, and timers of processes that died with the story are stopped at its end. */
export async function openStage(seed: number, kind: Rules['store']): Promise<{ world: World; close(): Promise<void> }> {
	const restore = takeOver(seed);
	const database = await databaseOf(kind);
	const story = ++stories;
	database.stories++;
	const opened: SyncStore[] = [];
	const world = await createWorld({
		store: async (identity, clock) => {
			const store = await database.open({ ...identity, bcAddress: `${identity.bcAddress}/story/${story}` }, clock);
			opened.push(store);
			return store;
		},
	});
	world.sandbox.log.keepBodies = false;
	return {
		world,
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

/** In memory where the system has a folder for that: what is tested is not the disk. */
async function sqlite(): Promise<Database> {
	const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'd365-stories-'));
	const file = join(folder, 'state.sqlite');
	const identity = { bcAddress: 'http://keeper', companyId: 'keeper', companyName: 'keeper', crmAddress: 'http://keeper' };
	const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
	const keeper = await openSqliteStore({ file, clock, connection: identity });
	return {
		stories: 0,
		open: (connection, of) => openSqliteStore({ file, clock: of, connection }),
		close: async () => {
			await keeper.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

let server: Promise<RunningPostgres> | null = null;

async function postgres(): Promise<Database> {
	const running = await (server ??= startPostgres());
	return {
		stories: Number.NEGATIVE_INFINITY,
		open: (connection, clock) => openPostgresStore({ ...running.settings, connection, clock }),
		close: async () => {
			server = null;
			await running.stop();
		},
	};
}

/** Ids come from the seed, so that a story is the same each time it is told; what a dead process left ticking is stopped. */
function takeOver(seed: number): () => void {
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

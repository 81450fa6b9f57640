import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { SyncError } from '../model/errors';

/** Set by an administrator to keep the embedded store somewhere else, for instance on a volume. An absolute path of a file. */
export const STATE_FILE_VARIABLE = 'DYNAMICS365_SYNC_STATE_FILE';

/**
 * Where the embedded store lives: `override`, else what `DYNAMICS365_SYNC_STATE_FILE` says, else a folder of its own in n8n's user folder.
 * n8n takes `N8N_USER_FOLDER` for the parent of its `.n8n` folder, and the home directory without it.
 *
 * @throws SyncError `STORE_BAD_LOCATION` (setup) when the path is not absolute (it would depend on where n8n was started), or that of n8n's own
 * database.
 */
export function stateFile(override?: string, env: NodeJS.ProcessEnv = process.env): string {
	const home = process.platform === 'win32' ? env.USERPROFILE : env.HOME;
	const n8nFolder = join(env.N8N_USER_FOLDER ?? home ?? homedir(), '.n8n');
	const chosen = override || env[STATE_FILE_VARIABLE];
	if (!chosen) return join(n8nFolder, 'n8n-nodes-dynamics365-sync', 'state.sqlite');
	if (!isAbsolute(chosen)) {
		throw badLocation(`"${chosen}" is not an absolute path.`, 'Give the whole path of the state file, beginning at the root');
	}
	// n8n works on it with a SQLite of its own, and two of them in one process take each other's locks away.
	if (isSameFile(chosen, resolve(n8nFolder, env.DB_SQLITE_DATABASE || 'database.sqlite'))) {
		throw badLocation(`"${chosen}" is n8n's own database.`, 'Name a file of its own for the state of the synchronization');
	}
	return chosen;
}

const badLocation = (message: string, hint: string): SyncError =>
	new SyncError({ code: 'STORE_BAD_LOCATION', errorClass: 'setup', system: 'store', message, hint: `${hint}, in ${STATE_FILE_VARIABLE}.` });

function isSameFile(one: string, other: string): boolean {
	if (resolve(one) === other) return true;
	try {
		const [first, second] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
		return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
	} catch {
		// What cannot even be looked at cannot be opened, and says so then.
		return false;
	}
}

/** Where the embedded store lies, or would lie without `DYNAMICS365_SYNC_STATE_FILE`; the current place first. Empty when it cannot be told. */
export function stateFiles(env: NodeJS.ProcessEnv = process.env): string[] {
	const { [STATE_FILE_VARIABLE]: chosen, ...usual } = env;
	// A place that cannot be used is told when the store is opened.
	if (chosen && !isAbsolute(chosen)) return [];
	try {
		return [...new Set([stateFile(undefined, env), stateFile(undefined, usual)])];
	} catch {
		return [];
	}
}

/**
 * In queue mode several processes, mostly on several machines, run workflows; each would have an embedded store of its own, and none
 * would know what the others coupled. Call this before opening the embedded store.
 *
 * @throws SyncError `STORE_NEEDS_POSTGRES` (setup) when n8n runs in queue mode.
 */
export function refuseInQueueMode(env: NodeJS.ProcessEnv = process.env, argv: readonly string[] = process.argv): void {
	if (executionsMode(env) !== 'queue' && argv[2] !== WORKER_COMMAND) return;
	throw new SyncError({
		code: 'STORE_NEEDS_POSTGRES',
		errorClass: 'setup',
		system: 'store',
		message: 'This n8n runs in queue mode, where the embedded state store cannot be shared between the workers.',
		hint: 'Attach the credential "Sync Store (PostgreSQL)" to the node.',
	});
}

/** `n8n worker` works in queue mode whatever its environment says (n8n 2.41, commands/worker.js). */
const WORKER_COMMAND = 'worker';

/**
 * The mode as n8n itself reads it (n8n 2.41, `@n8n/config`, decorators.js): from the variable, without the quotes that an env file of Docker leaves
 * around values, else from the file that `EXECUTIONS_MODE_FILE` names.
 */
function executionsMode(env: NodeJS.ProcessEnv): string {
	const value = env.EXECUTIONS_MODE ?? (env.EXECUTIONS_MODE_FILE ? readFileSync(env.EXECUTIONS_MODE_FILE, 'utf8') : '');
	return value.trim().replace(/^(['"])(.*)\1$/, '$2');
}

/**
 * Must be imported before n8n-core: it writes into its user folder when it is loaded. Here that is a temporary folder of this process, which is also
 * where the embedded state store lives unless a test chooses another file.
 */
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const userFolder = mkdtempSync(join(tmpdir(), 'd365-sync-n8n-'));

Object.assign(process.env, {
	N8N_USER_FOLDER: userFolder,
	N8N_ENCRYPTION_KEY: 'only-for-local-runs',
	N8N_LOG_LEVEL: process.env['N8N_LOG_LEVEL'] ?? 'silent',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
});

process.once('exit', () => rmSync(userFolder, { recursive: true, force: true }));

let states = 0;

/** From now on the nodes keep their state in a new, empty file; answers its path. */
export function useNewState(): string {
	const file = join(userFolder, `state-${++states}.sqlite`);
	process.env['DYNAMICS365_SYNC_STATE_FILE'] = file;
	return file;
}

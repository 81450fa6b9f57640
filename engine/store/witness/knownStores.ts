import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod/v4';
import type { EarlierStore } from '../../model/storeIdentity';

const known = z.object({
	id: z.string().min(1),
	kind: z.enum(['embedded', 'postgres']),
	place: z.string(),
	couplings: z.number().int().nonnegative(),
	lastUsed: z.string().nullable(),
});
const note = z.object({ version: z.literal(1), connections: z.record(z.string(), known) });

/** Which store was used last for each connection, by the connection's id. */
export type KnownStores = Record<string, EarlierStore>;

/** What somebody else kept (n8n's static data, a file) as far as it can be understood; never an error. */
export function knownStoresFrom(value: unknown): KnownStores {
	const parsed = z.record(z.string(), known).safeParse(value);
	return parsed.success ? parsed.data : {};
}

/** The note beside the embedded file, also while PostgreSQL is in use: it outlives the deletion of the file itself. */
export const noteBeside = (stateFile: string): string => `${stateFile}.stores.json`;

/** Nothing where there is no note, or none that can be read. */
export async function readNote(stateFile: string): Promise<KnownStores> {
	try {
		const parsed = note.safeParse(JSON.parse(await readFile(noteBeside(stateFile), 'utf8')));
		return parsed.success ? parsed.data.connections : {};
	} catch {
		return {};
	}
}

let writes = 0;

/**
 * Notes which store a connection uses, for the owner of the file only. Written whole under another name and then moved into place, so that a crash
 * leaves the old note or the new one. Makes the folder of the state file, but none above it.
 */
export async function writeNote(stateFile: string, connectionId: string, store: EarlierStore): Promise<void> {
	const file = noteBeside(stateFile);
	const folder = dirname(file);
	if (!existsSync(folder)) await mkdir(folder, { mode: 0o700 });
	const connections = { ...(await readNote(stateFile)), [connectionId]: store };
	const draft = `${file}.${process.pid}-${++writes}`;
	try {
		await writeFile(draft, `${JSON.stringify({ version: 1, connections }, null, '\t')}\n`, { mode: 0o600, flag: 'wx' });
		await chmod(draft, 0o600);
		await rename(draft, file);
	} catch (error) {
		await rm(draft, { force: true });
		throw error;
	}
}

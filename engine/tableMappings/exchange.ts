import { z } from 'zod/v4';
import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { defaultNames, findMapping, inDependencyOrder, loadMappings } from '../defaults/catalog';
import { withOverrides } from '../mapping/overrides';
import { settingsSchema } from '../mapping/schema/mapping';
import type { MappingSettings, TableMapping } from '../model/tableMapping';
import { requireValid, type MappingProblem } from '../mapping/validation';
import { consequences } from './consequences';
import { defaultOf, settingsFor } from './persist';

const FORMAT = 'n8n-nodes-dynamics365-sync/mappings';
const VERSION = 1;

/** Table mappings as JSON: own ones whole, default ones as what a user changed about them. Holds no secret and no record. */
export interface MappingExport {
	format: typeof FORMAT;
	version: number;
	exportedAt: string;
	mappings: Array<{ name: string; settings: MappingSettings }>;
}

const documentSchema = z.strictObject(
	{
		format: z.literal(FORMAT, { error: `must be "${FORMAT}".` }),
		version: z.number({ error: 'must be a number.' }).int().min(1),
		exportedAt: z.string().optional(),
		mappings: z.array(z.strictObject({ name: z.string().trim().min(1, { error: 'must be filled in.' }), settings: settingsSchema })),
	},
	{ error: 'is no export of table mappings.' },
);

/** @param names omitted = all that are the user's own, or were changed */
export async function exportMappings(session: SyncSession, names?: readonly string[]): Promise<MappingExport> {
	const mappings = await loadMappings(session);
	const chosen = names ? names.map((name) => findMapping(mappings, name)) : mappings;
	const exported: MappingExport['mappings'] = [];
	for (const mapping of chosen) {
		const settings = settingsFor(mapping, await defaultOf(session, mapping.name));
		if (settings || names) exported.push({ name: mapping.name, settings: settings ?? {} });
	}
	return { format: FORMAT, version: VERSION, exportedAt: new Date(session.clock.now()).toISOString(), mappings: exported };
}

export interface ImportedMapping {
	mapping: string;
	/** `skipped`: a mapping of the name is there, or was changed, already. */
	outcome: 'created' | 'changed' | 'overwritten' | 'skipped';
	warnings: MappingProblem[];
}

/**
 * Takes over exported mappings, all or none: each is checked against this connection's tables before any is saved.
 * @param conflicts what happens to mappings that are here already, or were changed here
 * @throws SyncError (setup) `IMPORT_UNREADABLE`, `MAPPING_INVALID`, `DEPENDENCY_CIRCLE`, or why a table cannot be read
 */
export async function importMappings(session: SyncSession, json: unknown, conflicts: 'skip' | 'overwrite'): Promise<ImportedMapping[]> {
	const { mappings: given } = read(json);
	const existing = await loadMappings(session);
	const settings = await session.store.settings();
	const plan: Array<{ wanted: TableMapping; outcome: ImportedMapping['outcome'] }> = [];
	for (const { name, settings: imported } of given) {
		const wanted = await mappingFrom(session, name, imported);
		const here = settings.has(name);
		const outcome = here ? (conflicts === 'skip' ? 'skipped' : 'overwritten') : imported.definition ? 'created' : 'changed';
		plan.push({ wanted, outcome });
	}
	const taken = plan.filter(({ outcome }) => outcome !== 'skipped').map(({ wanted }) => wanted);
	const after = [...existing.filter(({ name }) => !taken.some((each) => each.name === name)), ...taken];
	const warnings = new Map<string, MappingProblem[]>();
	for (const wanted of taken) warnings.set(wanted.name, await requireValid(session, wanted, after));
	inDependencyOrder(after);
	for (const wanted of taken) {
		await session.store.saveSettings(wanted.name, settingsFor(wanted, await defaultOf(session, wanted.name)));
		const former = existing.find(({ name }) => name === wanted.name);
		warnings.get(wanted.name)!.push(...(await consequences(session, former, wanted)));
	}
	return plan.map(({ wanted, outcome }) => ({ mapping: wanted.name, outcome, warnings: warnings.get(wanted.name) ?? [] }));
}

async function mappingFrom(session: SyncSession, name: string, imported: MappingSettings): Promise<TableMapping> {
	const base = await defaultOf(session, name);
	if (imported.definition) {
		if (base || defaultNames().includes(name))
			throw unreadable(`"${name}" is the name of a default table mapping, but the export brings one of its own.`);
		if (imported.definition.name !== name) throw unreadable(`The mapping "${name}" calls itself "${imported.definition.name}".`);
		return { ...imported.definition, own: true };
	}
	if (!base) throw unreadable(`"${name}" is no default table mapping of this set-up, and the export does not bring its definition.`);
	return withOverrides(base, imported);
}

function read(json: unknown): { mappings: Array<{ name: string; settings: MappingSettings }> } {
	let value = json;
	if (typeof json === 'string') {
		try {
			value = JSON.parse(json);
		} catch {
			throw unreadable('The text is no JSON.');
		}
	}
	const parsed = documentSchema.safeParse(value);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		const where = issue?.path.join(' → ');
		throw unreadable(`The export cannot be read: ${where ? `"${where}" ` : ''}${issue?.message ?? 'it has another shape.'}`);
	}
	if (parsed.data.version > VERSION)
		throw unreadable(`The export has version ${parsed.data.version}; this package reads version ${VERSION}.`);
	const names = parsed.data.mappings.map(({ name }) => name);
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice !== undefined) throw unreadable(`The export holds the mapping "${twice}" twice.`);
	return parsed.data as { mappings: Array<{ name: string; settings: MappingSettings }> };
}

const unreadable = (message: string): SyncError =>
	new SyncError({
		code: 'IMPORT_UNREADABLE',
		errorClass: 'setup',
		system: 'engine',
		message,
		hint: 'Use what the operation Export of the node Table Mappings gave, with a package of the same or a newer version.',
	});

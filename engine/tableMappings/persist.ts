import type { SyncSession } from '../ports/session';
import { canonicalJson } from '../model/canonicalJson';
import { defaultMappings, inDependencyOrder, loadMappings, loadSetup } from '../defaults/catalog';
import { consequences } from './consequences';
import { identifiedBy } from '../model/recordIdentity';
import type { MappingSettings, TableMapping } from '../model/tableMapping';
import { withoutWrittenFields } from '../mapping/writtenFields';
import { type MappingProblem, requireValid } from '../mapping/validation';
import type { FieldMapping } from '../model/fieldMapping';

/** Settings of a mapping that stand beside its fields. */
const SETTINGS = [
	'direction',
	'onlyCoupled',
	'bcFilter',
	'crmFilter',
	'conflict',
	'deletion',
	'enabled',
	'deletionCheckMinutes',
	'intervalMinutes',
	'inactivitySleepMinutes',
	'massChange',
	'askDuplicateRules',
	'dependsOn',
	'templates',
	'bc',
] as const satisfies ReadonlyArray<keyof MappingSettings & keyof TableMapping>;

/** The default a mapping goes back to; undefined for a mapping of the user's own. */
export const defaultOf = async (session: SyncSession, name: string): Promise<TableMapping | undefined> =>
	defaultMappings(await loadSetup(session)).find((mapping) => mapping.name === name);

/**
 * Saves a mapping as it is to be, once it was found valid. Of a default mapping only what differs from the default is kept, so that what a new
 * version brings is not lost. Answers the warnings.
 * @throws SyncError (setup) `MAPPING_INVALID`, `DEPENDENCY_CIRCLE`; nothing is saved then
 */
export async function saveMapping(session: SyncSession, wanted: TableMapping): Promise<MappingProblem[]> {
	const all = await loadMappings(session);
	const others = all.filter(({ name }) => name !== wanted.name);
	const warnings = await requireValid(session, wanted, others);
	inDependencyOrder([...others, wanted]);
	const former = all.find(({ name }) => name === wanted.name);
	await store(session, wanted);
	return [...warnings, ...(await consequences(session, former, wanted))];
}

/** Saves what was found valid before. */
export async function store(session: SyncSession, wanted: TableMapping): Promise<void> {
	await session.store.saveSettings(wanted.name, settingsFor(wanted, await defaultOf(session, wanted.name)));
}

/** Null when nothing differs from the default. */
export function settingsFor(given: TableMapping, base: TableMapping | undefined): MappingSettings | null {
	// How records are known is no setting.
	const wanted = withoutWrittenFields({ ...given, bc: identifiedBy(given.bc, 'key') });
	if (!base) return { definition: { ...wanted, own: true } };
	const changed = SETTINGS.filter((key) => wanted[key] !== undefined && !equal(wanted[key], base[key])).map((key) => [key, wanted[key]]);
	const fields = fieldChanges(wanted.fields, base.fields);
	if (changed.length === 0 && Object.keys(fields).length === 0) return null;
	return { ...(Object.fromEntries(changed) as MappingSettings), ...(Object.keys(fields).length > 0 ? { fields } : {}) };
}

function fieldChanges(wanted: readonly FieldMapping[], base: readonly FieldMapping[]): Record<string, Partial<FieldMapping>> {
	const changes: Record<string, Partial<FieldMapping>> = {};
	for (const field of wanted) {
		const known = base.find(({ key }) => key === field.key);
		if (!known) {
			changes[field.key] = field;
			continue;
		}
		const names = [...new Set([...Object.keys(field), ...Object.keys(known)])] as Array<keyof FieldMapping>;
		// What is no longer set is kept as null: JSON has no word for undefined.
		const differing = names.filter((name) => !equal(field[name], known[name])).map((name) => [name, field[name] ?? null]);
		if (differing.length > 0) changes[field.key] = Object.fromEntries(differing) as Partial<FieldMapping>;
	}
	return changes;
}

const equal = (left: unknown, right: unknown): boolean => canonicalJson(left) === canonicalJson(right);

import type { SyncSession } from '../ports/session';
import { findMapping, loadMappings } from '../defaults/catalog';
import { consequences } from './consequences';
import { alone, deleteMapping } from './remove';
import type { MappingProblem } from '../mapping/validation';

export interface ResetMapping {
	mapping: string;
	/** `default`: back to its defaults; `unchanged`: it was not changed; `kept`: the user's own; `deleted`: the user's own, as asked. */
	outcome: 'default' | 'unchanged' | 'kept' | 'deleted';
	/** What that means for couplings that are there. */
	warnings: MappingProblem[];
}

/**
 * Takes mappings back to their defaults: settings, filters, fields, templates. Couplings, failures and watermarks stay. Mappings of the user's own
 * are kept unless asked otherwise; then they are deleted, with their couplings.
 * @param names omitted = all
 * @throws SyncError `MAPPING_UNKNOWN`, `MAPPING_NEEDED` (setup), `MAPPING_BUSY` (transient)
 */
export async function resetMappings(
	session: SyncSession,
	names: readonly string[] | undefined,
	deleteOwn: boolean,
): Promise<ResetMapping[]> {
	const mappings = await loadMappings(session);
	const chosen = names ? names.map((name) => findMapping(mappings, name)) : mappings;
	const settings = await session.store.settings();
	const results = new Map<string, ResetMapping['outcome']>();
	const warnings = new Map<string, MappingProblem[]>();
	for (const mapping of chosen) {
		const { name, own } = mapping;
		if (own || !settings.has(name)) {
			results.set(name, own ? 'kept' : 'unchanged');
			continue;
		}
		await alone(session, name, () => session.store.saveSettings(name, null));
		results.set(name, 'default');
		warnings.set(name, await consequences(session, mapping, findMapping(await loadMappings(session), name)));
	}
	if (deleteOwn) {
		// Those that refer to others go first; they come last in dependency order.
		for (const { name, own } of [...chosen].reverse()) {
			if (!own) continue;
			await deleteMapping(session, name, { couplings: true });
			results.set(name, 'deleted');
		}
	}
	return chosen.map(({ name }) => ({ mapping: name, outcome: results.get(name)!, warnings: warnings.get(name) ?? [] }));
}

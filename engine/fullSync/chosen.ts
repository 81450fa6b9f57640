import { SyncError } from '../model/errors';
import { findMapping } from '../defaults/catalog';
import type { TableMapping } from '../model/tableMapping';

/** The mappings asked for, in dependency order; all enabled ones when none is named. */
export function chosenMappings<Mapping extends TableMapping>(all: readonly Mapping[], names: readonly string[] | undefined): Mapping[] {
	if (!names || names.length === 0) return all.filter((mapping) => mapping.enabled);
	const wanted = new Set(names.map((name) => findMapping(all, name).name));
	const chosen = all.filter((mapping) => wanted.has(mapping.name));
	const disabled = chosen.find((mapping) => !mapping.enabled);
	if (!disabled) return chosen;
	throw new SyncError({
		code: 'MAPPING_DISABLED',
		errorClass: 'setup',
		system: 'engine',
		message: `The table mapping ${disabled.name} is disabled.`,
		hint: 'Enable it, or leave it out of the full synchronization.',
	});
}

/** Names of enabled mappings a mapping depends on; others cannot keep it waiting. */
export const dependenciesOf = (mapping: TableMapping, all: readonly TableMapping[]): string[] =>
	mapping.dependsOn.filter((name) => all.some((each) => each.name === name && each.enabled));

/** Wave of each mapping, from 1: one more than the latest of those it depends on. `all` in dependency order. */
export function wavesOf(all: readonly TableMapping[]): Map<string, number> {
	const waves = new Map<string, number>();
	for (const mapping of all) {
		const before = dependenciesOf(mapping, all).map((name) => waves.get(name) ?? 0);
		waves.set(mapping.name, Math.max(0, ...before) + 1);
	}
	return waves;
}

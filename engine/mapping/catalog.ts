import { SyncError } from '../errors';
import type { SyncSession } from '../session';
import type { TableSource } from '../systems/system';
import { currency } from './defaults/currency';
import { customer } from './defaults/customer';
import type { DefaultMapping } from './defaults/defaultMapping';
import { salespeople } from './defaults/salespeople';
import type { MappingRules } from './rules';
import type { FieldMapping, TableMapping } from './tableMapping';

/** Default table mappings; a new one is one file and one line here. */
const DEFAULTS: readonly DefaultMapping[] = [salespeople, currency, customer];

/** What a drop-down needs to know about each mapping. */
export function mappingCatalog(): Array<{ name: string; caption: string; bc: TableSource; crm: TableSource }> {
	return DEFAULTS.map(({ mapping }) => ({ name: mapping.name, caption: mapping.caption, bc: mapping.bc, crm: mapping.crm }));
}

/** All mappings of the connection as they are now: defaults with the user's settings laid over, in dependency order. */
export async function loadMappings(session: SyncSession): Promise<TableMapping[]> {
	const settings = await session.store.settings();
	return inDependencyOrder(
		DEFAULTS.filter((entry) => !entry.onlyIn || entry.onlyIn === session.ownershipModel).map(({ mapping }) => ({
			...mapping,
			...settings.get(mapping.name),
			fields: mapping.fields.filter((field) => session.ownershipModel === 'person' || field.kind !== 'owner'),
		})),
	);
}

/** Special rules of a mapping; empty for mappings without. */
export const rulesOf = (name: string): MappingRules => DEFAULTS.find(({ mapping }) => mapping.name === name)?.rules ?? {};

export function findMapping(mappings: readonly TableMapping[], name: string): TableMapping {
	const found = mappings.find((mapping) => mapping.name === name);
	if (found) return found;
	throw new SyncError({
		code: 'MAPPING_UNKNOWN',
		errorClass: 'setup',
		system: 'engine',
		message: `There is no table mapping named "${name}".`,
		hint: `Choose one of: ${mappings.map((mapping) => mapping.name).join(', ')}.`,
	});
}

/** Fields with a counterpart on both sides: those that have a baseline. */
export const pairedFields = (mapping: TableMapping): FieldMapping[] =>
	mapping.fields.filter((field) => field.enabled && field.bcField !== null && field.crmField !== null);

/** Records others refer to come first; a circle is refused by name. */
export function inDependencyOrder(mappings: readonly TableMapping[]): TableMapping[] {
	const byName = new Map(mappings.map((mapping) => [mapping.name, mapping]));
	const ordered: TableMapping[] = [];
	const state = new Map<string, 'open' | 'done'>();
	const visit = (mapping: TableMapping, path: string[]): void => {
		if (state.get(mapping.name) === 'done') return;
		if (state.get(mapping.name) === 'open') {
			const circle = [...path.slice(path.indexOf(mapping.name)), mapping.name].join(' → ');
			throw new SyncError({
				code: 'DEPENDENCY_CIRCLE',
				errorClass: 'setup',
				system: 'engine',
				message: `The table mappings depend on each other in a circle: ${circle}.`,
				hint: 'Remove one of these dependencies.',
			});
		}
		state.set(mapping.name, 'open');
		for (const name of mapping.dependsOn) {
			const dependency = byName.get(name);
			if (dependency) visit(dependency, [...path, mapping.name]);
		}
		state.set(mapping.name, 'done');
		ordered.push(mapping);
	};
	for (const mapping of mappings) visit(mapping, []);
	return ordered;
}

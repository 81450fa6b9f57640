import type { SyncSession } from '../../ports/session';
import type { TableMapping } from '../../model/tableMapping';
import { filterProblems } from './filterProblems';
import { deletionProblems, directionProblems, mappingProblems } from './mappingProblems';
import { metadataProblems, type Shapes } from './metadataProblems';
import { refuseErrors, type MappingProblem } from './problem';
import { readingProblems, tableProblems } from './tableProblems';

export { inWords, type MappingProblem } from './problem';

/**
 * Before a run: a mapping from an import, or from an older version, must not slip through. Asks no system. Whether fields travel in the
 * direction of the run, and whether its filters can be understood, is asked apart (`NO_FIELDS`, `FILTER_…`).
 * @throws SyncError `MAPPING_INVALID` (setup)
 */
export function requireRunnable(mapping: TableMapping, mappings: readonly TableMapping[]): void {
	refuseErrors(mapping.name, mappingProblems(mapping, new Set(mappings.map(({ name }) => name))));
}

/**
 * Before a mapping is saved: its own rules, and what the metadata of both systems say. Answers the warnings.
 * @throws SyncError `MAPPING_INVALID` (setup), or what keeps a system from describing its table
 */
export async function requireValid(
	session: SyncSession,
	mapping: TableMapping,
	mappings: readonly TableMapping[],
): Promise<MappingProblem[]> {
	const known = new Set([...mappings.map(({ name }) => name), mapping.name]);
	const own = [...directionProblems(mapping), ...mappingProblems(mapping, known), ...filterProblems(mapping), ...deletionProblems(mapping)];
	const shapes = await shapesOf(session, mapping).catch((error: unknown) => {
		refuseErrors(mapping.name, own);
		throw error;
	});
	const tables = tableProblems(mapping, shapes);
	const reading = mapping.own && tables.length === 0 ? await readingProblems(session, mapping) : [];
	return refuseErrors(mapping.name, [...own, ...tables, ...reading, ...metadataProblems(mapping, shapes)]);
}

const shapesOf = async (session: SyncSession, { bc, crm }: TableMapping): Promise<Shapes> => ({
	businessCentral: await session.businessCentral.describe(bc),
	crm: await session.crm.describe(crm),
});

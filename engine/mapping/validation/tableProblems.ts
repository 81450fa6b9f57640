import { SyncError } from '../../model/errors';
import type { TableShape } from '../../model/shape';
import { type Side, SIDES, SYSTEM_NAMES } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import { type MappingProblem, problem } from './problem';

/** Columns by which runs find what changed, and know records apart. */
const NEEDED: Readonly<Record<Side, ReadonlyArray<{ column: string; why: string; remedy: string }>>> = {
	businessCentral: [
		{
			column: 'id',
			why: 'its records have no id',
			remedy:
				'Add the field SystemId as "id" to the API page, or publish a page of the table as a web service and choose that: its records are known by their key.',
		},
		{
			column: 'lastModifiedDateTime',
			why: 'nothing tells when a record was changed',
			remedy:
				'Add the field SystemModifiedAt as "lastModifiedDateTime" to the API page, or publish a page of the table as a web service and choose that: such a page is compared as a whole by every run.',
		},
	],
	crm: [
		{
			column: 'modifiedon',
			why: 'nothing tells when a row was changed',
			remedy: 'Choose a table with "Modified On": virtual tables and those between two others (many-to-many) have none.',
		},
	],
};

/** What keeps runs from reading a table at all. Pages are read as a whole and choices by their metadata: they need no stamp. */
export function tableProblems(mapping: TableMapping, shapes: Readonly<Record<Side, TableShape>>): MappingProblem[] {
	return SIDES.flatMap((side) => {
		const table = tableOn(mapping, side);
		if (table.page || table.choice) return [];
		const { columns } = shapes[side];
		const missing = NEEDED[side].filter(({ column }) => !columns.has(column));
		const found = missing.map(({ column, why, remedy }) =>
			problem(`The table ${table.name} of ${SYSTEM_NAMES[side]} has no ${column}, so ${why} and runs cannot read it.`, remedy),
		);
		for (const named of new Set([table.nameField, ...(table.numberField === null ? [] : [table.numberField])])) {
			if (columns.has(named) || NEEDED[side].some(({ column }) => column === named)) continue;
			found.push(
				problem(
					`The table ${table.name} of ${SYSTEM_NAMES[side]} has no readable column "${named}" that names its records.`,
					'Choose the number field and the name field among the columns that can be read.',
				),
			);
		}
		return found;
	});
}

/**
 * Whether the user of each credential may read the table: asked once, when the mapping is saved, by counting its rows.
 * @throws SyncError where a system cannot be asked at all
 */
export async function readingProblems(session: SyncSession, mapping: TableMapping): Promise<MappingProblem[]> {
	const found: MappingProblem[] = [];
	for (const side of SIDES) {
		const table = tableOn(mapping, side);
		try {
			await session[side].count(table, null);
		} catch (error) {
			if (!(error instanceof SyncError) || error.errorClass === 'transient') throw error;
			found.push(problem(`The table ${table.name} of ${SYSTEM_NAMES[side]} cannot be read: ${error.message}`, error.hint));
		}
	}
	return found;
}

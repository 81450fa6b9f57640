import type { FieldName, FieldValue, LookupValue, TableSource } from '../../model/record';
import type { GroupOperation } from '../../ports/write';

export interface LockedEdit {
	table: TableSource;
	id: string;
	/** The version the decision was made on. */
	version: string;
	/** State and status in which the row can be edited, and those it ends in. */
	editable: readonly [state: number, status: number];
	ends: readonly [state: number, status: number];
	values: Readonly<Record<FieldName, FieldValue | LookupValue>>;
	/** Rows below it that change with it, whatever versions they have: nobody else can write them while it is locked. */
	below?: ReadonlyArray<{ table: TableSource; id: string; values: Readonly<Record<FieldName, FieldValue>> }>;
}

/** Whatever version the row has, but it must be there ("Perform conditional operations using the Web API"). */
const ANY = '*';

/**
 * An edit of a document that cannot be edited in its state, as one change set: back to the state in which it can, the data, that of its lines, on to the
 * state wanted. All or nothing, so that nobody finds it open in between; and only if nobody has written it since it was read.
 */
export function editLocked({ table, id, version, editable, ends, values, below = [] }: LockedEdit): GroupOperation {
	const update = (condition: string, changes: LockedEdit['values']) => ({
		table,
		operation: { kind: 'update' as const, id, version: condition, number: '', values: changes },
	});
	const state = ([statecode, statuscode]: readonly [number, number]) => ({ statecode, statuscode });
	const lines = below.map((line) => ({
		table: line.table,
		operation: { kind: 'update' as const, id: line.id, version: ANY, number: '', values: line.values },
	}));
	const data = Object.keys(values).length === 0 ? [] : [update(ANY, values)];
	return { kind: 'group', operations: [update(version, state(editable)), ...data, ...lines, update(ANY, state(ends))] };
}

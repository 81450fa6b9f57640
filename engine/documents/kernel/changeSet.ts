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
}

/** Whatever version the row has, but it must be there ("Perform conditional operations using the Web API"). */
const ANY = '*';

/**
 * An edit of a document that cannot be edited in its state, as one change set of three updates: back to the state in which it can, the data, on to the
 * state wanted. All or nothing, so that nobody finds it open in between; and only if nobody has written it since it was read.
 */
export function editLocked({ table, id, version, editable, ends, values }: LockedEdit): GroupOperation {
	const update = (condition: string, changes: LockedEdit['values']) => ({
		table,
		operation: { kind: 'update' as const, id, version: condition, number: '', values: changes },
	});
	const state = ([statecode, statuscode]: readonly [number, number]) => ({ statecode, statuscode });
	return { kind: 'group', operations: [update(version, state(editable)), update(ANY, values), update(ANY, state(ends))] };
}

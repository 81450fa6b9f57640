import { spelledCode } from '../model/upperCase';
import type { FieldName, FieldValue, LookupValue, TableSource } from '../model/record';
import type { RecordSystem } from '../ports/recordSystem';
import type { WriteOperation } from '../ports/write';

/** Columns whose values Dataverse takes once only, in a table or among the rows of one parent. */
const ONCE: Readonly<Record<string, { field: FieldName; within?: FieldName }>> = {
	product: { field: 'productnumber' },
	uomschedule: { field: 'name' },
	uom: { field: 'name', within: 'uomscheduleid' },
	transactioncurrency: { field: 'isocurrencycode' },
};

type Insert = Extract<WriteOperation, { kind: 'insert' }>;

/** Positions of creations that Dataverse would refuse, because another row has a value that may exist once. One question for all of them. */
export async function takenAmong(system: RecordSystem, table: TableSource, operations: readonly WriteOperation[]): Promise<Set<number>> {
	const once = system.side === 'crm' ? ONCE[table.name] : undefined;
	const inserts = operations.flatMap((operation, index): Array<{ operation: Insert; index: number }> =>
		operation.kind === 'insert' && operation.values[once?.field ?? ''] !== undefined ? [{ operation, index }] : [],
	);
	const taken = new Set<number>();
	if (!once || inserts.length === 0) return taken;
	const parents = once.within ? [once.within] : [];
	const values = inserts.map(({ operation }) => plain(operation.values[once.field]));
	const rows = await system.readByValues(table, once.field, values, [once.field, ...parents]);
	const keyOf = (of: Readonly<Record<FieldName, FieldValue | LookupValue>>): string =>
		[once.field, ...parents].map((name) => spelledCode(plain(of[name]))).join('\n');
	const holders = new Map(rows.map((row) => [keyOf(row.values), row.id]));
	for (const { operation, index } of inserts) {
		const key = keyOf(operation.values);
		if (holders.has(key) && holders.get(key) !== operation.id) taken.add(index);
		else holders.set(key, operation.id ?? '');
	}
	return taken;
}

const plain = (value: FieldValue | LookupValue | undefined): FieldValue =>
	value !== null && typeof value === 'object' ? value.id : (value ?? null);

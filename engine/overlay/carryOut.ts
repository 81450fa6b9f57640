import { type HeldRow, type HeldRows, ownRecord, valuesOf } from './heldRows';
import { idByKey, type Placeholders } from './placeholders';
import type { SeenRow } from './seenRows';
import type { FieldName, FieldValue, LookupValue, SystemRecord, TableSource } from '../model/record';
import type { RecordOperation, WriteOutcome } from '../ports/write';

/** What carrying out operations in memory needs. */
export interface WriteScene {
	table: TableSource;
	rows: HeldRows;
	placeholders: Placeholders;
	/** The row as the service has it, for those that were read; undefined where nobody looked. */
	seen(id: string): SeenRow | undefined;
	/** A version that no row ever had. */
	nextVersion(): string;
	/** ISO, UTC. */
	now: string;
}

type Values = Record<FieldName, FieldValue>;

/** Why the operation would not be carried out; null when it would. */
export function obstacle({ rows, seen }: WriteScene, operation: RecordOperation): WriteOutcome | null {
	if (operation.kind === 'insert') return operation.id !== undefined && rows.isOwn(operation.id) ? { status: 'exists' } : null;
	const held = rows.get(operation.id);
	if (held?.deleted) return { status: 'missing' };
	const row = seen(operation.id);
	// What a row holds is told with its change, so it must have been read with more than its id.
	if (operation.kind === 'update' && !held && row && Object.keys(row.values).length === 0) return { status: 'stale' };
	const version = held?.version ?? row?.version;
	// Nobody has looked at the row: whoever wants to change it is to read it first, as after any other change by somebody else.
	return version === undefined || version !== operation.version ? { status: 'stale' } : null;
}

/** The outcome of one operation as the service would tell it, and the row as it is from now on. */
export async function carryOut(
	scene: WriteScene,
	operation: RecordOperation,
	returning: readonly FieldName[] | undefined,
): Promise<WriteOutcome> {
	const hindered = obstacle(scene, operation);
	if (hindered) return hindered;
	if (operation.kind === 'insert') return await insert(scene, operation, returning);
	const held = scene.rows.get(operation.id);
	const seen = scene.seen(operation.id);
	return operation.kind === 'delete' ? remove(scene, operation.id, held, seen) : update(scene, operation, held, seen, returning);
}

async function insert(
	{ table, rows, placeholders, now, nextVersion }: WriteScene,
	operation: Extract<RecordOperation, { kind: 'insert' }>,
	returning: readonly FieldName[] | undefined,
): Promise<WriteOutcome> {
	const values = plainValues(operation.values);
	const id = operation.id ?? idByKey(table, values) ?? (await placeholders.record(table));
	if (rows.isOwn(id)) return { status: 'exists' };
	// The number comes from a number series of the service.
	if (table.numberField !== null && operation.id === undefined) values[table.numberField] ??= id;
	const row: HeldRow = {
		...{ own: true, deleted: false, version: nextVersion(), modifiedAt: now, written: written(values) },
		...(operation.id === undefined ? {} : { createdAt: now }),
	};
	rows.put(id, row);
	return { status: 'written', record: ownRecord(table, id, row, returning ?? Object.keys(operation.values)) };
}

function update(
	{ table, rows, now, nextVersion }: WriteScene,
	operation: Extract<RecordOperation, { kind: 'update' }>,
	held: HeldRow | undefined,
	seen: SeenRow | undefined,
	returning: readonly FieldName[] | undefined,
): WriteOutcome {
	const { id } = operation;
	const values = { ...(held ? valuesOf(held) : {}), ...plainValues(operation.values) };
	const createdAt = held?.createdAt ?? seen?.createdAt;
	const row: HeldRow = {
		...{ own: held?.own ?? false, deleted: false, version: nextVersion(), modifiedAt: now, written: written(values) },
		...(createdAt === undefined ? {} : { createdAt }),
	};
	rows.put(id, row);
	const wanted = returning ?? Object.keys(operation.values);
	const before = { ...seen?.values, ...(held ? valuesOf(held) : {}) };
	const record = row.own ? ownRecord(table, id, row, wanted) : partOf(table, id, row, seen, wanted);
	return { status: 'written', record, before };
}

function remove({ table, rows }: WriteScene, id: string, held: HeldRow | undefined, seen: SeenRow | undefined): WriteOutcome {
	const row: HeldRow = held ?? { own: false, deleted: false, version: seen!.version, modifiedAt: seen!.modifiedAt, written: '{}' };
	rows.put(id, { ...row, deleted: true, written: '{}' });
	return { status: 'written', record: row.own ? ownRecord(table, id, row, []) : partOf(table, id, row, seen, []) };
}

/** Of a row that is not the overlay's own only what was written is known; what was read of it has whoever read it. */
function partOf(table: TableSource, id: string, row: HeldRow, seen: SeenRow | undefined, wanted: readonly FieldName[]): SystemRecord {
	const known = valuesOf(row);
	const values: Values = {};
	for (const field of wanted) if (known[field] !== undefined) values[field] = known[field];
	const { numberField, nameField } = table;
	return {
		...{ id, version: row.version, modifiedAt: row.modifiedAt, values },
		number: String((numberField === null ? undefined : known[numberField]) ?? seen?.number ?? ''),
		name: String(known[nameField] ?? seen?.name ?? ''),
		...(row.createdAt === undefined ? {} : { createdAt: row.createdAt }),
	};
}

const plainValues = (values: Readonly<Record<FieldName, FieldValue | LookupValue>>): Values =>
	Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, value !== null && typeof value === 'object' ? value.id.toLowerCase() : value]),
	);

const written = (values: Values): string => JSON.stringify(values);

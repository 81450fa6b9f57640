import { type Coupling, idOn } from '../../model/coupling';
import type { FieldMapping } from '../../model/fieldMapping';
import { fieldOn } from '../../model/fieldMapping';
import type { SystemRecord } from '../../model/record';
import type { Side } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { DeletedAlong } from '../../ports/recordSystem';
import type { SyncSession } from '../../ports/session';

/** A record that the service deletes by itself, because the one it belongs to is deleted. */
export interface TakenAlong {
	mapping: TableMapping;
	/** Null for a record without a partner. */
	coupling: Coupling | null;
	/** With all fields of its mapping. */
	record: SystemRecord;
	/** The record that is to be deleted, and for whose sake this one goes. */
	owner: SystemRecord;
}

/** Contacts of contacts, and the like. */
const LEVELS = 4;

/**
 * What the service deletes by itself with the records: of the tables that mappings carry, level by level. In Business Central those that are coupled,
 * in CRM all of them: what people entered there is nowhere else. Costs no request where nothing hangs on the table.
 */
export async function takenAlong(
	session: SyncSession,
	mappings: Iterable<TableMapping>,
	side: Side,
	{ table, records }: { table: TableMapping['bc']; records: readonly SystemRecord[] },
): Promise<TakenAlong[]> {
	const all = [...mappings].filter((mapping) => tableOn(mapping, side).choice === undefined);
	const doomed = new Set(records.map(({ id }) => `${table.name} ${id}`));
	const told = new Set<string>();
	const found: TakenAlong[] = [];
	let level: Array<{ table: TableMapping['bc']; record: SystemRecord; owner: SystemRecord }> = records.map((record) => ({
		table,
		record,
		owner: record,
	}));
	for (let depth = 0; depth < LEVELS && level.length > 0; depth++) {
		const next: TakenAlong[] = [];
		for (const name of new Set(level.map((each) => each.table.name))) {
			const owners = level.filter((each) => each.table.name === name);
			for (const along of (await session[side].deletedAlong?.(owners[0]!.table)) ?? [])
				next.push(...(await belonging(session, all, side, along, owners)));
		}
		// A row that two mappings carry has two couples, and both end; without a partner it is told once.
		const fresh = [...next.filter(({ coupling }) => coupling), ...next.filter(({ coupling }) => !coupling)].filter(
			({ mapping, record, coupling }) => {
				const row = `${tableOn(mapping, side).name} ${record.id}`;
				if (doomed.has(row) || told.has(coupling ? `${mapping.name} ${row}` : row)) return false;
				told.add(row).add(`${mapping.name} ${row}`);
				return true;
			},
		);
		found.push(...fresh);
		level = fresh.map(({ mapping, record, owner }) => ({ table: tableOn(mapping, side), record, owner }));
	}
	return found;
}

async function belonging(
	session: SyncSession,
	mappings: readonly TableMapping[],
	side: Side,
	{ table, field, by, filter }: DeletedAlong,
	owners: ReadonlyArray<{ record: SystemRecord; owner: SystemRecord }>,
): Promise<TakenAlong[]> {
	const found: TakenAlong[] = [];
	const keyOf = ({ record }: (typeof owners)[number]): string => (by === 'id' ? record.id : record.number);
	const ownerOf = new Map(owners.map((each) => [keyOf(each).toLowerCase(), each.owner]));
	const keys = [...new Set(owners.map(keyOf))].filter((key) => key !== '');
	for (const mapping of mappings.filter((each) => tableOn(each, side).name === table)) {
		if (side === 'businessCentral' && (await session.store.countCouplings(mapping.name)) === 0) continue;
		const fields = [...new Set([...ownFields(mapping, side).map((each) => fieldOn(each, side)!), field])];
		const rows = await session[side].readByValues(tableOn(mapping, side), field, keys, fields, filter);
		const couplings = await session.store.couplingsOf(
			mapping.name,
			side,
			rows.map(({ id }) => id),
		);
		for (const record of rows) {
			const owner = ownerOf.get(String(record.values[field] ?? '').toLowerCase());
			const coupling = couplings.get(record.id) ?? null;
			if (owner && (coupling || side === 'crm')) found.push({ mapping, coupling, record, owner });
		}
	}
	return found;
}

/** Fields of the table itself that mappings carry. */
export const ownFields = (mapping: TableMapping, side: Side): FieldMapping[] =>
	mapping.fields.filter((field) => {
		const name = fieldOn(field, side);
		return field.enabled && field.bcField !== null && field.crmField !== null && name !== null && !/^@|\//.test(name);
	});

/** Ids by mapping. */
export const idsByMapping = (along: readonly TakenAlong[], side: Side): Map<TableMapping, string[]> => {
	const ids = new Map<TableMapping, string[]>();
	for (const { mapping, record, coupling } of along)
		ids.set(mapping, [...(ids.get(mapping) ?? []), coupling ? idOn(coupling, side) : record.id]);
	return ids;
};

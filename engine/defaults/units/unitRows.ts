import { product } from '../../model/decimal';
import { spelledCode } from '../../model/upperCase';
import type { SyncSession } from '../../ports/session';
import { isGuid } from '../../model/guid';
import type { FieldName, SystemRecord, TableSource } from '../../model/record';

export const UNIT: TableSource = { name: 'uom', numberField: null, nameField: 'name' };
export const UNIT_GROUP: TableSource = { name: 'uomschedule', numberField: null, nameField: 'name' };

const FIELDS: readonly FieldName[] = ['uomscheduleid', 'quantity', 'isschedulebaseuom', 'baseuom'];

/** A unit of a unit group in Dataverse. */
export interface UnitRow {
	id: string;
	/** As CRM shows it; codes of Business Central are compared with `code`. */
	name: string;
	code: string;
	/** Id of its group. */
	group: string;
	/** Of its base unit. */
	quantity: number;
	baseUnit: string | null;
	/** The unit the group was created with. */
	isGroupBase: boolean;
	version: string;
}

/** The ids among the texts, each once. */
export const rowsAmong = (ids: Iterable<string>): string[] => [...new Set(ids)].filter(isGuid);

export async function unitsById(session: SyncSession, ids: Iterable<string>): Promise<Map<string, UnitRow>> {
	const wanted = rowsAmong(ids);
	if (wanted.length === 0) return new Map();
	const records = await session.crm.readByIds(UNIT, wanted, FIELDS);
	return new Map([...records].map(([id, record]) => [id, unitRow(record)]));
}

/** Units by id of their group. */
export async function unitsOfGroups(session: SyncSession, groups: Iterable<string>): Promise<Map<string, UnitRow[]>> {
	const wanted = rowsAmong(groups);
	const found = new Map<string, UnitRow[]>(wanted.map((group) => [group, []]));
	if (wanted.length === 0) return found;
	const records = await session.crm.readByValues(UNIT, 'uomscheduleid', wanted, FIELDS);
	for (const unit of records.map(unitRow)) found.get(unit.group)?.push(unit);
	return found;
}

/** Base unit by id of its group. */
export async function baseUnitsOf(session: SyncSession, groups: Iterable<string>): Promise<Map<string, string>> {
	const units = await unitsOfGroups(session, groups);
	return new Map(
		[...units].flatMap(([group, all]) => all.filter((unit) => unit.isGroupBase).map((unit): [string, string] => [group, unit.id])),
	);
}

/** How much of the group's base unit a unit is: units may be built upon one another. */
export function absoluteQuantity(unit: UnitRow, units: readonly UnitRow[], seen: readonly string[] = []): number {
	const below = units.find(({ id }) => id === unit.baseUnit);
	return below && !seen.includes(below.id) ? product(unit.quantity, absoluteQuantity(below, units, [...seen, unit.id])) : unit.quantity;
}

export const codeOf = (name: unknown): string => spelledCode(name);

function unitRow({ id, name, values, version }: SystemRecord): UnitRow {
	const baseUnit = values['baseuom'];
	return {
		id,
		name,
		code: codeOf(name),
		group: String(values['uomscheduleid'] ?? ''),
		quantity: Number(values['quantity'] ?? 1),
		baseUnit: typeof baseUnit === 'string' ? baseUnit : null,
		isGroupBase: values['isschedulebaseuom'] === true,
		version,
	};
}

import { compositeId } from '../../model/compositeId';
import { fingerprint } from '../../mapping/normalize';
import type { RuleContext } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { idsOfKeys } from '../../mapping/idsOfKeys';
import { groupNameOf, isGroupName } from '../units/groupNames';
import { UNIT_GROUP, type UnitRow } from '../units/unitRows';
import { type Owned, ownUnits, quantityOf } from './ownUnits';
import type { Baseline, Coupling } from '../../model/coupling';

/** Couplings of the unit groups and units of new items and resources with those of their products. */
export async function unitCouplings(
	{ session }: RuleContext,
	groups: TableMapping,
	units: TableMapping,
	owned: readonly Owned[],
	rows: ReadonlyMap<string, UnitRow[]>,
): Promise<Coupling[]> {
	const now = new Date(session.clock.now()).toISOString();
	const inCrm = await session.crm.readByIds(
		UNIT_GROUP,
		owned.map(({ row }) => row),
		[],
	);
	const keyOf = (each: Owned, code: string): string => compositeId([each.number, code]);
	const keys = owned.flatMap((each) => ownUnits(rows, each).map(({ code }) => keyOf(each, code)));
	const ids = await idsOfKeys(session.businessCentral, units.bc, keys);
	return owned.flatMap((each) => {
		const name = inCrm.get(each.row)?.name ?? '';
		const group = coupling(
			groups,
			now,
			// A name of ours follows the number; one that was given in CRM stays.
			{ id: each.group.id, number: each.number, name: each.group.name, values: { '@group': isGroupName(name) ? name : groupNameOf(each.group) } }, // prettier-ignore
			{ id: each.row, name, values: { name } },
		);
		const all = rows.get(each.row) ?? [];
		return [
			group,
			...ownUnits(rows, each).flatMap((unit) => {
				const id = ids.get(keyOf(each, unit.code));
				// Gone since it was made.
				if (id === undefined) return [];
				const values = { Code: unit.code, Qty_per_Unit_of_Measure: quantityOf(unit, all, each) };
				const inCrm = { id: unit.id, name: unit.name, values: { name: unit.name, quantity: unit.quantity } };
				return [coupling(units, now, { id, number: unit.code, name: each.number, values }, inCrm)];
			}),
		];
	});
}

interface Known {
	id: string;
	name: string;
	values: Readonly<Record<string, string | number>>;
}

/** A coupling of records that agree as they are: names that were given in CRM stay until Business Central's change. */
function coupling(mapping: TableMapping, now: string, bc: Known & { number: string }, crm: Known): Coupling {
	const shown = mapping.fields.filter(
		({ enabled, bcField, crmField }) => enabled && bc.values[bcField ?? ''] !== undefined && crm.values[crmField ?? ''] !== undefined,
	);
	const baseline: Baseline = Object.fromEntries(
		shown.map((field) => [
			field.key,
			[fingerprint(field, 'businessCentral', bc.values[field.bcField!]), fingerprint(field, 'crm', crm.values[field.crmField!])],
		]),
	);
	return {
		mapping: mapping.name,
		bcId: bc.id,
		crmId: crm.id,
		bcNumber: bc.number,
		bcName: bc.name,
		crmName: crm.name,
		bcVersion: null,
		crmVersion: null,
		bcStamp: null,
		crmStamp: null,
		baseline,
		initial: null,
		coupledAt: now,
		lastSyncedAt: now,
	};
}

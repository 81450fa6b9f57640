import { compositeId } from '../../model/compositeId';
import { fingerprint } from '../../mapping/normalize';
import type { RuleContext } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { groupNameOf } from '../units/groupNames';
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
	return owned.flatMap((each) => {
		const name = inCrm.get(each.row)?.name ?? '';
		const group = coupling(groups, now, [each.group.id, each.number, each.group.name], [each.row, name], { '@group': groupNameOf(each.group) }, { name }); // prettier-ignore
		const all = rows.get(each.row) ?? [];
		return [
			group,
			...ownUnits(rows, each).map((unit) =>
				coupling(
					units,
					now,
					[compositeId([each.number, unit.code]), unit.code, each.number],
					[unit.id, unit.name],
					{ Code: unit.code, Qty_per_Unit_of_Measure: quantityOf(unit, all, each) },
					{ name: unit.name, quantity: unit.quantity },
				),
			),
		];
	});
}

/** A coupling of records that agree as they are: names that were given in CRM stay until Business Central's change. */
function coupling(
	mapping: TableMapping,
	now: string,
	[bcId, bcNumber, bcName]: [string, string, string],
	[crmId, crmName]: [string, string],
	bc: Readonly<Record<string, string | number>>,
	crm: Readonly<Record<string, string | number>>,
): Coupling {
	const shown = mapping.fields.filter(
		({ enabled, bcField, crmField }) => enabled && bc[bcField ?? ''] !== undefined && crm[crmField ?? ''] !== undefined,
	);
	const baseline: Baseline = Object.fromEntries(
		shown.map((field) => [
			field.key,
			[fingerprint(field, 'businessCentral', bc[field.bcField!]), fingerprint(field, 'crm', crm[field.crmField!])],
		]),
	);
	return { mapping: mapping.name, bcId, crmId, bcNumber, bcName, crmName, bcVersion: null, crmVersion: null, bcStamp: null, crmStamp: null, baseline, initial: null, coupledAt: now, lastSyncedAt: now }; // prettier-ignore
}

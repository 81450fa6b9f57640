import type { Dependents, DependentsContext, MappingRules } from '../../mapping/rules';
import type { Coupling } from '../../model/coupling';
import { ownerOf, type UnitOwner } from './groupNames';
import { rowsAmong, UNIT } from './unitRows';
import type { TableSource } from '../../model/record';

const PRODUCT: TableSource = { name: 'product', numberField: 'productnumber', nameField: 'name' };
const GROUPS = 'UNIT GROUP';

interface Owners {
	mapping: 'ITEM UOM' | 'RESOURCE UOM';
	ownerField: string;
}

const UNITS: Readonly<Record<UnitOwner, Owners>> = {
	Item: { mapping: 'ITEM UOM', ownerField: 'Item_No' },
	Resource: { mapping: 'RESOURCE UOM', ownerField: 'Resource_No' },
};

/** The units of unit groups; a unit in CRM never gets another group. */
export const unitsOfGroups: NonNullable<MappingRules['dependents']> = async (context, couplings) => {
	const { session, mappings, side } = context;
	if (side === 'crm')
		return await unitsInCrm(
			context,
			couplings.map(({ crmId }) => crmId),
		);
	const groups = await session.businessCentral.readByIds(
		mappings.get(GROUPS)!.bc,
		couplings.map(({ bcId }) => bcId),
		['Source_Type'],
	);
	const found: Dependents[] = [];
	for (const owner of ['Item', 'Resource'] as const) {
		const own = [...groups.values()].filter((group) => ownerOf(group) === owner);
		found.push(
			...(await unitsInBusinessCentral(
				context,
				owner,
				own.map(({ number }) => number),
			)),
		);
	}
	return found;
};

/** The unit groups and units of items or resources. They have to be there before the product is, and never move. */
export async function unitsOfProducts(context: DependentsContext, owner: UnitOwner, couplings: readonly Coupling[]): Promise<Dependents[]> {
	const { session, mappings, side } = context;
	const groups = mappings.get(GROUPS);
	if (!groups?.enabled) return [];
	if (side === 'crm') {
		const products = await session.crm.readByIds(
			PRODUCT,
			couplings.map(({ crmId }) => crmId),
			['defaultuomscheduleid'],
		);
		const rows = rowsAmong([...products.values()].map(({ values }) => String(values['defaultuomscheduleid'] ?? '')));
		if (rows.length === 0) return [];
		const units = await unitsInCrm(context, rows);
		return [{ mapping: GROUPS, ids: rows, fields: [], anew: true }, ...units];
	}
	const numbers = [...new Set(couplings.map(({ bcNumber }) => bcNumber))].filter((number) => number !== '');
	if (numbers.length === 0) return [];
	const found = await session.businessCentral.readByValues(groups.bc, groups.bc.numberField!, numbers, ['Source_Type']);
	const own = found.filter((group) => ownerOf(group) === owner).map(({ id }) => id);
	const units = await unitsInBusinessCentral(context, owner, numbers);
	return [{ mapping: GROUPS, ids: own, fields: [], first: true, anew: true }, ...units.map((each) => ({ ...each, first: true as const }))];
}

async function unitsInCrm({ session }: DependentsContext, groups: readonly string[]): Promise<Dependents[]> {
	const ids = (await session.crm.readByValues(UNIT, 'uomscheduleid', groups, [])).map(({ id }) => id);
	return Object.values(UNITS).map(({ mapping }) => ({ mapping, ids, fields: [], anew: true }));
}

async function unitsInBusinessCentral(
	{ session, mappings }: DependentsContext,
	owner: UnitOwner,
	numbers: readonly string[],
): Promise<Dependents[]> {
	const { mapping, ownerField } = UNITS[owner];
	const units = mappings.get(mapping);
	if (!units?.enabled || numbers.length === 0) return [];
	const ids = (await session.businessCentral.readByValues(units.bc, ownerField, numbers, [])).map(({ id }) => id);
	return ids.length > 0 ? [{ mapping, ids, fields: [], anew: true }] : [];
}

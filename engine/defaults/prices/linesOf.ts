import type { Dependents, DependentsContext, MappingRules } from '../../mapping/rules';
import { keyValues } from '../../model/compositeId';
import { isGuid } from '../../model/guid';
import type { Coupling } from '../../model/coupling';
import type { FieldName, SystemRecord, TableSource } from '../../model/record';

const PRICE: TableSource = { name: 'productpricelevel', numberField: null, nameField: 'productnumber' };

/** Mappings of price lines, with the properties of their pages. */
const LINES = {
	'PLLINE-PRODPRICE': { list: 'Price_List_Code', asset: 'Asset_No', type: 'Asset_Type' },
	'SALESPRC-PRODPRICE': { list: 'Sales_Code', asset: 'Item_No', type: 'Sales_Type' },
} as const;
type LineMapping = keyof typeof LINES;
const NAMES = Object.keys(LINES) as LineMapping[];

/** Prices of items, or of resources, in the price lists. */
export async function linesOfProducts(
	context: DependentsContext,
	owner: 'Item' | 'Resource',
	couplings: readonly Coupling[],
): Promise<Dependents[]> {
	const found: Dependents[] = [];
	for (const name of NAMES) {
		const { asset } = LINES[name];
		// Sales prices are those of items.
		if (name === 'SALESPRC-PRODPRICE' && owner === 'Resource') continue;
		const ids = await linesWith(context, name, { bc: asset, crm: 'productid' }, couplings, ofOwner(name, owner));
		if (ids.length > 0) found.push({ mapping: name, ids, fields: ['productid', 'uomid'] });
	}
	return found;
}

/** Prices in units of items, or of resources. */
export const linesOfUnits =
	(owner: 'Item' | 'Resource'): NonNullable<MappingRules['dependents']> =>
	async (context, couplings) => {
		const owners = couplings.map((each) => ({ ...each, bcNumber: isGuid(each.bcId) ? each.bcName : (keyValues(each.bcId)[0] ?? '') }));
		const found: Dependents[] = [];
		for (const name of NAMES) {
			if (name === 'SALESPRC-PRODPRICE' && owner === 'Resource') continue;
			const ids = await linesWith(context, name, { bc: LINES[name].asset, crm: 'uomid' }, owners, ofOwner(name, owner));
			if (ids.length > 0) found.push({ mapping: name, ids, fields: ['uomid'] });
		}
		return found;
	};

/** Without unit groups a unit of measure is a group: the prices in that unit. */
export const linesOfUnitsOfMeasure: NonNullable<MappingRules['dependents']> = async (context, couplings) => {
	const found: Dependents[] = [];
	for (const name of NAMES) {
		const ids = await linesWith(context, name, { bc: 'Unit_of_Measure_Code', crm: 'uomscheduleid' }, couplings, () => true);
		if (ids.length > 0) found.push({ mapping: name, ids, fields: ['uomid', 'uomscheduleid'] });
	}
	return found;
};

const ofOwner =
	(name: LineMapping, owner: 'Item' | 'Resource') =>
	({ values }: SystemRecord): boolean =>
		name !== 'PLLINE-PRODPRICE' || values[LINES[name].type] === owner;

/** The lines of price lists; a price in CRM never gets another list. */
export const linesOfLists =
	(name: LineMapping): NonNullable<MappingRules['dependents']> =>
	async (context, couplings) => {
		const fits = ({ values }: SystemRecord): boolean => name === 'PLLINE-PRODPRICE' || values['Sales_Type'] === 'Customer Price Group';
		const ids = await linesWith(context, name, { bc: LINES[name].list, crm: 'pricelevelid' }, couplings, fits);
		return ids.length > 0 ? [{ mapping: name, ids, fields: [], anew: true }] : [];
	};

async function linesWith(
	{ session, mappings, side }: DependentsContext,
	name: LineMapping,
	fields: { bc: FieldName; crm: FieldName },
	couplings: readonly Coupling[],
	fits: (line: SystemRecord) => boolean,
): Promise<string[]> {
	const lines = mappings.get(name);
	if (!lines?.enabled) return [];
	if (side === 'crm') {
		const rows = await session.crm.readByValues(
			PRICE,
			fields.crm,
			couplings.map(({ crmId }) => crmId),
			[],
		);
		return rows.map(({ id }) => id);
	}
	const numbers = [...new Set(couplings.map(({ bcNumber }) => bcNumber))].filter((number) => number !== '');
	if (numbers.length === 0) return [];
	const found = await session.businessCentral.readByValues(lines.bc, fields.bc, numbers, [LINES[name].type]);
	return found.filter(fits).map(({ id }) => id);
}

import { SyncError } from '../../../errors';
import { fingerprint } from '../../normalise';
import type { Baseline, Coupling } from '../../../store/store';
import { compositeId } from '../../../systems/compositeId';
import type { SystemRecord } from '../../../systems/system';
import type { RuleContext, WrittenPair } from '../../rules';
import type { TableMapping } from '../../tableMapping';
import { groupNameOf, isGroupName, ownerOf } from '../units/groupNames';
import { absoluteQuantity, codeOf, UNIT_GROUP, unitsOfGroups, type UnitRow } from '../units/unitRows';
import { groupOf } from './newRecords';
import { addMissingPrices } from './pricesOfProducts';
import type { ProductKind } from './productRules';

/** An item or resource made from a product, with its unit group on both sides. */
interface Owned {
	pair: WrittenPair;
	number: string;
	/** Record of Business Central's unit groups. */
	group: SystemRecord;
	/** Id of the product's unit group. */
	row: string;
}

/**
 * After an item or resource was made from a product: it gets the product's other units, and its unit group and units are coupled with the
 * product's, so that their mappings make no second ones; and it has its prices. Errors by source id; going through it again changes nothing.
 */
export async function followProduct(
	context: RuleContext,
	kind: ProductKind,
	pairs: readonly WrittenPair[],
): Promise<Map<string, SyncError>> {
	try {
		const errors = await takeOverUnits(context, kind, pairs);
		const fine = pairs.filter(({ source }) => !errors.has(source.id));
		return new Map([...errors, ...(await addMissingPrices(context, kind, fine))]);
	} catch (error) {
		if (!(error instanceof SyncError) || error.errorClass === 'setup') throw error;
		return new Map(pairs.map(({ source }) => [source.id, error]));
	}
}

async function takeOverUnits(context: RuleContext, kind: ProductKind, pairs: readonly WrittenPair[]): Promise<Map<string, SyncError>> {
	const groups = context.mappings.get('UNIT GROUP');
	const units = context.mappings.get(kind.units);
	if (!groups || !units) return new Map();
	const owned = await uncoupledGroups(context, kind, groups, pairs);
	if (owned.length === 0) return new Map();
	const rows = await unitsOfGroups(
		context.session,
		owned.map(({ row }) => row),
	);
	const errors = await makeUnits(context, kind, units, owned, rows);
	const fine = owned.filter(({ pair }) => !errors.has(pair.source.id));
	await context.session.store.commit({ couplings: await couplingsOf(context, groups, units, fine, rows) });
	return errors;
}

/** Those whose unit group has no partner yet, while the product's group has none either. */
async function uncoupledGroups(
	context: RuleContext,
	kind: ProductKind,
	mapping: TableMapping,
	pairs: readonly WrittenPair[],
): Promise<Owned[]> {
	const { session } = context;
	const withGroup = pairs.filter(({ source }) => groupOf(source) !== '');
	// An item's id is its unit group's, so those that are coupled cost no request.
	const known = kind.owner === 'Item' ? await session.store.couplingsOf(mapping.name, 'businessCentral', withGroup.map(({ target }) => target.id)) : new Map(); // prettier-ignore
	const taken = await session.store.couplingsOf(
		mapping.name,
		'crm',
		withGroup.map(({ source }) => groupOf(source)),
	);
	const open = withGroup.filter(({ source, target }) => !known.has(target.id) && !taken.has(groupOf(source)));
	if (open.length === 0) return [];
	const { bc } = mapping;
	const numbers = open.map(({ target }) => codeOf(target.number));
	const found = (await session.businessCentral.readByValues(bc, bc.numberField!, numbers, ['Source_Type'])).filter(
		(group) => ownerOf(group) === kind.owner,
	);
	const coupled = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		found.map(({ id }) => id),
	);
	return open.flatMap((pair): Owned[] => {
		const number = codeOf(pair.target.number);
		const group = found.find((each) => codeOf(each.number) === number);
		return group && !coupled.has(group.id) ? [{ pair, number, group, row: groupOf(pair.source) }] : [];
	});
}

/** How many default units of the product a unit is. */
function quantityOf(unit: UnitRow, units: readonly UnitRow[], { pair }: Owned): number {
	const base = units.find(({ id }) => id === pair.source.values['defaultuomid']);
	return absoluteQuantity(unit, units) / (base ? absoluteQuantity(base, units) : 1);
}

const ownUnits = (rows: ReadonlyMap<string, UnitRow[]>, { row }: Owned): UnitRow[] =>
	(rows.get(row) ?? []).filter(({ name }) => !isGroupName(name));

/** Business Central made the base unit itself; the others follow. */
async function makeUnits(
	{ session }: RuleContext,
	kind: ProductKind,
	{ bc }: TableMapping,
	owned: readonly Owned[],
	rows: ReadonlyMap<string, UnitRow[]>,
): Promise<Map<string, SyncError>> {
	const existing = await session.businessCentral.readByValues(
		bc,
		kind.unitOwner,
		owned.map(({ number }) => number),
		[],
	);
	const known = new Set(existing.map(({ id }) => id));
	const missing = owned.flatMap((each) =>
		ownUnits(rows, each)
			.filter(({ code }) => !known.has(compositeId([each.number, code])))
			.map((unit) => ({ each, unit })),
	);
	const outcomes = await session.businessCentral.write(
		bc,
		missing.map(({ each, unit }) => ({
			kind: 'insert' as const,
			values: {
				[kind.unitOwner]: each.number,
				Code: unit.code,
				Qty_per_Unit_of_Measure: quantityOf(unit, rows.get(each.row) ?? [], each),
			},
		})),
	);
	return new Map(
		outcomes.flatMap((outcome, index): Array<[string, SyncError]> =>
			outcome.status === 'failed' || outcome.status === 'unknown' ? [[missing[index]!.each.pair.source.id, outcome.error]] : [],
		),
	);
}

async function couplingsOf(
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

import type { Coupling } from '../../model/coupling';
import { SyncError } from '../../model/errors';
import type { StoreChanges } from '../../ports/storeChanges';
import { compositeId } from '../../model/compositeId';
import type { RuleContext, WrittenPair } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { noteKeys } from '../../jobs/noteKeys';
import { ownerOf } from '../units/groupNames';
import { codeOf, type UnitRow, unitsOfGroups } from '../units/unitRows';
import { groupOf } from './newRecords';
import { type Owned, ownUnits, quantityOf } from './ownUnits';
import { addMissingPrices } from './pricesOfProducts';
import { unitCouplings } from './unitCouplings';
import type { ProductKind } from './productKind';

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
	const { owned, stale } = await uncoupledGroups(context, kind, groups, pairs);
	if (owned.length === 0) return new Map();
	const rows = await unitsOfGroups(
		context.session,
		owned.map(({ row }) => row),
	);
	const errors = await makeUnits(context, kind, units, owned, rows);
	const fine = owned.filter(({ pair }) => !errors.has(pair.source.id));
	const couplings = await unitCouplings(context, groups, units, fine, rows);
	const ended = await formerCouplings(context, units, couplings, stale);
	await noteKeys(context.session);
	await context.session.store.commit({ uncouple: ended, ...settledRecords([...ended, ...couplings]), couplings });
	return errors;
}

/** Those whose unit group has no partner yet, while the product's group has none either. */
async function uncoupledGroups(
	context: RuleContext,
	kind: ProductKind,
	mapping: TableMapping,
	pairs: readonly WrittenPair[],
): Promise<{ owned: Owned[]; stale: Coupling[] }> {
	const { session } = context;
	const none = { owned: [], stale: [] };
	const withGroup = pairs.filter(({ source }) => groupOf(source) !== '');
	// An item's id is the key of its unit group, so those that are coupled cost no request while records are known by their keys.
	const known = kind.owner === 'Item' ? await context.references.rowsOfKeys(mapping.name, withGroup.map(({ target }) => target.id)) : new Map(); // prettier-ignore
	const taken = await session.store.couplingsOf(
		mapping.name,
		'crm',
		withGroup.map(({ source }) => groupOf(source)),
	);
	const candidates = withGroup.filter(({ target }) => !known.has(target.id));
	const held = candidates.flatMap(({ source }) => taken.get(groupOf(source)) ?? []);
	// Business Central deletes the unit group with its item: of one that is created again the product's group is free.
	const alive = held.length === 0 ? new Set<string>() : await session.businessCentral.existing(mapping.bc, held.map(({ bcId }) => bcId)); // prettier-ignore
	const stale = held.filter(({ bcId }) => !alive.has(bcId));
	const free = (row: string): boolean => !taken.has(row) || stale.some(({ crmId }) => crmId === row);
	const open = candidates.filter(({ source }) => free(groupOf(source)));
	if (open.length === 0) return none;
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
	const owned = open.flatMap((pair): Owned[] => {
		const number = codeOf(pair.target.number);
		const group = found.find((each) => codeOf(each.number) === number);
		return group && !coupled.has(group.id) ? [{ pair, number, group, row: groupOf(pair.source) }] : [];
	});
	return { owned, stale };
}

/** Couplings of units and unit groups with records that are gone, of which the rows belong to others now. */
async function formerCouplings(
	{ session }: RuleContext,
	units: TableMapping,
	couplings: readonly Coupling[],
	groups: readonly Coupling[],
): Promise<Coupling[]> {
	const rows = couplings.filter(({ mapping }) => mapping === units.name);
	const known = await session.store.couplingsOf(
		units.name,
		'crm',
		rows.map(({ crmId }) => crmId),
	);
	const now = new Set(couplings.map(({ mapping, bcId }) => `${mapping} ${bcId}`));
	return [...groups, ...known.values()].filter(({ mapping, bcId }) => !now.has(`${mapping} ${bcId}`));
}

/** That a record of the couple was missing, or was to be looked at, is no longer so. */
function settledRecords(couplings: readonly Coupling[]): Pick<StoreChanges, 'failuresDone' | 'requeuedDone'> {
	const keys = couplings.flatMap(({ mapping, bcId, crmId }) => [
		{ mapping, direction: 'toCrm' as const, sourceId: bcId },
		{ mapping, direction: 'fromCrm' as const, sourceId: crmId },
	]);
	return { failuresDone: keys, requeuedDone: keys };
}

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
	const known = new Set(existing.map(({ number, name }) => compositeId([name, number])));
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

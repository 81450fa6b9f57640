import { compositeId, keyValues } from '../../model/compositeId';
import type { FieldTranslation, RuleContext } from '../../mapping/rules';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import { baseUnitMissing, codesMissing, groupIsFixed } from '../units/unitErrors';
import { groupName, ownerOf } from '../units/groupNames';
import { sharedAmong } from '../units/groupsInCrm';
import { codeOf, rowsAmong, UNIT_GROUP, unitsById } from '../units/unitRows';
import { PRODUCT } from './priceOfUnits';
import type { SystemRecord, TableSource } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';

export type UnitMapping = 'ITEM UOM' | 'RESOURCE UOM';
const UNIT_OF_MEASURE = 'UNIT OF MEASURE';

/** With unit groups: the base unit is one of the item's own units, and the product's default unit is its partner. */
export const defaultUnit =
	(units: UnitMapping): FieldTranslation =>
	(context, field, records) =>
		context.direction === 'toCrm' ? unitForProduct(context, field, records, units) : unitForItem(context, field, records, units);

const unitForProduct = async (
	context: RuleContext,
	field: FieldMapping,
	records: readonly SystemRecord[],
	units: UnitMapping,
): ReturnType<FieldTranslation> => {
	const codeIn = (source: SystemRecord): string => codeOf(source.values[field.bcField!]);
	const keyIn = (source: SystemRecord): string => compositeId([source.number, codeIn(source)]);
	const rows = await context.references.rowsOfKeys(units, records.map(keyIn));
	const fixed = await otherGroup(context, records, (source) => rows.get(keyIn(source)));
	const unreachable = await outOfReach(
		context,
		records.filter((source) => codeIn(source) !== '' && !rows.get(keyIn(source))),
		units,
	);
	return (source) => {
		if (codeIn(source) === '') return { kind: 'error', error: baseUnitMissing() };
		const row = rows.get(keyIn(source));
		if (row && fixed.has(source.id)) return { kind: 'error', error: groupIsFixed(codeIn(source)) };
		if (row) return { kind: 'value', value: row };
		// Coupling the unit first would lead to the same.
		if (unreachable.has(source.id)) return { kind: 'error', error: groupIsFixed(codeIn(source)) };
		const value = keyIn(source).toUpperCase();
		return {
			kind: 'error',
			error: notCoupled({ caption: field.caption, value: codeIn(source), mapping: units, off: isOff(context.mappings, units) }),
			refersTo: { mapping: units, value },
		};
	};
};

/**
 * Coupled records whose unit is not coupled, and would not be found in the group of their product once it is: their unit group is another one, or becomes
 * one, because several products have that of theirs.
 */
async function outOfReach(context: RuleContext, records: readonly SystemRecord[], units: UnitMapping): Promise<ReadonlySet<string>> {
	const { session, mapping, mappings, references } = context;
	const bc = mappings.get('UNIT GROUP')?.bc;
	if (!bc || records.length === 0) return new Set();
	const couplings = await session.store.couplingsOf(mapping.name, 'businessCentral', records.map(({ id }) => id)); // prettier-ignore
	const coupled = records.filter(({ id }) => couplings.has(id));
	if (coupled.length === 0) return new Set();
	const products = await session.crm.readByIds(PRODUCT, coupled.map(({ id }) => couplings.get(id)!.crmId), ['defaultuomscheduleid']); // prettier-ignore
	const owner = units === 'ITEM UOM' ? 'Item' : 'Resource';
	const found = await session.businessCentral.readByValues(bc, bc.numberField!, coupled.map(({ number }) => number), ['Source_Type']); // prettier-ignore
	const groups = new Map(found.filter((group) => ownerOf(group) === owner).map((group) => [codeOf(group.number), group.id]));
	const rows = await references.coupledRows('UNIT GROUP', groups.values());
	const shared = await sharedAmong(session, [...products.values()]);
	return new Set(
		coupled.flatMap(({ id, number }) => {
			const group = String(products.get(couplings.get(id)!.crmId)?.values['defaultuomscheduleid'] ?? '');
			const own = rows.get(groups.get(codeOf(number)) ?? '');
			return group !== '' && (own === undefined ? shared(group) : own !== group) ? [id] : [];
		}),
	);
}

/** Coupled records whose new unit is not in the group of their product. */
async function otherGroup(
	{ session, mapping }: RuleContext,
	records: readonly SystemRecord[],
	unitOf: (source: SystemRecord) => string | undefined,
): Promise<Set<string>> {
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	if (couplings.size === 0) return new Set();
	const ids = [...couplings.values()].map(({ crmId }) => crmId);
	const products = await session.crm.readByIds(PRODUCT, ids, ['defaultuomid', 'defaultuomscheduleid']);
	const productOf = (source: SystemRecord): SystemRecord | undefined => products.get(couplings.get(source.id)?.crmId ?? '');
	const moved = records.filter((source) => {
		const product = productOf(source);
		return product && unitOf(source) && product.values['defaultuomid'] !== unitOf(source);
	});
	if (moved.length === 0) return new Set();
	const units = await unitsById(session, rowsAmong(moved.map((source) => unitOf(source)!)));
	return new Set(
		moved.flatMap((source) => {
			const group = units.get(unitOf(source)!)?.group;
			return group && group !== productOf(source)!.values['defaultuomscheduleid'] ? [source.id] : [];
		}),
	);
}

/** The unit coupled with the product's; a product that never was an item names its unit by a code that Business Central must know. */
async function unitForItem(
	{ session, mappings }: RuleContext,
	field: FieldMapping,
	records: readonly SystemRecord[],
	units: UnitMapping,
): ReturnType<FieldTranslation> {
	const idIn = ({ values }: SystemRecord): string => String(values[field.crmField!] ?? '');
	const ids = [...new Set(records.map(idIn))].filter(Boolean);
	const coupled = mappings.has(units) ? await session.store.couplingsOf(units, 'crm', ids) : new Map<string, { bcId: string }>();
	const codes = await codesOf(session, mappings.get(units)?.bc, [...coupled.values()].map(({ bcId }) => bcId)); // prettier-ignore
	const rows = await unitsById(
		session,
		ids.filter((id) => !codes.has(coupled.get(id)?.bcId ?? '')),
	);
	const known = await knownCodes(
		session,
		[...rows.values()].map(({ code }) => code),
	);
	return (source) => {
		const own = coupled.get(idIn(source));
		const ofOwn = own && codes.get(own.bcId);
		if (ofOwn !== undefined) return { kind: 'value', value: ofOwn };
		const code = rows.get(idIn(source))?.code;
		if (code === undefined) return { kind: 'leave' };
		return known.has(code) ? { kind: 'value', value: code } : { kind: 'error', error: codesMissing([code]) };
	};
}

/** Codes of units by the ids of their records; one that is gone has none. */
async function codesOf(
	{ businessCentral }: RuleContext['session'],
	bc: TableSource | undefined,
	ids: readonly string[],
): Promise<Map<string, string>> {
	if (!bc?.extension) return new Map(ids.map((id) => [id, keyValues(id)[1]!]));
	const records = ids.length === 0 ? [] : [...(await businessCentral.readByIds(bc, ids, [])).values()];
	return new Map(records.map(({ id, number }) => [id, codeOf(number)]));
}

/** Those of the codes that are units of measure in Business Central. */
export async function knownCodes({ businessCentral }: RuleContext['session'], codes: Iterable<string>): Promise<Set<string>> {
	const wanted = [...new Set(codes)].filter((code) => code !== '' && code.length <= 10);
	if (wanted.length === 0) return new Set();
	const table = { name: 'unitsOfMeasure', numberField: 'code', nameField: 'displayName' };
	const found = await businessCentral.readByValues(table, 'code', wanted, []);
	return new Set(found.map(({ number }) => codeOf(number)));
}

/** Without unit groups: unit groups by unit code, as UNIT OF MEASURE coupled them. */
export async function groupsByCode(context: RuleContext, codes: Iterable<string>): Promise<Map<string, string>> {
	const bc = context.mappings.get(UNIT_OF_MEASURE)?.bc;
	const wanted = [...new Set(codes)].filter((code) => code !== '');
	if (!bc || wanted.length === 0) return new Map();
	const units = await context.session.businessCentral.readByValues(bc, bc.numberField!, wanted, []);
	const rows = await context.references.coupledRows(
		UNIT_OF_MEASURE,
		units.map(({ id }) => id),
	);
	return new Map(
		units.flatMap(({ id, number }): Array<[string, string]> => {
			const row = rows.get(id);
			return row ? [[codeOf(number), row]] : [];
		}),
	);
}

/** Without unit groups: the base unit is a unit group of its own; a product keeps the group it was created with. */
export const defaultGroup: FieldTranslation = async (context, field, records) => {
	const { session, mapping, direction } = context;
	if (direction === 'fromCrm') return groupForItem(context, field, records);
	const codeIn = ({ values }: SystemRecord): string => codeOf(values[field.bcField!]);
	const groups = await groupsByCode(context, records.map(codeIn));
	const couplings = await session.store.couplingsOf(
		mapping.name,
		'businessCentral',
		records.map(({ id }) => id),
	);
	const ids = [...couplings.values()].map(({ crmId }) => crmId);
	const products = ids.length === 0 ? new Map<string, SystemRecord>() : await session.crm.readByIds(PRODUCT, ids, ['defaultuomscheduleid']);
	const productOf = (source: SystemRecord): SystemRecord | undefined => products.get(couplings.get(source.id)?.crmId ?? '');
	const lacking = records.filter((source) => !groups.has(codeIn(source))).flatMap((source) => productOf(source) ?? []);
	const named = lacking.length === 0 ? new Map<string, SystemRecord>() : await session.crm.readByIds(UNIT_GROUP, rowsAmong(lacking.map(groupOf)), []); // prettier-ignore
	return (source) => {
		const code = codeIn(source);
		if (code === '') return { kind: 'error', error: baseUnitMissing() };
		const group = groups.get(code);
		const own = named.get(groupOf(productOf(source)));
		// The unit will be coupled with the group that is named after it; the product has another one, so coupling the unit first leads nowhere.
		if (!group && own && codeOf(own.name) !== codeOf(groupName(code))) return { kind: 'error', error: groupIsFixed(code) };
		const refersTo = { mapping: UNIT_OF_MEASURE, value: code };
		const off = isOff(context.mappings, UNIT_OF_MEASURE);
		if (!group)
			return { kind: 'error', error: notCoupled({ caption: field.caption, value: code, mapping: UNIT_OF_MEASURE, off }), refersTo };
		const product = productOf(source);
		const changed = product !== undefined && product.values['defaultuomscheduleid'] !== group;
		return changed ? { kind: 'error', error: groupIsFixed(code) } : { kind: 'value', value: group };
	};
};

const groupOf = (product: SystemRecord | undefined): string => String(product?.values['defaultuomscheduleid'] ?? '');

async function groupForItem(context: RuleContext, field: FieldMapping, records: readonly SystemRecord[]): ReturnType<FieldTranslation> {
	const { session, mappings } = context;
	const bc = mappings.get(UNIT_OF_MEASURE)?.bc;
	const idIn = ({ values }: SystemRecord): string => String(values[field.crmField!] ?? '');
	const couplings = await session.store.couplingsOf(UNIT_OF_MEASURE, 'crm', [...new Set(records.map(idIn))].filter(Boolean));
	const unitIds = [...couplings.values()].map(({ bcId }) => bcId);
	const units = bc ? await session.businessCentral.readByIds(bc, unitIds, []) : new Map<string, SystemRecord>();
	const unitOf = (source: SystemRecord): SystemRecord | undefined => units.get(couplings.get(idIn(source))?.bcId ?? '');
	const lacking = [...new Set(records.filter((source) => !unitOf(source)).map(idIn))].filter(Boolean);
	// An id tells nobody which group to couple.
	const groups = lacking.length === 0 ? new Map<string, SystemRecord>() : await session.crm.readByIds(UNIT_GROUP, lacking, []);
	const off = isOff(mappings, UNIT_OF_MEASURE);
	return (source) => {
		const unit = unitOf(source);
		if (unit) return { kind: 'value', value: unit.number };
		const id = idIn(source);
		const named = groups.get(id)?.name || id;
		return { kind: 'error', error: notCoupled({ caption: field.caption, value: named, mapping: UNIT_OF_MEASURE, off }, 'crm'), named };
	};
}

import { compositeId } from '../../model/compositeId';
import type { FieldTranslation, MappingRules, RuleContext } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import { targetFields } from '../targetFields';
import { rowsAmong } from '../units/unitRows';
import { type LineFields, type LineParts, partsOfLines } from './lineRecords';
import { refuseForeignCurrency } from './lineCurrency';
import { lineTaken } from './priceErrors';
import type { SystemRecord, TableSource } from '../../model/record';
import type { Desired } from '../../mapping/desired';

const PRICE: TableSource = { name: 'productpricelevel', numberField: null, nameField: 'productnumber' };
/** Price lists named in one condition; beyond that all prices of the products are read. */
const MOST_LISTS = 50;

/** Lines of price lists: what a product costs in one of its units. */
export function lineRules(names: LineFields): MappingRules {
	return {
		extraFields: { bc: [names.list, names.asset, names.unit, names.currency, ...(names.assetType === null ? [] : [names.assetType])] },
		translations: {
			productid: translating(names, ({ product, products, number }, caption, context) =>
				product === null ? missing(context, caption, number, { mapping: products, value: number }) : { kind: 'value', value: product },
			),
			uomid: translating(names, (parts, caption, context) =>
				parts.unit === null ? missingUnit(context, caption, parts) : { kind: 'value', value: parts.unit },
			),
			uomscheduleid: translating(names, (parts, caption, context) =>
				parts.group === null ? missingUnit(context, caption, parts) : { kind: 'value', value: parts.group },
			),
		},
		findPartner: (context, records) => findPrices(context, names, records),
		refuse: (context, records) => refuseForeignCurrency(context, names, records),
		/** Dataverse keeps one price for a product and unit in a list; another line of Business Central may hold it already. */
		async beforeInsert({ session }, inserts) {
			const idIn = (value: unknown): string => (value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : '');
			const keyIn = ({ values }: (typeof inserts)[number]): string =>
				key(idIn(values['pricelevelid']), idIn(values['productid']), idIn(values['uomid']));
			const products = rowsAmong(inserts.map(({ values }) => idIn(values['productid'])));
			const known =
				products.length === 0 ? [] : await session.crm.readByValues(PRICE, 'productid', products, ['pricelevelid', 'productid', 'uomid']);
			const taken = new Set(known.map(keyOf));
			for (const insert of inserts) {
				if (taken.has(keyIn(insert))) insert.refusal = lineTaken();
				taken.add(keyIn(insert));
			}
		},
	};
}

const key = (list: string, product: string, unit: string): string => `${list} ${product} ${unit}`;
const keyOf = ({ values }: SystemRecord): string =>
	key(String(values['pricelevelid']), String(values['productid']), String(values['uomid']));

/** The partner of a line: the price of the same product and unit in the same list. Of lines that want the same one the first gets it. */
async function findPrices(context: RuleContext, names: LineFields, records: readonly SystemRecord[]): Promise<Map<string, SystemRecord>> {
	const { session, mapping, references } = context;
	const parts = await partsOfLines(context, names, records);
	const listOf = ({ values }: SystemRecord): string => compositeId([values[names.list] ?? '']);
	const lists = await references.rowsOfKeys(names.lists, records.map(listOf));
	const products = rowsAmong([...parts.values()].flatMap(({ product }) => product ?? []));
	const some = rowsAmong(lists.values());
	if (products.length === 0 || some.length === 0) return new Map();
	const filter = some.length > MOST_LISTS ? null : `(${some.map((list) => `_pricelevelid_value eq ${list}`).join(' or ')})`;
	const fields = [...new Set([...targetFields(mapping), 'pricelevelid', 'productid', 'uomid'])];
	const prices = new Map(
		(await session.crm.readByValues(PRICE, 'productid', products, fields, filter)).map((price) => [keyOf(price), price]),
	);
	const found = new Map<string, SystemRecord>();
	for (const record of records) {
		const { product, unit } = parts.get(record.id)!;
		const wanted = key(lists.get(listOf(record)) ?? '', product ?? '', unit ?? '');
		const price = prices.get(wanted);
		if (price) found.set(record.id, price);
		prices.delete(wanted);
	}
	return found;
}

const translating =
	(names: LineFields, desired: (parts: LineParts, caption: string, context: RuleContext) => Desired): FieldTranslation =>
	async (context, field, records) => {
		const parts = await onePage(context, names, records);
		return ({ id }) => desired(parts.get(id)!, field.caption, context);
	};

/** The fields of a page ask for the same things. */
function onePage(context: RuleContext, names: LineFields, records: readonly SystemRecord[]): Promise<Map<string, LineParts>> {
	const known = pages.get(records);
	if (known && known.at === context.session.clock.now()) return known.parts;
	const parts = partsOfLines(context, names, records);
	pages.set(records, { at: context.session.clock.now(), parts });
	return parts;
}

const pages = new WeakMap<readonly SystemRecord[], { at: number; parts: Promise<Map<string, LineParts>> }>();

const missing = ({ mappings }: RuleContext, caption: string, shown: string, refersTo: { mapping: string; value: string }): Desired => ({
	kind: 'error',
	error: notCoupled({ caption, value: shown, mapping: refersTo.mapping, off: isOff(mappings, refersTo.mapping) }),
	refersTo,
});

const missingUnit = (context: RuleContext, caption: string, { unitCode, units, unitRecord }: LineParts): Desired =>
	missing(context, caption, unitCode, { mapping: units, value: units === 'UNIT OF MEASURE' ? unitCode : unitRecord.toUpperCase() });

/** Without unit groups a group stands for the unit, and both are mapped. */
export function withUnitGroup(mapping: TableMapping, unitGroups: boolean): TableMapping {
	if (unitGroups) return mapping;
	const groups = 'UNIT OF MEASURE';
	return {
		...mapping,
		fields: mapping.fields.flatMap((each) =>
			each.key === 'uomid'
				? [
						{ ...each, mapping: groups },
						{ ...each, mapping: groups, key: 'uomscheduleid', crmField: 'uomscheduleid', crmTable: 'uomschedule' },
					]
				: [each],
		),
	};
}

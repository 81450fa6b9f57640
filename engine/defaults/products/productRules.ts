import { accessOfProducts } from './access';
import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { FieldTranslation, MappingRules, RuleContext } from '../../mapping/rules';
import { baseUnitMissing } from '../units/unitErrors';
import { codeOf } from '../units/unitRows';
import { unitsOfProducts } from '../units/unitsOf';
import { linesOfProducts } from '../prices/linesOf';
import { defaultGroup, defaultUnit } from './baseUnits';
import { completeProducts } from './newProducts';
import { completeRecords } from './newRecords';
import { followProduct } from './newUnits';
import { publishAndPrice } from './publishing';
import { blockedFollowsState, SINGLE_PRODUCT } from './states';
import { namesOfVendors } from './vendors';
import { fieldOn } from '../../model/fieldMapping';
import { sourceSide } from '../../model/direction';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { ProductKind } from './productKind';

/** Items and resources, and the products they are in CRM. */
export function productRules(kind: ProductKind): MappingRules {
	return {
		access: (setup) => accessOfProducts(kind, setup),
		extraFields: {
			bc: [kind.blocked, kind.baseUnit],
			crm: [
				'statecode',
				'producttypecode',
				'productstructure',
				'price',
				'pricelevelid',
				'defaultuomid',
				'defaultuomscheduleid',
				COMPANY_COLUMN,
			],
		},
		translations: {
			price: notNegative,
			quantityonhand: notNegative,
			stockvolume: nothingForZero,
			stockweight: nothingForZero,
			defaultuomid: defaultUnit(kind.units),
			defaultuomscheduleid: defaultGroup,
			statecode: blockedFollowsState(kind.blocked),
		},
		// Written to Business Central, it would post an item journal.
		calculated: ['inventory'],
		derive: (context, records) => namesOfVendors(context, records),
		ignore: (context, records) =>
			Promise.resolve(new Set(records.filter((record) => isForeign(context, kind, record)).map(({ id }) => id))),
		refuse: ({ direction }, records) => {
			const without = direction === 'toCrm' ? records.filter(({ values }) => values[kind.baseUnit] === '') : [];
			return Promise.resolve(new Map(without.map(({ id }) => [id, baseUnitMissing()])));
		},
		dependents: async (context, couplings) => [
			...(await unitsOfProducts(context, kind.owner, couplings)),
			...(await linesOfProducts(context, kind.owner, couplings)),
		],
		beforeInsert: (context, inserts) =>
			context.direction === 'toCrm' ? completeProducts(context, kind, inserts) : completeRecords(context, kind, inserts),
		afterWrite: (context, pairs) =>
			context.direction === 'toCrm' ? publishAndPrice(context, kind, pairs) : followProduct(context, kind, pairs),
	};
}

/** The write-in item or resource; and products that are no item, or no resource. */
function isForeign({ direction, settings }: RuleContext, kind: ProductKind, { number, values }: SystemRecord): boolean {
	const writeIn = codeOf(settings[kind.writeIn]);
	if (writeIn !== '' && codeOf(number) === writeIn) return true;
	if (direction === 'toCrm') return false;
	return values['producttypecode'] !== kind.type || (values['productstructure'] ?? SINGLE_PRODUCT) !== SINGLE_PRODUCT;
}

/** Products have no negative price or stock: such a value is written as 0. */
const notNegative: FieldTranslation = ({ direction }, field) =>
	Promise.resolve((source) => {
		const value: FieldValue = source.values[fieldOn(field, sourceSide(direction))!] ?? null;
		return { kind: 'value', value: typeof value === 'number' ? Math.max(0, value) : value };
	});

/** A volume or weight of 0 was never entered: CRM says so by an empty column, and keeps it empty. */
const nothingForZero: FieldTranslation = ({ direction }, field) =>
	Promise.resolve((source) => ({ kind: 'value', value: source.values[fieldOn(field, sourceSide(direction))!] || null }));

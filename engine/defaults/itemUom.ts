import { common, field, type DefaultMapping } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { unitRules } from './units/ownedUnits';

/** Units of an item become units of the item's unit group. */
export const itemUom: DefaultMapping = {
	activeWhen: ({ unitGroups }) => unitGroups,
	mapping: {
		...common,
		name: 'ITEM UOM',
		caption: 'Units of items – units',
		bc: { name: 'ItemUnitsOfMeasure', numberField: 'Code', nameField: 'Item_No', page: { keys: ['Item_No', 'Code'] } },
		crm: { name: 'uom', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		dependsOn: ['UNIT GROUP'],
		fields: [
			field('Code', 'Code', 'name', 'code', 'toCrm', { bcLength: 10, crmLength: 100 }),
			field('Qty. per Unit of Measure', 'Qty_per_Unit_of_Measure', 'quantity', 'number', 'toCrm', { decimals: 5 }),
			field('Item No.', 'Item_No', 'uomscheduleid', 'lookup', 'toCrm', {
				parent: true,
				insertOnly: true,
				mapping: 'UNIT GROUP',
				crmTable: 'uomschedule',
			}),
		],
	},
	rules: toCrmOnly(unitRules({ owner: 'Item', ownerField: 'Item_No', products: 'ITEM-PRODUCT' })),
};

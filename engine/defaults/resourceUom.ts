import { common, field, type DefaultMapping } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { unitRules } from './units/ownedUnits';

/** Units of a resource become units of the resource's unit group. */
export const resourceUom: DefaultMapping = {
	activeWhen: ({ unitGroups }) => unitGroups,
	mapping: {
		...common,
		name: 'RESOURCE UOM',
		caption: 'Units of resources – units',
		bc: { name: 'ResourceUnitsOfMeasure', numberField: 'Code', nameField: 'Resource_No', page: { keys: ['Resource_No', 'Code'] } },
		crm: { name: 'uom', numberField: null, nameField: 'name' },
		direction: 'toCrm',
		dependsOn: ['UNIT GROUP'],
		fields: [
			field('Code', 'Code', 'name', 'code', 'toCrm', { bcLength: 10, crmLength: 100 }),
			field('Qty. per Unit of Measure', 'Qty_per_Unit_of_Measure', 'quantity', 'number', 'toCrm', { decimals: 5 }),
			field('Resource No.', 'Resource_No', 'uomscheduleid', 'lookup', 'toCrm', {
				parent: true,
				insertOnly: true,
				mapping: 'UNIT GROUP',
				crmTable: 'uomschedule',
			}),
		],
	},
	rules: toCrmOnly(unitRules({ owner: 'Resource', ownerField: 'Resource_No', products: 'RESOURCE-PRODUCT' })),
};

import { COMPANY_COLUMN } from '../model/companyColumn';
import { COMPANY } from '../mapping/filter';
import type { TableMapping } from '../model/tableMapping';
import { A_DAY, common, type DefaultMapping, field } from './defaultMapping';
import { productRules } from './products/productRules';
import type { FieldMapping } from '../model/fieldMapping';
import type { Setup } from '../model/companySettings';

const PAGE = 'workflowItems';
/** Dataverse choice product.producttypecode: sales inventory. */
const INVENTORY = 1;
const ACTIVE = 0;

/** Items of Business Central and products of Dynamics 365 Sales, both ways. */
export const itemProduct: DefaultMapping = {
	variant: inUnitMode,
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'ITEM-PRODUCT',
		caption: 'Items – products',
		bc: {
			name: 'items',
			numberField: 'number',
			nameField: 'displayName',
			companions: [{ service: PAGE, primaryKey: 'number', companionKey: 'number' }],
		},
		crm: { name: 'product', numberField: 'productnumber', nameField: 'name' },
		direction: 'bidirectional',
		companyStamp: true,
		dependsOn: ['ITEM UOM'],
		bcFilter: { conditions: [{ field: 'blocked', operator: 'eq', value: false, type: 'boolean' }] },
		crmFilter: {
			conditions: [
				{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' },
				{ field: 'producttypecode', operator: 'eq', value: INVENTORY, type: 'number' },
				{ field: 'statecode', operator: 'eq', value: ACTIVE, type: 'number' },
			],
		},
		fields: [
			field('No.', 'number', 'productnumber', 'code', 'toCrm', { bcLength: 20, crmLength: 100 }),
			field('Description', 'displayName', 'name', 'text', 'bidirectional', { bcLength: 100, crmLength: 100 }),
			field('Unit Price', 'unitPrice', 'price', 'money', 'toCrm', { decimals: 5 }),
			field('Unit Cost', 'unitCost', 'standardcost', 'money', 'toCrm', { decimals: 5 }),
			field('Unit Cost', 'unitCost', 'currentcost', 'money', 'toCrm', { decimals: 5 }),
			field('Unit Volume', `${PAGE}/unitVolume`, 'stockvolume', 'number', 'toCrm', { decimals: 5 }),
			field('Gross Weight', `${PAGE}/grossWeight`, 'stockweight', 'number', 'toCrm', { decimals: 5 }),
			field('Vendor No.', `${PAGE}/vendorNumber`, 'vendorid', 'code', 'toCrm', { bcLength: 20, crmLength: 100 }),
			field('Vendor Name', '@vendorName', 'vendorname', 'text', 'toCrm', { crmLength: 100 }),
			field('Vendor Item No.', `${PAGE}/vendorItemNumber`, 'vendorpartnumber', 'text', 'toCrm', { bcLength: 50, crmLength: 100 }),
			// To CRM only: written to Business Central, it would post an item journal.
			field('Inventory', 'inventory', 'quantityonhand', 'number', 'toCrm', { decimals: 5 }),
			field('Base Unit of Measure', 'baseUnitOfMeasureCode', 'defaultuomid', 'lookup', 'bidirectional', {
				mapping: 'ITEM UOM',
				crmTable: 'uom',
				bcLength: 10,
			}),
			field('Blocked', 'blocked', 'statecode', 'code', 'bidirectional', { updateOnly: 'crm' }),
		],
	},
	rules: {
		...productRules({
			mapping: 'ITEM-PRODUCT',
			type: INVENTORY,
			owner: 'Item',
			units: 'ITEM UOM',
			unitOwner: 'Item_No',
			baseUnit: 'baseUnitOfMeasureCode',
			blocked: 'blocked',
			writeIn: 'writeInItem',
		}),
		firstMatch: [
			{ bcField: 'number', crmField: 'productnumber' },
			{ bcField: 'displayName', crmField: 'name', priority: 1 },
		],
	},
};

/** Without unit groups the base unit stands for the whole unit group of the product. */
function inUnitMode(mapping: TableMapping, { unitGroups }: Setup): TableMapping {
	if (unitGroups) return mapping;
	const group: Partial<FieldMapping> = {
		key: 'defaultuomscheduleid',
		crmField: 'defaultuomscheduleid',
		mapping: 'UNIT OF MEASURE',
		crmTable: 'uomschedule',
	};
	return {
		...mapping,
		dependsOn: ['UNIT OF MEASURE'],
		fields: mapping.fields.map((each) => (each.key === 'defaultuomid' ? { ...each, ...group } : each)),
	};
}

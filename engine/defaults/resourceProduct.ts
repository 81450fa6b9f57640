import { COMPANY_COLUMN } from '../model/companyColumn';
import { COMPANY } from '../mapping/filter';
import { common, field, type DefaultMapping } from './defaultMapping';
import { productRules } from './products/productRules';

/** Dataverse choice product.producttypecode: services. */
const SERVICES = 3;
const ACTIVE = 0;

/** Resources of Business Central and products of Dynamics 365 Sales, both ways. */
export const resourceProduct: DefaultMapping = {
	// Without unit groups no unit of resources is mapped; a new product gets the group of the base unit.
	variant: (mapping, { unitGroups }) =>
		unitGroups
			? mapping
			: { ...mapping, dependsOn: ['UNIT OF MEASURE'], fields: mapping.fields.filter(({ key }) => key !== 'defaultuomid') },
	mapping: {
		...common,
		name: 'RESOURCE-PRODUCT',
		caption: 'Resources – products',
		bc: { name: 'ResourceCard', numberField: 'No', nameField: 'Name', page: { keys: ['No'] } },
		crm: { name: 'product', numberField: 'productnumber', nameField: 'name' },
		direction: 'bidirectional',
		companyStamp: true,
		dependsOn: ['RESOURCE UOM'],
		bcFilter: { conditions: [{ field: 'Blocked', operator: 'eq', value: false, type: 'boolean' }] },
		crmFilter: {
			conditions: [
				{ field: COMPANY_COLUMN, operator: 'in', value: [COMPANY, null], type: 'lookup' },
				{ field: 'producttypecode', operator: 'eq', value: SERVICES, type: 'number' },
				{ field: 'statecode', operator: 'eq', value: ACTIVE, type: 'number' },
			],
		},
		// Vendor No. and Capacity are on no page that can be published.
		fields: [
			field('No.', 'No', 'productnumber', 'code', 'toCrm', { bcLength: 20, crmLength: 100 }),
			field('Name', 'Name', 'name', 'text', 'bidirectional', { bcLength: 100, crmLength: 100 }),
			field('Unit Price', 'Unit_Price', 'price', 'money', 'toCrm', { decimals: 5 }),
			field('Unit Cost', 'Unit_Cost', 'standardcost', 'money', 'toCrm', { decimals: 5 }),
			field('Unit Cost', 'Unit_Cost', 'currentcost', 'money', 'toCrm', { decimals: 5 }),
			field('Base Unit of Measure', 'Base_Unit_of_Measure', 'defaultuomid', 'lookup', 'toCrm', {
				mapping: 'RESOURCE UOM',
				crmTable: 'uom',
				bcLength: 10,
			}),
			field('Blocked', 'Blocked', 'statecode', 'code', 'bidirectional', { updateOnly: 'crm' }),
		],
	},
	rules: {
		...productRules({
			mapping: 'RESOURCE-PRODUCT',
			type: SERVICES,
			owner: 'Resource',
			units: 'RESOURCE UOM',
			unitOwner: 'Resource_No',
			baseUnit: 'Base_Unit_of_Measure',
			blocked: 'Blocked',
			writeIn: 'writeInResource',
		}),
		firstMatch: [
			{ bcField: 'No', crmField: 'productnumber' },
			{ bcField: 'Name', crmField: 'name', priority: 1 },
		],
	},
};

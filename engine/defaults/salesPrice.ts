import { A_DAY, common, field, type DefaultMapping } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { lineRules, withUnitGroup } from './prices/lineRules';

/** Dataverse choice productpricelevel.pricingmethodcode: the plain amount. */
const CURRENCY_AMOUNT = 1;

/** Without extended price calculation: sales prices of customer price groups are the items of their price lists. */
export const salesPrice: DefaultMapping = {
	activeWhen: ({ extendedPrices }) => !extendedPrices,
	variant: (mapping, { unitGroups }) => withUnitGroup(mapping, unitGroups),
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'SALESPRC-PRODPRICE',
		caption: 'Sales prices – price list items',
		bc: { name: 'SalesPrices', numberField: 'Item_No', nameField: 'Sales_Code', page: { keys: ['SystemId'] } },
		crm: { name: 'productpricelevel', numberField: null, nameField: 'productnumber' },
		direction: 'toCrm',
		onlyCoupled: false,
		dependsOn: ['CUSTPRCGRP-PRICE', 'ITEM-PRODUCT'],
		bcFilter: {
			conditions: [
				{ field: 'Sales_Type', operator: 'eq', value: 'Customer Price Group', type: 'enum' },
				{ field: 'Sales_Code', operator: 'ne', value: '', type: 'text' },
			],
		},
		fields: [
			field('Sales Code', 'Sales_Code', 'pricelevelid', 'lookup', 'toCrm', {
				parent: true,
				insertOnly: true,
				mapping: 'CUSTPRCGRP-PRICE',
				crmTable: 'pricelevel',
			}),
			field('Item No.', 'Item_No', 'productid', 'lookup', 'toCrm', { parent: true, mapping: 'ITEM-PRODUCT', crmTable: 'product' }),
			// Dataverse fills it from the product.
			field('Item No.', 'Item_No', 'productnumber', 'code', 'toCrm', { enabled: false, bcLength: 20, crmLength: 100 }),
			field('Currency Code', 'Currency_Code', 'transactioncurrencyid', 'currency', 'toCrm', {
				updateOnly: 'crm',
				mapping: 'CURRENCY',
				crmTable: 'transactioncurrency',
			}),
			field('Pricing Method', null, 'pricingmethodcode', 'number', 'toCrm', { constant: CURRENCY_AMOUNT }),
			field('Unit of Measure Code', 'Unit_of_Measure_Code', 'uomid', 'lookup', 'toCrm', {
				parent: true,
				mapping: 'ITEM UOM',
				crmTable: 'uom',
			}),
			field('Unit Price', 'Unit_Price', 'amount', 'money', 'toCrm', { decimals: 5 }),
		],
	},
	rules: toCrmOnly(
		lineRules({
			lists: 'CUSTPRCGRP-PRICE',
			list: 'Sales_Code',
			asset: 'Item_No',
			assetType: null,
			unit: 'Unit_of_Measure_Code',
			currency: 'Currency_Code',
		}),
	),
};

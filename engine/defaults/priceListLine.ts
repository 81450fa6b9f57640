import { A_DAY, common, field, type DefaultMapping } from './defaultMapping';
import { toCrmOnly } from './oneWay';
import { lineRules, withUnitGroup } from './prices/lineRules';
import { linesNotForCrm } from './prices/linesNotForCrm';

/** Dataverse choice productpricelevel.pricingmethodcode: the plain amount. */
const CURRENCY_AMOUNT = 1;

/** Prices of items and resources in the price lists of customers, with extended price calculation. */
export const priceListLine: DefaultMapping = {
	activeWhen: ({ extendedPrices }) => extendedPrices,
	variant: (mapping, { unitGroups }) => withUnitGroup(mapping, unitGroups),
	mapping: {
		...common,
		inactivitySleepMinutes: A_DAY,
		name: 'PLLINE-PRODPRICE',
		caption: 'Price list lines – price list items',
		bc: {
			name: 'PriceListLineReview',
			numberField: 'Asset_No',
			nameField: 'Description',
			page: { keys: ['Price_List_Code', 'Line_No'] },
		},
		crm: { name: 'productpricelevel', numberField: null, nameField: 'productnumber' },
		direction: 'toCrm',
		onlyCoupled: false,
		// Resources are among the lines, so their products come first.
		dependsOn: ['PLHEADER-PRICE', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT'],
		bcFilter: {
			conditions: [
				{ field: 'Amount_Type', operator: 'eq', value: 'Price', type: 'enum' },
				{ field: 'Asset_Type', operator: 'in', value: ['Item', 'Resource'], type: 'enum' },
				{ field: 'Minimum_Quantity', operator: 'eq', value: 0, type: 'number' },
			],
		},
		fields: [
			field('Price List Code', 'Price_List_Code', 'pricelevelid', 'lookup', 'toCrm', {
				parent: true,
				insertOnly: true,
				mapping: 'PLHEADER-PRICE',
				crmTable: 'pricelevel',
			}),
			field('Asset No.', 'Asset_No', 'productid', 'lookup', 'toCrm', { parent: true, mapping: 'ITEM-PRODUCT', crmTable: 'product' }),
			// Dataverse fills it from the product.
			field('Asset No.', 'Asset_No', 'productnumber', 'code', 'toCrm', { enabled: false, bcLength: 20, crmLength: 100 }),
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
	rules: toCrmOnly({
		...lineRules({
			lists: 'PLHEADER-PRICE',
			list: 'Price_List_Code',
			asset: 'Asset_No',
			assetType: 'Asset_Type',
			unit: 'Unit_of_Measure_Code',
			currency: 'Currency_Code',
		}),
		ignore: linesNotForCrm,
		access: () => ({ businessCentral: { ResourceCard: ['Read'] } }),
	}),
};

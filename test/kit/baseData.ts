import type { Sandbox } from '../../sandbox';

/** What both systems hold before a test adds its own records. */
export interface BaseData {
	companyId: string;
	companyName: string;
	/** Row of bcbi_company for the company. */
	companyRowId: string;
	/** Base currency of the CRM organization, which is also the company's local currency. */
	baseCurrencyId: string;
	/** Dataverse users who become salespeople. */
	users: string[];
}

/** Pages of the default mappings that an administrator has to publish. */
const PAGES = [
	'ShippingAgents',
	'ItemUnitGroups',
	'ResourceUnitGroups',
	'ItemUnitsOfMeasure',
	'ResourceUnitsOfMeasure',
	'ResourceCard',
	'CustomerPriceGroups',
	'SalesPrices',
	'SalesPriceList',
	'PriceListLineReview',
];

const GUID = (block: number, number: number): string => `0000000${block}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** A company with local currency GBP, two foreign currencies with rates, codes that equal Dataverse's labels, and two licensed CRM users. */
export function seedBase(sandbox: Sandbox): BaseData {
	const { crm, businessCentral } = sandbox;
	const company = businessCentral.company('CRONUS International Ltd.');
	for (const page of PAGES) businessCentral.publish(page);
	const users = [GUID(1, 1), GUID(1, 2)];
	const { baseCurrencyId } = crm;
	const companyRowId = GUID(3, 1);
	crm.seed('transactioncurrency', [
		{
			transactioncurrencyid: baseCurrencyId,
			isocurrencycode: 'GBP',
			currencyname: 'Pound Sterling',
			currencysymbol: '£',
			exchangerate: 1,
			currencyprecision: 2,
		},
	]);
	crm.seed('bcbi_company', [{ bcbi_companyid: companyRowId, bcbi_externalid: company.id, bcbi_name: 'CRONUS' }]);
	crm.seed(
		'systemuser',
		users.map((systemuserid, index) => ({
			systemuserid,
			fullname: ['Helena Ray', 'Otis Falk'][index],
			internalemailaddress: ['helena@cronus.example', 'otis@cronus.example'][index],
			mobilephone: '',
			isdisabled: false,
			islicensed: true,
			isintegrationuser: false,
		})),
	);
	company.seed('currencies', [
		{ code: 'EUR', displayName: 'Euro', symbol: '€' },
		{ code: 'USD', displayName: 'US dollar', symbol: '$' },
	]);
	company.seed('currencyExchangeRates', [
		{ currencyCode: 'EUR', startingDate: '2026-01-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 80 },
		{ currencyCode: 'USD', startingDate: '2026-01-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 75 },
	]);
	company.seed('paymentTerms', [
		{ code: 'NET 30', displayName: 'Net 30 days' },
		{ code: 'NET 60', displayName: 'Net 60 days' },
	]);
	company.seed('countriesRegions', [{ code: 'GB', displayName: 'Great Britain' }]);
	company.seed('shipmentMethods', [{ code: 'FOB', displayName: 'Free on board' }]);
	return { companyId: company.id, companyName: company.name, companyRowId, baseCurrencyId, users };
}

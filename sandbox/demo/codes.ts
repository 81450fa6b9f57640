import type { BusinessCentralCompany } from '../businessCentral';

/** Code tables. Codes equal labels of Dataverse choice columns where ten characters allow it. */
export function seedCodes(company: BusinessCentralCompany): void {
	company.seed('paymentTerms', [
		{ code: 'NET 30', displayName: 'Net 30 days', dueDateCalculation: '30D' },
		{ code: 'NET 45', displayName: 'Net 45 days', dueDateCalculation: '45D' },
		{ code: 'NET 60', displayName: 'Net 60 days', dueDateCalculation: '60D' },
		{
			code: '1M(8D)',
			displayName: '1 month, 2% within 8 days',
			dueDateCalculation: '1M',
			discountDateCalculation: '8D',
			discountPercent: 2,
		},
		{ code: 'COD', displayName: 'Cash on delivery', dueDateCalculation: '0D' },
	]);
	company.seed('paymentMethods', [
		{ code: 'BANK', displayName: 'Bank transfer' },
		{ code: 'CARD', displayName: 'Card payment' },
		{ code: 'CASH', displayName: 'Cash payment' },
	]);
	company.seed('shipmentMethods', [
		{ code: 'FOB', displayName: 'Free on board' },
		{ code: 'NO CHARGE', displayName: 'No charge' },
		{ code: 'EXW', displayName: 'Ex works' },
	]);
	company.seed('ShippingAgents', [
		{ Code: 'AIRBORNE', Name: 'Airborne Express' },
		{ Code: 'DHL', Name: 'DHL Systems, Inc.', Internet_Address: 'www.dhl.com' },
		{ Code: 'FEDEX', Name: 'Federal Express Corporation', Internet_Address: 'www.fedex.com' },
		{ Code: 'UPS', Name: 'United Parcel Service of America, Inc.', Internet_Address: 'www.ups.com' },
		{ Code: 'FULL LOAD', Name: 'Full load by own lorry' },
		{ Code: 'WILL CALL', Name: 'Customer collects' },
	]);
	const postCodeCity = { addressFormat: 'Post_x0020_Code_x002B_City' };
	company.seed('countriesRegions', [
		{ code: 'GB', displayName: 'Great Britain', addressFormat: 'City_x002B_Post_x0020_Code' },
		{ code: 'DE', displayName: 'Germany', ...postCodeCity },
		{ code: 'SE', displayName: 'Sweden', ...postCodeCity },
		{ code: 'PL', displayName: 'Poland', ...postCodeCity },
		{ code: 'CH', displayName: 'Switzerland', ...postCodeCity },
		{ code: 'FR', displayName: 'France', ...postCodeCity },
		{ code: 'DK', displayName: 'Denmark', ...postCodeCity },
		{ code: 'US', displayName: 'USA', addressFormat: 'City_x002B_County_x002B_Post_x0020_Code' },
	]);
	company.seed('unitsOfMeasure', [
		{ code: 'PCS', displayName: 'Piece', internationalStandardCode: 'EA' },
		{ code: 'BOX', displayName: 'Box', internationalStandardCode: 'BX' },
		{ code: 'HOUR', displayName: 'Hour', internationalStandardCode: 'HUR' },
		{ code: 'PACK', displayName: 'Pack', internationalStandardCode: 'PK' },
	]);
	company.seed('itemCategories', [
		{ code: 'CHAIR', displayName: 'Office chair' },
		{ code: 'DESK', displayName: 'Office desk' },
		{ code: 'MISC', displayName: 'Miscellaneous' },
	]);
	company.seed('CustomerPriceGroups', [{ Code: 'WHOLESALE', Description: 'Wholesale customers' }]);
}

const rates: Readonly<Record<string, { name: string; symbol: string; perEuro: number }>> = {
	EUR: { name: 'Euro', symbol: '€', perEuro: 1 },
	GBP: { name: 'Pound Sterling', symbol: '£', perEuro: 0.86 },
	USD: { name: 'US dollar', symbol: '$', perEuro: 1.09 },
	SEK: { name: 'Swedish krona', symbol: 'kr', perEuro: 11.2 },
	CHF: { name: 'Swiss franc', symbol: 'CHF', perEuro: 0.95 },
};

/** Foreign currencies with a rate for this and the last year; the local currency has no row. */
export function seedCurrencies(company: BusinessCentralCompany, year: number): void {
	const lcy = company.settings.lcyCode;
	const foreign = Object.entries(rates).filter(([code]) => code !== lcy);
	company.seed(
		'currencies',
		foreign.map(([code, { name, symbol }]) => ({
			code,
			displayName: name,
			symbol,
			amountDecimalPlaces: '2:2',
			amountRoundingPrecision: 0.01,
		})),
	);
	const perLcy = rates[lcy]?.perEuro ?? 1;
	company.seed(
		'currencyExchangeRates',
		foreign.flatMap(([currencyCode, { perEuro }]) =>
			[year - 1, year].map((one, index) => ({
				currencyCode,
				startingDate: `${one}-01-01`,
				exchangeRateAmount: 100,
				relationalExchangeRateAmount: Math.round((100 * perLcy * (index === 0 ? 0.98 : 1) * 10000) / perEuro) / 10000,
			})),
		),
	);
}

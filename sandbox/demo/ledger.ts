import type { BusinessCentralCompany } from '../businessCentral';

/** Accounts, locations, dimensions and the like: what sales documents and their posting refer to. */
export function seedLedger(company: BusinessCentralCompany, year: number): void {
	const account = (number: string, displayName: string, category: string, more: object = {}) => ({
		number,
		displayName,
		category,
		accountType: 'Posting',
		directPosting: true,
		...more,
	});
	company.seed('accounts', [
		account('2310', 'Customers', 'Assets', { directPosting: false }),
		account('2920', 'Bank', 'Assets'),
		account('5610', 'Sales VAT', 'Liabilities', { directPosting: false }),
		account('6110', 'Sales', 'Income'),
		account('6810', 'Freight', 'Income'),
	]);
	company.seed('locations', [
		{ code: 'EAST', displayName: 'East Warehouse', city: 'London' },
		{ code: 'WEST', displayName: 'West Warehouse', city: 'Bristol' },
	]);
	company.seed('dimensions', [
		{ code: 'AREA', Name: 'Area' },
		{ code: 'SALESCAMPAIGN', Name: 'Sales campaign' },
	]);
	company.seed('dimensionValues', [
		{ code: '30', Name: 'Europe', 'Dimension Code': 'AREA' },
		{ code: '40', Name: 'America', 'Dimension Code': 'AREA' },
		{ code: 'SUMMER', Name: 'Summer', 'Dimension Code': 'SALESCAMPAIGN' },
	]);
	company.seed('taxGroups', [{ code: 'STANDARD', displayName: 'Standard rate', taxType: 'VAT' }]);
	company.seed('taxAreas', [{ code: 'DOMESTIC', displayName: 'Domestic', taxType: 'VAT' }]);
	company.seed('disputeStatus', [{ code: 'PRICE', displayName: 'Price is disputed' }]);
	company.seed('customerPaymentJournals', [{ code: 'CASHRCPT', displayName: 'Customer payments' }]);
	company.seed(
		'accountingPeriods',
		Array.from({ length: 12 }, (_, month) => ({
			startingDate: `${year}-${String(month + 1).padStart(2, '0')}-01`,
			name: new Date(Date.UTC(year, month, 1)).toLocaleString('en', { month: 'long', timeZone: 'UTC' }),
			newFiscalYear: month === 0,
		})),
	);
}

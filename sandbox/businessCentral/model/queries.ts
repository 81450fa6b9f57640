import type { EntitySource } from './entitySource';

/**
 * API queries (APIV2CustomerSales.Query.al, APIV2VendorPurchases.Query.al): customers and vendors with the sum of their ledger entries, which the filter
 * element `dateFilter_FilterOnly` narrows. No records: nothing can be written.
 */
export const queries: readonly EntitySource[] = [
	{
		name: 'customerSales',
		entityName: 'customerSale',
		pageId: 30000,
		table: 'Customer',
		tableNo: 18,
		query: true,
		key: 'customerId',
		properties: {
			customerId: 'SystemId|guid!',
			customerNumber: 'No.|code20!',
			name: 'Name|text100!',
			totalSalesAmount: 'Total Sales|decimal!^',
			dateFilter_FilterOnly: 'Posting Date|date?',
		},
	},
	{
		name: 'vendorPurchases',
		entityName: 'vendorPurchase',
		pageId: 30001,
		table: 'Vendor',
		tableNo: 23,
		query: true,
		key: 'vendorId',
		properties: {
			vendorId: 'SystemId|guid!',
			vendorNumber: 'No.|code20!',
			name: 'Name|text100!',
			totalPurchaseAmount: 'Total Purchases|decimal!^',
			dateFilter_FilterOnly: 'Posting Date|date?',
		},
	},
];

import type { BusinessCentralWebClient } from './options';

/** Page that shows one record, and the caption of the field it is found by. */
const PAGES: Readonly<Record<string, { page: number; field: string }>> = {
	customers: { page: 21, field: 'No.' },
	vendors: { page: 26, field: 'No.' },
	contacts: { page: 5050, field: 'No.' },
	items: { page: 30, field: 'No.' },
	salespeoplePurchasers: { page: 5116, field: 'Code' },
	currencies: { page: 5, field: 'Code' },
	opportunities: { page: 5124, field: 'No.' },
	salesQuotes: { page: 41, field: 'No.' },
	salesOrders: { page: 42, field: 'No.' },
	salesInvoices: { page: 132, field: 'No.' },
	paymentTerms: { page: 4, field: 'Code' },
	paymentMethods: { page: 427, field: 'Code' },
	shipmentMethods: { page: 11, field: 'Code' },
	unitsOfMeasure: { page: 209, field: 'Code' },
	itemCategories: { page: 5733, field: 'Code' },
	countriesRegions: { page: 10, field: 'Code' },
};

/** Address of the record's page in the web client, filtered to its number; null for tables without a page we know, or without a number. */
export function webClientLink(
	client: BusinessCentralWebClient | null | undefined,
	table: string,
	number: string | undefined,
): string | null {
	const page = PAGES[table];
	if (!client || !page || !number) return null;
	const path = [client.baseUrl.replace(/\/+$/, ''), client.tenant, client.environment && encodeURIComponent(client.environment)]
		.filter(Boolean)
		.join('/');
	const filter = `'${page.field}' IS '${number.replaceAll("'", "''")}'`;
	return `${path}/?company=${encodeURIComponent(client.companyName)}&page=${page.page}&filter=${encodeURIComponent(filter)}`;
}

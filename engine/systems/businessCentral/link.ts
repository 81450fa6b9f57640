import { keyValues } from '../../model/compositeId';
import type { BusinessCentralWebClient } from './options';
import { STANDARD_PAGES } from './standardPages';
import type { TableSource } from '../../model/record';
import { keyTableOf, pageOf } from '../../model/recordIdentity';

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

/**
 * Address of the record's page in the web client, filtered to its number, or for pages of ODataV4 to its key; null for tables without a page we
 * know, or without a number.
 */
export function webClientLink(client: BusinessCentralWebClient | null | undefined, table: TableSource, record: Shown): string | null {
	const found = pageOf(table) ? keyedPage(table, valuesOfKey(table, record)) : numberedPage(table.name, record.number);
	if (!client || !found) return null;
	const path = [client.baseUrl.replace(/\/+$/, ''), ...(client.environment ? [client.tenant, encodeURIComponent(client.environment)] : [])]
		.filter(Boolean)
		.join('/');
	const filter = found.conditions.map(([field, value]) => `'${field}' IS '${value.replaceAll("'", "''")}'`).join(' AND ');
	// A server of one's own takes the tenant as an option, the cloud as a part of the path.
	const tenant = client.tenant && !client.environment ? `tenant=${encodeURIComponent(client.tenant)}&` : '';
	return `${path}/?${tenant}company=${encodeURIComponent(client.companyName)}&page=${found.page}&filter=${encodeURIComponent(filter)}`;
}

/** What is known of a record that is to be shown. */
interface Shown {
	id: string;
	number: string | undefined;
	name: string | undefined;
}

/** By the id, where it is made of the key; else by number and name, where the key is made of these. */
function valuesOfKey({ page, extension, numberField, nameField }: TableSource, { id, number, name }: Shown): string[] {
	if (page) return keyValues(id);
	return extension!.keys.flatMap((key) => (key === numberField ? number : key === nameField ? name : undefined) || []);
}

interface FoundPage {
	page: number;
	conditions: Array<[field: string, value: string]>;
}

function numberedPage(table: string, number: string | undefined): FoundPage | null {
	const known = PAGES[table];
	return known && number ? { page: known.page, conditions: [[known.field, number]] } : null;
}

function keyedPage(table: TableSource, values: readonly string[]): FoundPage | null {
	const known = STANDARD_PAGES[keyTableOf(table)];
	if (!known?.keys || known.keys.length !== values.length) return null;
	return { page: known.page, conditions: known.keys.map((field, index) => [field, values[index]!]) };
}

import type { CompanyData } from '../data/companyData';
import { zeroGuid, type Fields, type Row, type Value } from '../data/row';
import { stampText } from '../data/stamp';
import { apiViews, targetOf } from '../model/schema';
import { shows, type Navigation, type View } from '../model/view';
import { contactsOf } from './contactsInformation';
import { reader } from './values';

/** Property that holds the id a to-one navigation leads to, where it is not the name of the navigation followed by `Id`. */
const idProperty: Readonly<Record<string, string>> = {
	paymentTerm: 'paymentTermsId',
	salesQuote: 'documentId',
	salesOrder: 'documentId',
	salesInvoice: 'documentId',
	contact: 'contactId',
};

/** Rows a navigation leads to from `row`. */
export function follow(view: View, row: Row, navigation: Navigation, company: CompanyData): Row[] {
	const target = targetOf(navigation);
	if (navigation.page) return linked(row, navigation.page.link, target, company);
	if (navigation.target === 'contactsInformation') {
		if (view.name === 'contacts') return contactsOf(company, 'Contact', row);
		return contactsOf(company, view.name === 'customers' ? 'Customer' : 'Vendor', row);
	}
	const temporary = madeRows[navigation.target]?.(view, row, company);
	if (temporary) return temporary;
	const table = company.table(target.table);
	if (navigation.many) {
		const link = childFields(view, row, navigation);
		const [field, value] = Object.entries(link).at(-1) ?? [];
		return field === undefined ? [] : table.withField(field, value!).sort((a, b) => (table.keyOf(a) < table.keyOf(b) ? -1 : 1));
	}
	if (target.table === view.table) return [row];
	let id: Value = zeroGuid;
	if (view.name === 'contactsInformation' && navigation.name !== 'contact') {
		id =
			row.fields['Related Type'] === (navigation.name === 'customer' ? 'Customer' : 'Vendor')
				? (row.fields['Related Id'] ?? zeroGuid)
				: zeroGuid;
	} else if (view.name === 'documentAttachments') {
		id = row.fields['Document Id'] ?? zeroGuid;
	} else {
		const property = view.byName.get(`${navigation.name}Id`) ?? view.byName.get(idProperty[navigation.name] ?? '');
		if (property) id = reader(view, property)(row, company);
	}
	const found = table.get(String(id));
	return found ? [found] : [];
}

/** SubPageLink of a page of an extension. */
function linked(row: Row, link: Readonly<Record<string, string>>, target: View, company: CompanyData): Row[] {
	const table = company.table(target.table);
	const wanted = linkValues(row, link);
	if ('SystemId' in wanted) return [table.get(String(wanted['SystemId']))].filter((found) => found !== undefined);
	const [[field, value] = ['', ''], ...rest] = Object.entries(wanted);
	return table
		.withField(field, value)
		.filter((each) => shows(target, each) && rest.every(([name, one]) => (each.fields[name] ?? '') === one))
		.sort((a, b) => (table.keyOf(a) < table.keyOf(b) ? -1 : 1));
}

const linkValues = (row: Row, link: Readonly<Record<string, string>>): Record<string, Value> =>
	Object.fromEntries(Object.entries(link).map(([child, own]) => [child, own === 'SystemId' ? row.id : (row.fields[own] ?? '')]));

/** Fields that tie a child to its parent: what a POST to the nested collection sets. */
export function childFields(view: View, row: Row, navigation: Navigation): Record<string, Value> {
	if (navigation.page) return linkValues(row, navigation.page.link);
	switch (navigation.target) {
		case 'itemVariants':
			return { 'Item No.': row.fields['No.'] ?? '' };
		case 'documentAttachments':
		case 'attachments':
			return { 'Document Type': parentType[view.name] ?? '', 'Document Id': row.id };
		case 'dimensionSetLines':
			return { 'Parent Type': parentType[view.name] ?? '', 'Parent Id': row.id };
		case 'defaultDimensions':
			return { 'Parent Type': parentType[view.name] ?? '', ParentId: row.id };
		case 'dimensionValues':
			return { 'Dimension Code': row.fields['Code'] ?? '' };
		case 'customerPayments':
			return { 'Journal Batch Name': row.fields['Name'] ?? '', 'Journal Batch Id': row.id };
		default:
			return { 'Document Id': row.id };
	}
}

const parentType: Readonly<Record<string, string>> = {
	customers: 'Customer',
	vendors: 'Vendor',
	items: 'Item',
	contacts: 'Contact',
	salesQuotes: 'Sales Quote',
	salesOrders: 'Sales Order',
	salesInvoices: 'Sales Invoice',
	salesCreditMemos: 'Sales Credit Memo',
	salesShipments: 'Sales Shipment',
	salesQuoteArchives: 'Sales Quote Archive',
	salesOrderArchives: 'Sales Order Archive',
	salesQuoteArchiveLines: 'Sales Quote Archive Line',
	salesOrderArchiveLines: 'Sales Order Archive Line',
	salesQuoteLines: 'Sales Quote Line',
	salesOrderLines: 'Sales Order Line',
	salesInvoiceLines: 'Sales Invoice Line',
	salesCreditMemoLines: 'Sales Credit Memo Line',
	salesShipmentLines: 'Sales Shipment Line',
	generalLedgerEntries: 'General Ledger Entry',
	customerPayments: 'Journal Line',
};

const made = (row: Row, fields: Fields): Row => ({ ...row, fields, flow: {} });

/** Rows of temporary tables, which BC makes when they are asked for. */
const madeRows: Readonly<Record<string, (view: View, row: Row, company: CompanyData) => Row[] | undefined>> = {
	pdfDocument: (view, row) => {
		const number = String(row.fields['No.'] ?? '');
		// A PDF file in its shortest form: enough for a client that looks at the first bytes.
		const content = `%PDF-1.4\n% ${parentType[view.name] ?? ''} ${number}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`;
		return [made(row, { 'Document Id': row.id, 'Document Type': parentType[view.name] ?? '', Content: content })];
	},
	pictures: (view, row, company) => {
		const stored = company.table('Picture').get(row.id);
		return [stored ?? made(row, { 'Parent Type': parentType[view.name] ?? '' })];
	},
	agedAccountsReceivables: (_view, row, company) => [made(row, aged(row, company))],
};

/** Open entries of a customer by how long they are due: not yet, up to 30, 60 days, and before. */
function aged(customer: Row, company: CompanyData): Fields {
	const today = stampText(company.now()).slice(0, 10);
	const sums = [0, 0, 0, 0];
	for (const entry of company.table('Cust. Ledger Entry').withField('Customer No.', customer.fields['No.'] ?? '')) {
		const days = (Date.parse(today) - Date.parse(String(entry.fields['Due Date'] || today))) / 86_400_000;
		sums[days <= 0 ? 0 : days <= 30 ? 1 : days <= 60 ? 2 : 3]! += Number(entry.flow['Remaining Amount'] ?? 0);
	}
	const [before, first, second, third] = sums.map((sum) => Math.round(sum * 100) / 100) as [number, number, number, number];
	const amounts = { Balance: Math.round((before + first + second + third) * 100) / 100, Before: before };
	const periods = { 'Period 1': first, 'Period 2': second, 'Period 3': third };
	const { 'No.': number = '', Name: name = '', 'Currency Code': currency = '' } = customer.fields;
	return {
		'No.': number,
		Name: name,
		'Currency Code': currency,
		...amounts,
		...periods,
		'Period Start Date': today,
		'Period Length': '30D',
	};
}

const setOfType: Readonly<Record<string, string>> = {
	Quote: 'salesQuotes',
	Order: 'salesOrders',
	Invoice: 'salesInvoices',
	'Posted Invoice': 'salesInvoices',
	'Credit Memo': 'salesCreditMemos',
	'Posted Credit Memo': 'salesCreditMemos',
};
const pictured: ReadonlyArray<readonly [string, string]> = [
	['Customer', 'customers'],
	['Vendor', 'vendors'],
	['Item', 'items'],
	['Contact', 'contacts'],
];

/** The row of a temporary table by its id, which is that of its parent. */
export function temporaryRow(view: View, id: string, company: CompanyData): Row | undefined {
	if (view.custom) return undefined;
	if (view.name === 'pdfDocument') {
		const header = company.table('Sales Header').get(id);
		const parent = header && apiViews.get(setOfType[String(header.fields['Document Type'])] ?? '');
		return parent && madeRows['pdfDocument']!(parent, header, company)?.[0];
	}
	if (view.name !== 'pictures') return undefined;
	for (const [table, set] of pictured) {
		const row = company.table(table).get(id);
		if (row) return madeRows['pictures']!(apiViews.get(set)!, row, company)?.[0];
	}
	return undefined;
}

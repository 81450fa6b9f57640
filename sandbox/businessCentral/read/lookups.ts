import type { CompanyData } from '../data/companyData';
import { stampText } from '../data/stamp';
import { encodeMember } from '../model/names';
import { zeroGuid, type Row, type Value } from '../data/row';

type Lookup = (row: Row, company: CompanyData) => Value;

const textOf = (row: Row | undefined, field: string): string => String(row?.fields[field] ?? '');

/** A blank currency reads as the LCY code. */
const currencyCode: Lookup = (row, company) => row.fields['Currency Code'] || company.settings.lcyCode;

const contactOf: (row: Row, company: CompanyData) => Row | undefined = (row, company) =>
	company.table('Contact').getByKey(row.fields['Contact No.'] ?? '');

/** The customer a person contact belongs to, through the business relation of its company contact. */
function customerOf(row: Row, company: CompanyData): Row | undefined {
	const number = row.fields['Company No.'] || row.fields['No.'] || '';
	const relation = company
		.table('Contact Business Relation')
		.withField('Contact No.', number)
		.find(({ fields }) => fields['Link to Table'] === 'Customer');
	return relation && company.table('Customer').getByKey(relation.fields['No.'] ?? '');
}

const dimensionOf = (row: Row, company: CompanyData): Row | undefined =>
	company.table('Dimension').getByKey(row.fields['Dimension Code'] ?? '');
const valueOf = (row: Row, company: CompanyData): Row | undefined =>
	company.table('Dimension Value').getByKey(row.fields['Dimension Code'] ?? '', row.fields['Dimension Value Code'] ?? '');

/** API status → status of the document: what API v2.0 calls Draft is Open in BC, and its Open is Released. */
const documentStatus: Lookup = (row) =>
	row.fields['Document Type'] !== 'Order'
		? 'Open'
		: ({ Open: 'Released', 'In Review': 'Pending Approval' }[String(row.fields['Status'])] ?? 'Open');

/** Properties bound to page variables or to other tables, by `view.property` or `table.property`. */
export const lookups: Readonly<Record<string, Lookup>> = {
	'Customer.taxAreaDisplayName': () => '',
	'customers.currencyCode': currencyCode,
	'vendors.currencyCode': currencyCode,
	'salesQuotes.currencyCode': currencyCode,
	'salesOrders.currencyCode': currencyCode,
	'salesInvoices.currencyCode': currencyCode,
	'companyInformation.currencyCode': (_row, company) => company.settings.lcyCode,
	'companyInformation.currentFiscalYearStartDate': (_row, company) => `${stampText(company.now()).slice(0, 4)}-01-01`,
	'companyInformation.experience': (row) => row.fields['Experience'] ?? 'Essential',
	'items.inventory': (row) => row.flow['Inventory'] ?? 0,
	'opportunities.contactName': (row, company) => textOf(contactOf(row, company), 'Name'),
	'opportunities.contactCompanyName': (row, company) => textOf(contactOf(row, company), 'Company Name'),
	'customerContacts.customerId': (row, company) => customerOf(row, company)?.id ?? zeroGuid,
	'customerContacts.customerName': (row, company) => textOf(customerOf(row, company), 'Name'),
	'salesOrders.partialShipping': (row) => row.fields['Shipping Advice'] !== 'Complete',
	'salesInvoices.remainingAmount': (row) =>
		row.flow['Remaining Amount'] ?? (row.fields['Document Type'] === 'Posted Invoice' ? (row.fields['Amount Including VAT'] ?? 0) : 0),
	'salesShipments.currencyCode': currencyCode,
	'salesCreditMemos.currencyCode': currencyCode,
	'salesCreditMemos.invoiceId': (row) => row.fields['Applies-to Invoice Id'] ?? zeroGuid,
	'generalLedgerSetup.localCurrencyCode': (_row, company) => company.settings.lcyCode,
	'dimensionSetLines.displayName': (row, company) => textOf(dimensionOf(row, company), 'Name'),
	'dimensionSetLines.valueId': (row, company) => valueOf(row, company)?.id ?? zeroGuid,
	'dimensionSetLines.valueDisplayName': (row, company) => textOf(valueOf(row, company), 'Name'),
	'defaultDimensions.dimensionValueId': (row, company) => valueOf(row, company)?.id ?? zeroGuid,
	'salesOrderArchives.status': (row, company) => encodeMember(String(documentStatus(row, company))),
	'salesQuoteArchives.status': () => 'Open',
	'postedSalesInvoices.id': (row) => row.fields['Invoice SystemId'] ?? row.id,
	'salesDocuments.status': documentStatus,
	'workflowSalesDocuments.status': documentStatus,
	'salesDocumentLines.outstandingQuantity': (row) => Number(row.fields['Quantity'] ?? 0) - Number(row.fields['Quantity Shipped'] ?? 0),
	'CustomerLedgerEntries.Remaining_Amount': (row) => row.flow['Remaining Amount'] ?? 0,
	'ChangeLogEntries.Old_Value_Local': (row) => row.fields['Old Value'] ?? '',
	'ChangeLogEntries.New_Value_Local': (row) => row.fields['New Value'] ?? '',
};

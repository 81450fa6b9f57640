import { BC_OVERLAP_MS } from '../../defaults/defaultMapping';
import type { CompanySettings } from '../../model/companySettings';
import type { FieldName, TableSource } from '../../model/record';
import type { TableMapping } from '../../model/tableMapping';

/** Name under which the figures of customers keep their lease, rows, failures, watermark and log. */
export const STATISTICS = 'ACCOUNT-STATISTICS';
/** Mapping whose couples say which customer is which account. */
export const CUSTOMER_MAPPING = 'CUSTOMER';

export const BC_CUSTOMERS: TableSource = { name: 'customers', numberField: 'number', nameField: 'displayName' };
/** Page 30048: what a customer owes, and what of it was due before today. */
export const BC_DETAILS: TableSource = { name: 'customerFinancialDetails', numberField: 'number', nameField: 'number' };
export const BC_INVOICES: TableSource = { name: 'salesInvoices', numberField: 'number', nameField: 'customerName' };
export const BC_CREDIT_MEMOS: TableSource = { name: 'salesCreditMemos', numberField: 'number', nameField: 'customerName' };
export const ACCOUNTS: TableSource = { name: 'account', numberField: 'accountnumber', nameField: 'name' };
export const STATISTICS_ROWS: TableSource = { name: 'nav_accountstatistics', numberField: 'nav_customerno', nameField: 'nav_name' };
export const CURRENCIES: TableSource = { name: 'transactioncurrency', numberField: 'isocurrencycode', nameField: 'currencyname' };

/** Column of the account that names its figures. */
export const LINK = 'nav_accountstatisticsid';
/** Page 6408, published from the start up to version 29: what no entity set of API v2.0 shows of a customer. */
export const PAGE = 'workflowCustomers';
/** Page 6403, the same of document lines. */
export const LINE_PAGE = 'salesDocumentLines';

/** The page under the name that the company gives it. */
export const customerPage = ({ pages }: CompanySettings): TableSource => ({
	name: pages[PAGE] ?? PAGE,
	numberField: 'number',
	nameField: 'name',
	page: { keys: ['number'], standardName: PAGE },
	written: [],
});

export const linePage = ({ pages }: CompanySettings): TableSource => ({
	name: pages[LINE_PAGE] ?? LINE_PAGE,
	numberField: null,
	nameField: 'description',
	page: { keys: ['documentType', 'documentNumber', 'lineNumber'], standardName: LINE_PAGE },
	written: [],
});

/** Columns of a row of figures that are written, in the order of Microsoft's table. */
export const MONEY_COLUMNS = [
	'nav_balancelcy',
	'nav_outstandingorderslcy',
	'nav_shippednotinvoicedlcy',
	'nav_outstandinginvoiceslcy',
	'nav_totallcy',
	'nav_creditlimitlcy',
	'nav_overdueamountslcy',
	'nav_totalsaleslcy',
	'nav_invoicedprepaymentamountlcy',
] as const;
export const AS_OF = 'nav_overdueamountsasof';
export const ROW_COLUMNS: readonly FieldName[] = ['nav_name', 'nav_customerno', ...MONEY_COLUMNS, AS_OF];

/** Figures of customers as jobs and the log name them: the customer and its account. */
export const STATISTICS_FLOW: TableMapping = {
	name: STATISTICS,
	caption: 'Customer statistics',
	bc: BC_CUSTOMERS,
	crm: ACCOUNTS,
	direction: 'toCrm',
	onlyCoupled: true,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: [CUSTOMER_MAPPING],
	fields: [],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: BC_OVERLAP_MS, crm: 0 },
};

import type { CrmRight } from '../../model/access';

/**
 * What privileges are called where it is not the name of their table: tables of price lists, units and lines share the privileges of what they belong to.
 * Source: https://learn.microsoft.com/power-platform/admin/security-roles-privileges and the metadata of the tables (EntityMetadata.Privileges).
 */
const NAMES: Readonly<Record<string, string>> = {
	account: 'Account',
	contact: 'Contact',
	transactioncurrency: 'TransactionCurrency',
	systemuser: 'User',
	team: 'Team',
	organization: 'Organization',
	product: 'Product',
	pricelevel: 'Product',
	productpricelevel: 'Product',
	uom: 'Product',
	uomschedule: 'Product',
	opportunity: 'Opportunity',
	opportunityproduct: 'Opportunity',
	quote: 'Quote',
	quotedetail: 'Quote',
	salesorder: 'Order',
	salesorderdetail: 'Order',
	invoice: 'Invoice',
	invoicedetail: 'Invoice',
	lead: 'Lead',
	annotation: 'Note',
};

/** Name of a privilege where metadata cannot be asked: `prvReadAccount`. Custom tables go by their schema name, which may differ in capitals. */
export const usualPrivilegeName = (table: string, right: CrmRight): string => `prv${right}${NAMES[table] ?? table}`;

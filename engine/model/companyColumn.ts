/**
 * Column with the company of a CRM row, and id of the rows of table `bcbi_company` that it names. Both come with Microsoft's integration solution.
 */
export const COMPANY_COLUMN = 'bcbi_companyid';

/** Value of the column for a row of a company. */
export const companyStamp = (companyRowId: string): { [COMPANY_COLUMN]: { table: string; id: string } } => ({
	[COMPANY_COLUMN]: { table: 'bcbi_company', id: companyRowId },
});

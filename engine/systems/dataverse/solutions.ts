/** Tables of the Dynamics 365 Sales app; a Dataverse environment without it has accounts, contacts and currencies only. */
const SALES = new Set([
	'competitor',
	'invoice',
	'invoicedetail',
	'lead',
	'opportunity',
	'opportunityproduct',
	'pricelevel',
	'product',
	'productpricelevel',
	'quote',
	'quotedetail',
	'salesorder',
	'salesorderdetail',
	'uom',
	'uomschedule',
]);

/** How a table comes into the environment, in words; null for tables nobody knows. */
export function solutionOf(table: string): string | null {
	if (SALES.has(table)) {
		return 'The table comes with the Dynamics 365 Sales app: install it in this environment (Power Platform admin center → Dynamics 365 apps), or disable the table mapping.';
	}
	if (/^(bcbi|nav|cdm)_/.test(table)) {
		return "The table comes with Microsoft's Business Central integration solution: install it in this environment, or disable the table mapping.";
	}
	return null;
}

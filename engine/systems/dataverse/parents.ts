import type { FieldName, FieldValue, LookupValue } from '../../model/record';

/**
 * Rows below a header whose totals the service calculates anew with each of them, and units, which refer to each other within their group: writes of
 * several at a time wait for each other's lock, or end in a deadlock ("Service protection API limits" asks for parallel requests, "Scalable
 * customization design" describes the locks; both learn.microsoft.com).
 */
const PARENTS: Readonly<Record<string, FieldName>> = {
	salesorderdetail: 'salesorderid',
	quotedetail: 'quoteid',
	invoicedetail: 'invoiceid',
	opportunityproduct: 'opportunityid',
	uom: 'uomscheduleid',
};

/** Name of the parent that a change names; empty where there is none, or none that matters. */
export function parentOf(table: string, values: Readonly<Record<FieldName, FieldValue | LookupValue>>): { parent?: string } {
	const column = PARENTS[table];
	const value = column === undefined ? undefined : values[column];
	return value !== null && typeof value === 'object' ? { parent: value.id.toLowerCase() } : {};
}

import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../../model/record';
import type { CrmValues } from './invoiceWork';

const ADDRESS = ['name', 'line1', 'line2', 'postalcode', 'city', 'stateorprovince', 'country'];

/** Columns that follow Business Central after the creation. */
export const KEPT_COLUMNS: readonly FieldName[] = [
	'duedate',
	...['shipto', 'billto'].flatMap((prefix) => ADDRESS.map((part) => `${prefix}_${part}`)),
	'discountamount',
	'discountpercentage',
	'freightamount',
	'paymenttermscode',
	'datedelivered',
];

const MONEY: ReadonlySet<FieldName> = new Set(['discountamount', 'discountpercentage', 'freightamount']);

/** The same without what CRM's totals are made of. */
export const withoutMoney = (kept: CrmValues): CrmValues =>
	Object.fromEntries(Object.entries(kept).filter(([column]) => !MONEY.has(column)));

/** What of a row is not as planned. Blank is no text; of a day only the day counts. */
export function differing(kept: CrmValues, row: SystemRecord): Record<FieldName, FieldValue | LookupValue> {
	return Object.fromEntries(
		Object.entries(kept).filter(([column, value]) => spelled(column, row.values[column]) !== spelled(column, value)),
	);
}

function spelled(column: FieldName, value: FieldValue | LookupValue | undefined): string {
	if (value === null || value === undefined || typeof value === 'object') return '';
	if (column === 'duedate' || column === 'datedelivered') return String(value).slice(0, 10);
	// Amounts that were never entered are 0.
	if (typeof value === 'number') return value === 0 ? '' : String(value);
	return String(value).trim();
}

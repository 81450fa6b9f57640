import { compileFilter, type FilterNode } from '../../odata/filter';
import type { CompanyData } from '../data/companyData';
import type { Fields, Row, Value } from '../data/row';
import type { View } from '../model/view';
import { outstandingInvoices, outstandingOrders, overdue, shippedNotInvoiced } from './customerFlows';
import { pathsOf } from './filterRules';

/** Whether an entry a FlowField is calculated from lies within the FlowFilters; by property name of the filter. */
type Within = (entry: Fields) => boolean;
type Sum = (row: Row, company: CompanyData, within: Within | null) => number;

const round = (amount: number): number => Math.round(amount * 100_000) / 100_000;
const total = (entries: readonly Row[], field: string): number =>
	round(entries.reduce((sum, { fields }) => sum + Number(fields[field] ?? 0), 0));

const salesOf: Sum = (customer, company, within) => {
	const entries = company.table('Cust. Ledger Entry').withField('Customer No.', customer.fields['No.'] ?? '');
	const documents = entries.filter(
		({ fields }) =>
			['Invoice', 'Credit Memo'].includes(String(fields['Document Type'])) &&
			(!within || within({ dateFilter_FilterOnly: fields['Posting Date'] ?? '0001-01-01' })),
	);
	return total(documents, 'Sales (LCY)');
};

const purchasesOf: Sum = (vendor, company, within) => {
	const entries = company.table('Vendor Ledger Entry').withField('Vendor No.', vendor.fields['No.'] ?? '');
	return -total(entries.filter(({ fields }) => !within || within({ dateFilter_FilterOnly: fields['Posting Date'] ?? '0001-01-01' })), 'Purchase (LCY)') || 0; // prettier-ignore
};

/** What an entry or line of an item is filtered by; the sandbox has neither drop shipments nor item tracking. */
const placeOf = (location: Value | undefined, variant: Value | undefined, date: Value | undefined): Fields => ({
	Location_Filter: location ?? '',
	Variant_Filter: variant ?? '',
	Drop_Shipment_Filter: 'No',
	Lot_No_Filter: '',
	Serial_No_Filter: '',
	...(date === undefined ? {} : { Date_Filter: date }),
});

/** Inventory knows no date. Stock that came from nowhere (`setCalculated`) lies at the blank location. */
const inventoryOf: Sum = (item, company, within) => {
	const all = Number(item.flow['Inventory'] ?? 0);
	if (!within) return all;
	const entries = company.table('Item Ledger Entry').withField('Item No.', item.fields['No.'] ?? '');
	const placed = entries.map(({ fields }) => ({ place: placeOf(fields['Location Code'], fields['Variant Code'], undefined), quantity: Number(fields['Quantity'] ?? 0) })); // prettier-ignore
	const rest = all - placed.reduce((sum, { quantity }) => sum + quantity, 0);
	const found = placed.filter(({ place }) => within(place)).reduce((sum, { quantity }) => sum + quantity, 0);
	return round(found + (within(placeOf('', '', undefined)) ? rest : 0));
};

const onOrders: Sum = (item, company, within) => {
	if (!within && item.flow['Qty. on Sales Order'] !== undefined) return Number(item.flow['Qty. on Sales Order']);
	const lines = company
		.table('Sales Line')
		.withField('No.', item.fields['No.'] ?? '')
		.filter(({ fields }) => fields['Document Type'] === 'Order' && fields['API Type'] === 'Item');
	const open = lines.filter(({ fields }) => !within || within(placeOf(fields['Location Code'], fields['Variant Code'], fields['Shipment Date'] ?? '0001-01-01'))); // prettier-ignore
	return round(open.reduce((sum, { fields }) => sum + Number(fields['Quantity'] ?? 0) - Number(fields['Quantity Shipped'] ?? 0), 0));
};

/** FlowFields that follow FlowFilters, by view and property. */
const sums: Readonly<Record<string, Readonly<Record<string, Sum>>>> = {
	customerSales: { totalSalesAmount: salesOf },
	vendorPurchases: { totalPurchaseAmount: purchasesOf },
	customerFinancialDetails: { overdueAmount: overdue },
	workflowCustomers: { outstandingOrdersLcy: outstandingOrders, shippedNotInvoicedLcy: shippedNotInvoiced, outstandingInvoicesLcy: outstandingInvoices }, // prettier-ignore
	ItemCard: { Inventory: inventoryOf, Qty_on_Sales_Order: onOrders },
};

const viewOf = (view: View, within: Within | null): View => {
	const own = Object.entries(sums[view.name] ?? {});
	return { ...view, reads: new Map(own.map(([name, sum]) => [name, (row: Row, company: CompanyData) => sum(row, company, within)])) };
};

const plain = new WeakMap<View, View>();

/** The view with its FlowFields calculated from everything. */
function unfiltered(view: View): View {
	if (!sums[view.name]) return view;
	let known = plain.get(view);
	if (!known) plain.set(view, (known = viewOf(view, null)));
	return known;
}

/**
 * Takes the conditions on FlowFilters out of a filter: they choose no rows, they narrow what the FlowFields of the view are calculated from
 * (use-flowfilters-in-odata-uris).
 */
export function withinFlowFilters(view: View, filter: FilterNode | null): { view: View; filter: FilterNode | null } {
	const names = new Set(view.properties.filter(({ filterOnly }) => filterOnly).map(({ name }) => name));
	if (names.size === 0 || !filter) return { view: unfiltered(view), filter };
	const conditions = filter.kind === 'and' ? filter.operands.flatMap((one) => (one.kind === 'and' ? one.operands : [one])) : [filter];
	const narrowing = conditions.filter((condition) => pathsOf(condition).some((path) => names.has(path)));
	const rest = conditions.filter((condition) => !narrowing.includes(condition));
	if (narrowing.length === 0) return { view: unfiltered(view), filter };
	const passes = narrowing.map((condition) => ({ paths: pathsOf(condition), test: compileFilter<Fields>(condition, (entry, path) => entry[path[0]!] ?? '') })); // prettier-ignore
	// A FlowField that does not follow a filter is calculated as if it were not there.
	const within: Within = (entry) => passes.every(({ paths, test }) => !paths.every((path) => path in entry) || test(entry));
	const remaining = rest.length === 0 ? null : rest.length === 1 ? rest[0]! : ({ kind: 'and', operands: rest } as const);
	return { view: viewOf(view, within), filter: remaining };
}

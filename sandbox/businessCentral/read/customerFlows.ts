import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import { cents } from '../rules/totals';

/** A FlowField of a customer, calculated from the rows of other tables. */
type Flow = (customer: Row, company: CompanyData) => number;

const numberOf = ({ fields }: Row, field: string): number => Number(fields[field] ?? 0);

/** Lines of unposted documents that the customer pays, each with the share of its amount that one of its quantities makes up. */
const ofLines =
	(type: string, share: (line: Row) => number): Flow =>
	(customer, company) => {
		const headers = company
			.table('Sales Header')
			.withField('Bill-to Customer No.', customer.fields['No.'] ?? '')
			.filter(({ fields }) => fields['Document Type'] === type);
		const lines = headers.flatMap((header) => company.table('Sales Line').withField('Document Id', header.id));
		return cents(lines.reduce((sum, line) => sum + part(line, share(line)), 0));
	};

const part = (line: Row, quantity: number): number => {
	const all = numberOf(line, 'Quantity');
	return all === 0 ? 0 : (numberOf(line, 'Amount Including VAT') * quantity) / all;
};

/** Table 18: Outstanding Orders (LCY), Shipped Not Invoiced (LCY), Outstanding Invoices (LCY); the sandbox has one currency of amounts. */
export const outstandingOrders = ofLines('Order', (line) => numberOf(line, 'Quantity') - numberOf(line, 'Quantity Shipped'));
export const shippedNotInvoiced = ofLines('Order', (line) => numberOf(line, 'Quantity Shipped') - numberOf(line, 'Quantity Invoiced'));
export const outstandingInvoices = ofLines('Invoice', (line) => numberOf(line, 'Quantity'));

/** Page 30048 sets the date filter of Balance Due (LCY) to yesterday: what remains of entries that were due before today. */
export const overdue: Flow = (customer, company) => {
	const set = customer.flow['Balance Due (LCY)'];
	if (set !== undefined) return Number(set);
	const today = new Date(company.now()).toISOString().slice(0, 10);
	const entries = company.table('Cust. Ledger Entry').withField('Customer No.', customer.fields['No.'] ?? '');
	const due = entries.filter(({ fields }) => String(fields['Due Date'] ?? '9999') < today);
	return cents(due.reduce((sum, entry) => sum + Number(entry.flow['Remaining Amount'] ?? 0), 0));
};

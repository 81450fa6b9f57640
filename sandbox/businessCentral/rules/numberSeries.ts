import type { CompanyData } from '../data/companyData';
import type { NumberSeries } from '../data/settings';
import { dialog, noSetup } from '../errors';
import type { Draft } from '../write/session';

const sales = 'Sales & Receivables Setup';
/** Set-up table that names the series. */
const setups: Readonly<Record<string, string>> = {
	Customer: sales,
	Quote: sales,
	Order: sales,
	Invoice: sales,
	'Credit Memo': sales,
	'Posted Invoice': sales,
	'Posted Shipment': sales,
	'Posted Credit Memo': sales,
	Vendor: 'Purchases & Payables Setup',
	Contact: 'Marketing Setup',
	Opportunity: 'Marketing Setup',
	Item: 'Inventory Setup',
	Employee: 'Human Resources Setup',
	Resource: 'Resources Setup',
	Payment: 'General Ledger Setup',
};

/** AL `Get` of the one record of a set-up table. Throws 404 Internal_RecordNotFound when it is missing. */
export function requireSetup(company: CompanyData, table: string | undefined): void {
	if (table !== undefined && company.settings.missingSetup.has(table)) throw noSetup(table);
}

const numberOf = ({ prefix, digits }: NumberSeries, counter: number): string => `${prefix}${String(counter).padStart(digits, '0')}`;

/** Gives the record the next number of a series when it has none; a number of one's own needs Manual Nos. */
export function assignNumber(draft: Draft, series: string, field = 'No.'): void {
	const line = draft.session.company.settings.series[series];
	if (draft.text(field) !== '') {
		if (line && !line.manual)
			throw dialog(
				`You may not enter numbers manually. If you want to enter numbers manually, please activate Manual Nos. in No. Series ${series}.`,
			);
		return;
	}
	requireSetup(draft.session.company, setups[series]);
	if (!line) throw dialog(`You cannot assign new numbers from the number series ${series}.`);
	const table = draft.session.company.table(draft.table);
	const rest = table.primaryKey.slice(0, -1).map((key) => draft.get(key));
	let number: string;
	do {
		if (line.last !== undefined && line.next > line.last) {
			throw dialog(`You cannot assign numbers greater than ${numberOf(line, line.last)} from the number series ${series}.`);
		}
		number = numberOf(line, line.next++);
	} while (table.getByKey(...rest, number));
	draft.set(field, number);
}

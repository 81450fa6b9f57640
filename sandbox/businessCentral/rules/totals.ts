import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import type { Draft, Session } from '../write/session';
import { withoutBlanks } from '../write/writer';

export const cents = (amount: number): number => Math.round((amount + Number.EPSILON) * 100) / 100;

/** Amounts of one line from quantity, price and discount. A percentage that was sent makes the amount, an amount that was sent the percentage. */
export function lineAmounts(draft: Draft): void {
	const gross = cents(draft.number('Quantity') * draft.number('Unit Price'));
	if (draft.sent.has('Line Discount Amount') && !draft.sent.has('Line Discount %')) {
		draft.set('Line Discount %', gross === 0 ? 0 : Math.round((draft.number('Line Discount Amount') / gross) * 1e7) / 1e5);
	} else {
		draft.set('Line Discount Amount', cents((gross * draft.number('Line Discount %')) / 100));
	}
	const taxed = draft.text('API Type') !== '' && draft.text('API Type') !== 'Comment';
	const percent = taxed ? draft.session.company.settings.vatPercent : 0;
	const net = cents(gross - draft.number('Line Discount Amount'));
	const tax = cents((net * percent) / 100);
	draft.set('VAT %', percent);
	draft.set('Line Amount Excluding Tax', net);
	draft.set('Line Tax Amount', tax);
	draft.set('Line Amount Including Tax', cents(net + tax));
	draft.set('Amount', net);
	draft.set('Tax Amount', tax);
	draft.set('Amount Including VAT', cents(net + tax));
}

export const linesOf = (company: CompanyData, header: Row): Row[] =>
	company
		.table('Sales Line')
		.withField('Document Id', header.id)
		.sort((a, b) => Number(a.fields['Line No.'] ?? 0) - Number(b.fields['Line No.'] ?? 0));

/** Totals as fields of a header: sums of its lines less the invoice discount. */
export function totals(company: CompanyData, header: Row): Record<string, Value> {
	const sum = (field: string) => linesOf(company, header).reduce((total, { fields }) => total + Number(fields[field] ?? 0), 0);
	const discount = Number(header.fields['Invoice Discount Amount'] ?? 0);
	const net = cents(sum('Amount') - discount);
	const tax = cents(sum('Tax Amount') - (discount * (net > 0 ? company.settings.vatPercent : 0)) / 100);
	return { Amount: net, 'Total Tax Amount': tax, 'Amount Including VAT': cents(net + tax) };
}

/**
 * After a line changed. The header's buffer row stores the totals, so its stamp moves only when they differ; webhook subscribers of the header are told
 * in any case.
 */
export function headerFollows(session: Session, headerId: Value): void {
	const { company, user } = session;
	const header = company.table('Sales Header').get(String(headerId));
	if (!header) return;
	const after = company.modify('Sales Header', header, withoutBlanks({ ...header.fields, ...totals(company, header) }), user);
	if (after === header) company.installation.changed(company, 'Sales Header', 'updated', header, header, user);
}

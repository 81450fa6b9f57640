import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import type { Draft, Session } from '../write/session';
import { withoutBlanks } from '../write/writer';

/** Half away from zero, as AL's Round does; the small addition takes the error of binary fractions away. */
export const cents = (amount: number): number => (Math.sign(amount) * Math.round((Math.abs(amount) + 1e-9) * 100)) / 100;

/**
 * Amounts of one line from quantity, price and line discount, before the invoice discount. A percentage that was sent makes the amount, an amount that
 * was sent the percentage. With prices including VAT the line amount is gross.
 */
export function lineAmounts(draft: Draft, pricesIncludeVat: boolean): void {
	const gross = cents(draft.number('Quantity') * draft.number('Unit Price'));
	if (draft.sent.has('Line Discount Amount')) {
		draft.set('Line Discount %', gross === 0 ? 0 : Math.round((draft.number('Line Discount Amount') / gross) * 1e7) / 1e5);
	} else {
		draft.set('Line Discount Amount', cents((gross * draft.number('Line Discount %')) / 100));
	}
	const taxed = draft.text('API Type') !== '' && draft.text('API Type') !== 'Comment';
	const percent = taxed ? draft.session.company.settings.vatPercent : 0;
	const amount = cents(gross - draft.number('Line Discount Amount'));
	const excluding = pricesIncludeVat ? cents(amount / (1 + percent / 100)) : amount;
	const including = pricesIncludeVat ? amount : cents(amount * (1 + percent / 100));
	draft.set('VAT %', percent);
	draft.set('Line Amount', amount);
	draft.set('Line Amount Excluding Tax', excluding);
	draft.set('Line Tax Amount', cents(including - excluding));
	draft.set('Line Amount Including Tax', including);
}

export const linesOf = (company: CompanyData, header: Row): Row[] =>
	company
		.table('Sales Line')
		.withField('Document Id', header.id)
		.sort((a, b) => Number(a.fields['Line No.'] ?? 0) - Number(b.fields['Line No.'] ?? 0));

const number = (row: Row, field: string): number => Number(row.fields[field] ?? 0);

/** G/L account lines take no part in the invoice discount, items and resources do unless their card says otherwise. */
export function takesDiscount(company: CompanyData, line: Row): boolean {
	const type = String(line.fields['API Type'] ?? '');
	if (type !== 'Item' && type !== 'Resource') return false;
	return company.table(type).getByKey(line.fields['No.'] ?? '')?.fields['Allow Invoice Disc.'] !== 'No';
}

/** What an invoice discount is spread over. */
export const discountBase = (company: CompanyData, header: Row): number =>
	cents(linesOf(company, header).reduce((sum, line) => sum + (takesDiscount(company, line) ? number(line, 'Line Amount') : 0), 0));

/** The invoice discount: an amount somebody gave, else the customer's own percentage (table Cust. Invoice Disc.). */
function discountOf(company: CompanyData, header: Row, base: number): number {
	// Somebody took the discount away.
	if (header.fields['Invoice Discount Calculation'] === 'None') return 0;
	const given = header.fields['Invoice Discount Calculation'] === 'Amount';
	const percent = company.settings.invoiceDiscountPercent[String(header.fields['Bill-to Customer No.'] ?? '')] ?? 0;
	return base <= 0 ? 0 : given ? number(header, 'Invoice Discount Amount') : cents((base * percent) / 100);
}

/**
 * Spreads the invoice discount over the lines and gives the header's totals: the sums of its lines. What rounding leaves over goes on to the next line,
 * so the lines add up to the header (codeunit Sales-Calc. Discount; test TestModifyOrderSetManualDiscount).
 */
export function spread(session: Session, header: Row): Record<string, Value> {
	const { company, user } = session;
	const base = discountBase(company, header);
	const discount = discountOf(company, header, base);
	const including = header.fields['Prices Including VAT'] === true;
	let [sum, allocated, net, gross, exact] = [0, 0, 0, 0, 0];
	for (const line of linesOf(company, header)) {
		const amount = number(line, 'Line Amount');
		let share = 0;
		if (discount !== 0 && takesDiscount(company, line)) {
			sum += amount;
			share = cents(cents((discount * sum) / base) - allocated);
			allocated = cents(allocated + share);
		}
		const rate = 1 + number(line, 'VAT %') / 100;
		const lineNet = including ? cents((amount - share) / rate) : cents(amount - share);
		exact += including ? amount - share : lineNet * rate;
		const lineGross = including ? cents(amount - share) : cents(cents(exact) - gross);
		net = cents(net + lineNet);
		gross = cents(gross + lineGross);
		const fields = {
			...line.fields,
			'Inv. Discount Amount Excl. VAT': cents(number(line, 'Line Amount Excluding Tax') - lineNet),
			Amount: lineNet,
			'Tax Amount': cents(lineGross - lineNet),
			'Amount Including VAT': lineGross,
		};
		company.modify('Sales Line', line, withoutBlanks(fields), user);
	}
	return { Amount: net, 'Total Tax Amount': cents(gross - net), 'Amount Including VAT': gross, 'Invoice Discount Amount': discount };
}

/**
 * After a line changed. The header's buffer row stores the totals, so its stamp moves only when they differ; webhook subscribers of the header are told
 * in any case.
 */
export function headerFollows(session: Session, headerId: Value): void {
	const { company, user } = session;
	const header = company.table('Sales Header').get(String(headerId));
	if (!header) return;
	// A discount that was taken away is calculated anew with the next change of a line (codeunit Sales - Calc Discount By Type).
	const { 'Invoice Discount Calculation': calculation, ...rest } = header.fields;
	const fields = calculation === 'None' ? rest : header.fields;
	const after = company.modify('Sales Header', header, withoutBlanks({ ...fields, ...spread(session, { ...header, fields }) }), user);
	if (after === header) company.installation.changed(company, 'Sales Header', 'updated', header, header, user);
}

import type { Row } from '../../data/row';
import { stampText } from '../../data/stamp';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { linesOf } from '../totals';

/** Whether Sales & Receivables Setup asks for it: Archive Orders for orders, Archive Quotes = Always for quotes. */
function wanted({ company }: Session, row: Row): boolean {
	const setup = [...company.table('Sales & Receivables Setup').rows()][0];
	if (row.fields['Document Type'] === 'Order') return setup?.fields['Archive Orders'] === true;
	return row.fields['Document Type'] === 'Quote' && setup?.fields['Archive Quotes'] === 'Always';
}

/** Archives come into being when an order or quote is deleted, posted or converted, where the set-up asks for it. */
export function archive(session: Session, row: Row): void {
	if (wanted(session, row)) archiveVersion(session, row);
}

const lineTypes: Readonly<Record<string, string>> = {
	Item: 'Item',
	Resource: 'Resource',
	Account: 'G/L Account',
	'Fixed Asset': 'Fixed Asset',
};

/** A version of an order or quote as it is now. Another document that gets the same number begins a new occurrence. */
export function archiveVersion({ company, user }: Session, row: Row): void {
	const { 'No.': number = '', 'Document Type': type = '' } = row.fields;
	const earlier = company
		.table('Sales Header Archive')
		.withField('No.', number)
		.filter(({ fields }) => fields['Document Type'] === type);
	const others = new Set(earlier.map(({ fields }) => fields['Source Doc. Id']).filter((id) => id !== row.id));
	const version = {
		'Doc. No. Occurrence': others.size + 1,
		'Version No.': earlier.filter(({ fields }) => fields['Source Doc. Id'] === row.id).length + 1,
	};
	const more = { 'Date Archived': stampText(company.now()).slice(0, 10), 'Archived By': user, 'Source Doc. Id': row.id };
	const kept = company.insert('Sales Header Archive', withoutBlanks({ ...row.fields, ...version, ...more }), user);
	for (const { fields } of linesOf(company, row)) {
		const shipped = Number(fields['Quantity Shipped'] ?? 0);
		const own = {
			'Document Id': kept.id,
			'Document Type': type,
			'Document No.': number,
			Type: lineTypes[String(fields['API Type'] ?? '')] ?? ' ',
			'Outstanding Quantity': type === 'Order' ? Number(fields['Quantity'] ?? 0) - shipped : 0,
		};
		company.insert('Sales Line Archive', withoutBlanks({ ...fields, ...version, ...own }), user);
	}
}

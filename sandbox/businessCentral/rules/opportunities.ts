import { stampText } from '../data/stamp';
import { dialog } from '../errors';
import type { Draft, TableRules } from '../write/session';
import { assignNumber } from './numberSeries';

const contactOf = (draft: Draft) => draft.session.company.table('Contact').getByKey(draft.text('Contact No.'));

function contactChanged(draft: Draft): void {
	const status = draft.before?.fields['Status'];
	if (draft.text('Contact No.') === '') throw dialog('The contactNumber must be specified. The blank contactNumber is not allowed.');
	if (status === 'Won' || status === 'Lost') throw dialog('Contact No. cannot be changed because the opportunity is closed.');
	const contact = contactOf(draft);
	const company = contact?.fields['Company No.'] ?? '';
	if (status === 'In Progress' && draft.before?.fields['Contact Company No.'] !== company) {
		throw dialog('The contact of a started opportunity cannot be moved to another company.');
	}
	draft.set('Contact Company No.', company);
	if (!draft.sent.has('Salesperson Code') && draft.text('Salesperson Code') === '')
		draft.set('Salesperson Code', contact?.fields['Salesperson Code'] ?? '');
}

export const opportunityRules: TableRules = {
	validate: {
		'Contact No.': contactChanged,
		'Salesperson Code'(draft) {
			if (draft.before && ['Won', 'Lost'].includes(draft.text('Status')))
				throw dialog('Salesperson Code cannot be changed because the opportunity is closed.');
		},
	},
	beforeInsert(draft) {
		assignNumber(draft, 'Opportunity');
		draft.set('Creation Date', stampText(draft.session.company.now()).slice(0, 10));
		if (draft.text('Status') === '') draft.set('Status', 'Not Started');
	},
};

/** DELETE of a salesperson fails while open opportunities use the code. */
export const salespersonRules: TableRules = {
	beforeDelete({ company }, row) {
		const code = row.fields['Code'] ?? '';
		const open = company
			.table('Opportunity')
			.withField('Salesperson Code', code)
			.some(({ fields }) => fields['Closed'] !== true);
		if (open) throw dialog(`You cannot delete the salesperson/purchaser with code ${String(code)} because it has open opportunities.`);
	},
};

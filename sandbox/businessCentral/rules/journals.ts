import type { Value } from '../data/row';
import { stampText } from '../data/stamp';
import { dialog } from '../errors';
import type { Draft, TableRules } from '../write/session';

function appliesTo(draft: Draft, id: Value): void {
	const invoice = draft.session.company.table('Sales Header').get(String(id));
	if (invoice?.fields['Document Type'] !== 'Posted Invoice') {
		throw dialog('The "appliesToInvoiceId" should be the ID of an Open, Paid, Corrective, or Canceled Invoice.');
	}
	draft.set('Applies-to Invoice Id', invoice.id);
	draft.set('Applies-to Doc. No.', invoice.fields['No.'] ?? '');
}

/** Lines of a customer payment journal: entered here, posted by a person. */
export const journalLineRules: TableRules = {
	setProperty: { appliesToInvoiceId: appliesTo },
	beforeInsert(draft) {
		const batch = draft.text('Journal Batch Id');
		if (batch === '') throw dialog('You must specify a journal batch ID or a journal ID to get a journal line.');
		const lines = draft.session.company.table('Gen. Journal Line').withField('Journal Batch Id', batch);
		if (draft.number('Line No.') === 0)
			draft.set('Line No.', Math.max(0, ...lines.map(({ fields }) => Number(fields['Line No.'] ?? 0))) + 10000);
		if (draft.text('Posting Date') === '') draft.set('Posting Date', stampText(draft.session.company.now()).slice(0, 10));
	},
};

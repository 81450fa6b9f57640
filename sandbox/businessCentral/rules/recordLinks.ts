import { stampText } from '../data/stamp';
import { keptTables } from '../extension/documentTables';
import { alTables } from '../model/alTables';
import { notFound, testField } from '../errors';
import type { Draft, TableRules } from '../write/session';

/** Notes of records, as the page of the extension writes them: a note belongs to one record from the beginning. */
const fixed = (field: string) => (draft: Draft) => {
	if (draft.before && draft.changed(field)) throw testField("Link ID must be equal to '0' in Record Link.");
};

export const recordLinkRules: TableRules = {
	validate: { 'Record Table No.': fixed('Record Table No.'), 'Record SystemId': fixed('Record SystemId') },
	beforeInsert(draft) {
		const { company, user } = draft.session;
		const table = [...alTables.values()].find(({ tableNo }) => tableNo === draft.number('Record Table No.'));
		const kept = table && (keptTables[table.name]?.table ?? table.name);
		if (!kept || !company.table(kept).get(draft.text('Record SystemId'))) throw notFound();
		draft.set('Link ID', Math.max(0, ...[...company.table('Record Link').rows()].map(({ fields }) => Number(fields['Link ID'] ?? 0))) + 1);
		draft.set('Created', stampText(company.now()));
		draft.set('User ID', user);
		draft.set('Company', company.settings.name);
	},
};

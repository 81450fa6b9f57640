import type { Value } from '../data/row';
import { dialog, sameKey } from '../errors';
import type { Draft, TableRules } from '../write/session';

function dimension(draft: Draft): void {
	if (draft.text('Dimension Code') === '') throw dialog('The "id" or "code" field must be filled in.');
	if (!draft.session.company.table('Dimension').getByKey(draft.text('Dimension Code')))
		throw dialog('The "code" does not match to a Dimension.');
	if (draft.before && draft.changed('Dimension Code')) throw dialog('The "id" and "code" fields cannot be modified.');
}

function valueById(draft: Draft, id: Value): void {
	const value = draft.session.company.table('Dimension Value').get(String(id));
	if (!value) throw dialog('The "valueId" does not match to a Dimension Value.');
	draft.set('Dimension Value Code', value.fields['Code'] ?? '');
}

function value(draft: Draft): void {
	const code = draft.text('Dimension Value Code');
	if (code === '') throw dialog('The "valueId" or "valueCode" field must be filled in.');
	if (!draft.session.company.table('Dimension Value').getByKey(draft.text('Dimension Code'), code)) {
		throw dialog('The "valueCode" does not match to a Dimension Value.');
	}
}

/** Dimensions of a document or line: reached and written through it only (page APIV2 - Dimension Set Lines). */
export const dimensionSetRules: TableRules = {
	setProperty: { valueId: valueById, valueCode: (draft, code) => draft.set('Dimension Value Code', code) },
	beforeInsert(draft) {
		if (draft.text('Parent Id') === '') throw dialog('You must get to the parent first to create a dimension set line.');
		dimension(draft);
		value(draft);
		const table = draft.session.company.table('Dimension Set Entry');
		if (table.getByKey(draft.get('Parent Id'), draft.get('Dimension Code'))) {
			throw dialog(
				'The dimension set line already exists. Check existing dimension set lines and the default dimension set lines on the parent.',
			);
		}
	},
	beforeModify(draft) {
		dimension(draft);
		value(draft);
	},
};

export const defaultDimensionRules: TableRules = {
	setProperty: { dimensionValueId: valueById },
	beforeInsert(draft) {
		if (draft.text('ParentId') === '') throw dialog('You must get to the parent first to get to the default dimensions.');
		dimension(draft);
		const table = draft.session.company.table('Default Dimension');
		if (table.getByKey(draft.get('ParentId'), draft.get('Dimension Code')))
			throw sameKey('Default Dimension', draft.text('Dimension Code'));
	},
};

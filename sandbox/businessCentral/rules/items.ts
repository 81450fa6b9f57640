import type { Row } from '../data/row';
import { dialog } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import { setField } from '../write/writer';
import { removePrices } from './prices';
import { assignNumber } from './numberSeries';
import { applyTemplate } from './template';

/** BC keeps an Item Unit of Measure (or Resource Unit of Measure) row for the base unit. */
function baseUnit(session: Session, kind: 'Item' | 'Resource', row: Row): void {
	const code = row.fields['Base Unit of Measure'];
	const table = `${kind} Unit of Measure`;
	const number = row.fields['No.'] ?? '';
	if (!code || session.company.table(table).getByKey(number, code)) return;
	session.company.insert(table, { [`${kind} No.`]: number, Code: code, 'Qty. per Unit of Measure': 1 }, session.user);
}

function unitGroup(session: Session, kind: 'Item' | 'Resource', row: Row): void {
	const number = row.fields['No.'] ?? '';
	session.company.insert('Unit Group', { 'Source Type': kind, 'Source Id': row.id, 'Source No.': number, Code: number }, session.user);
}

function removeUnits(session: Session, kind: 'Item' | 'Resource', row: Row): void {
	const { company, user } = session;
	for (const unit of company.table(`${kind} Unit of Measure`).withField(`${kind} No.`, row.fields['No.'] ?? ''))
		company.remove(`${kind} Unit of Measure`, unit, user);
	for (const group of company.table('Unit Group').withField('Source Id', row.id)) company.remove('Unit Group', group, user);
	const number = row.fields['No.'] ?? '';
	if (kind === 'Item') removePrices(session, 'Sales Price', 'Item No.', number);
	removePrices(session, 'Price List Line', 'Asset No.', number, { 'Asset Type': kind });
}

/** A different inventory on PATCH posts an item journal; on POST it is refused. */
function setInventory(draft: Draft, value: string | number | boolean): void {
	if (!draft.before) throw dialog('Inventory cannot be set when an item is created.');
	const row = draft.session.company.table('Item').get(draft.before.id);
	if (row && row.flow['Inventory'] !== value) draft.session.company.setFlow('Item', row, { Inventory: value });
}

export const itemRules: TableRules = {
	setProperty: { inventory: setInventory },
	beforeInsert(draft) {
		assignNumber(draft, 'Item');
		applyTemplate(draft);
	},
	afterInsert(draft, row) {
		baseUnit(draft.session, 'Item', row);
		unitGroup(draft.session, 'Item', row);
	},
	afterModify: (draft, row) => baseUnit(draft.session, 'Item', row),
	beforeDelete({ company }, row) {
		const used = company.table('Sales Line').withField('No.', row.fields['No.'] ?? '');
		if (used.some(({ fields }) => fields['API Type'] === 'Item' && !String(fields['Document Type']).startsWith('Posted'))) {
			throw dialog(
				`You cannot delete Item ${String(row.fields['No.'])} because there is at least one outstanding Sales document that includes this item.`,
			);
		}
	},
	afterDelete: (session, row) => removeUnits(session, 'Item', row),
};

export const resourceRules: TableRules = {
	beforeInsert: (draft) => assignNumber(draft, 'Resource'),
	afterInsert(draft, row) {
		baseUnit(draft.session, 'Resource', row);
		unitGroup(draft.session, 'Resource', row);
	},
	afterModify: (draft, row) => baseUnit(draft.session, 'Resource', row),
	afterDelete: (session, row) => removeUnits(session, 'Resource', row),
};

export const itemVariantRules: TableRules = {
	setProperty: { itemNumber: (draft, value) => setField(draft, 'Item No.', value) },
	beforeInsert(draft) {
		if (draft.text('Item No.') === '') throw dialog('You must specify an itemId or an itemNumber.');
		if (draft.text('Code') === '') throw dialog('Code must have a value in Item Variant.');
	},
};

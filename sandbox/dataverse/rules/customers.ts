import { typeKey } from '../model';
import type { Rules } from './rule';

/** Read-only accountid and contactid beside the customer of documents and opportunities; the same of a contact's company. */
export const customers: Rules = {
	tables: ['opportunity', 'quote', 'salesorder', 'invoice', 'contact'],
	fill({ table, changes }) {
		const column = table.logicalName === 'contact' ? 'parentcustomerid' : 'customerid';
		if (!(column in changes)) return;
		const type = changes[column] === null ? null : changes[typeKey(column)];
		const contact = table.logicalName === 'contact' ? 'parentcontactid' : 'contactid';
		changes.accountid = type === 'account' ? changes[column]! : null;
		changes[contact] = type === 'contact' ? changes[column]! : null;
	},
};

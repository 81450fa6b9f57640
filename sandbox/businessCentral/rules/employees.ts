import type { Draft, TableRules } from '../write/session';
import { assignNumber } from './numberSeries';

const fullName = (draft: Draft): void => draft.set('Full Name', `${draft.text('First Name')} ${draft.text('Last Name')}`.trim());

/** Employees: number series, and the name made of first and last name. */
export const employeeRules: TableRules = {
	beforeInsert(draft) {
		assignNumber(draft, 'Employee');
		if (draft.text('Status') === '') draft.set('Status', 'Active');
		fullName(draft);
	},
	beforeModify: fullName,
};

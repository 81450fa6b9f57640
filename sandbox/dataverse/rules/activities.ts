import { notSupported } from '../errors';
import type { Changes } from '../values';
import type { Rules, Write } from './rule';

const kinds = ['task', 'phonecall', 'email', 'appointment'];
const shared = ['subject', 'description', 'regardingobjectid', 'regardingobjectidtype', 'scheduledstart', 'scheduledend', 'actualstart', 'actualend', 'prioritycode', 'ownerid', 'owneridtype', 'owningbusinessunit', 'owninguser', 'owningteam']; // prettier-ignore

/**
 * Every activity has a row among all activities; that one and the parties only change with the activity itself.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/activity-entities
 */
export const activities: Rules = {
	tables: [...kinds, 'activitypointer', 'activityparty'],
	check({ table, before }) {
		// Parties come with the activity they belong to; what a client posts itself is refused before.
		if (before !== null && !kinds.includes(table.logicalName)) throw notSupported('Update', table.logicalName);
	},
	fill({ table, changes, before }) {
		if (before === null && kinds.includes(table.logicalName)) changes.activitytypecode = table.logicalName;
		if (before === null && table.columns.has('prioritycode')) changes.prioritycode ??= 1;
	},
	after(write) {
		if (!kinds.includes(write.table.logicalName) || !write.crm.model.tables.has('activitypointer')) return;
		write.crm.db.beside(() => mirror(write));
	},
	afterDelete({ table, id, crm }) {
		if (kinds.includes(table.logicalName)) crm.db.beside(() => crm.db.delete('activitypointer', id));
	},
};

function mirror({ table, id, crm, session }: Write): void {
	const row = crm.db.row(table.logicalName, id)!;
	const values: Changes = { activityid: id, activitytypecode: table.logicalName };
	for (const name of shared) values[name] = row[name] ?? null;
	const state = Number(row.statecode);
	Object.assign(values, { statecode: state, statuscode: state + 1 });
	if (crm.db.row('activitypointer', id)) crm.touch('activitypointer', id, values, session);
	else crm.seed('activitypointer', values, session);
}

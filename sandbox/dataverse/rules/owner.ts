import { typeKey } from '../model';
import type { Rules } from './rule';

/** Owner of user-owned rows: the caller unless given; the owning columns follow (schema conventions, ownerid). */
export const owner: Rules = {
	tables: 'all',
	check({ table, before, changes, crm, session }) {
		if (table.ownership !== 'UserOwned' || !table.columns.has('ownerid')) return;
		if (before !== null && ((changes.ownerid ?? null) === null || changes.ownerid === before.ownerid)) return;
		const owner = String(changes.ownerid ?? session.user);
		const type = changes.ownerid == null ? 'systemuser' : String(changes[typeKey('ownerid')] ?? 'systemuser');
		crm.privileges.demandOfOwner(owner, type, table.logicalName, session.user);
	},
	fill(write) {
		const { table, before, changes, crm, session } = write;
		const column = table.columns.get('ownerid');
		if (!column || table.ownership !== 'UserOwned') return;
		if (before !== null && (changes.ownerid ?? null) === null) delete changes.ownerid;
		if (before !== null && !('ownerid' in changes)) return;
		if ((changes.ownerid ?? null) === null) {
			changes.ownerid = session.user;
			changes[typeKey('ownerid')] = 'systemuser';
		}
		const type = String((changes[typeKey('ownerid')] ??= 'systemuser'));
		const holder = crm.db.row(type, String(changes.ownerid));
		if (table.columns.has('owninguser')) changes.owninguser = type === 'systemuser' ? changes.ownerid! : null;
		if (table.columns.has('owningteam')) changes.owningteam = type === 'team' ? changes.ownerid! : null;
		if (table.columns.has('owningbusinessunit')) changes.owningbusinessunit = holder?.businessunitid ?? crm.environment.businessUnitId;
	},
};

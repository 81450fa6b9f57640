import { DataverseError } from './errors';
import type { Platform } from './platform';
import type { Session } from './environment';

/**
 * Who a request acts as: the signed-in user (an application id stands for its application user), or the user it impersonates.
 * Throws 403 for strangers, disabled users and missing privileges.
 */
export function identify(platform: Platform, user: string, headers: Record<string, string>, tag?: string): Session {
	const who = principals(platform, user, headers);
	const bypass = bypassOf(platform, who.caller ?? who.user, headers);
	return { ...who, ...(bypass && { bypass }), ...(tag !== undefined && { tag }) };
}

/** Source: https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic */
function bypassOf(platform: Platform, user: string, headers: Record<string, string>): Session['bypass'] {
	const all = headers['mscrm.bypasscustompluginexecution']?.trim().toLowerCase() === 'true';
	const kinds = headers['mscrm.bypassbusinesslogicexecution']?.split(',').map((kind) => kind.trim()) ?? [];
	const steps = headers['mscrm.bypassbusinesslogicexecutionstepids']?.split(',').map((id) => id.trim().toLowerCase()) ?? [];
	if (!all && kinds.length === 0 && steps.length === 0) return undefined;
	if (all) platform.privileges.demandNamed([user], 'prvBypassCustomPlugins');
	if (kinds.length || steps.length) platform.privileges.demandNamed([user], 'prvBypassCustomBusinessLogic');
	if (steps.length > 3) throw new DataverseError(400, '0x80048d4c', 'At most 3 steps can be bypassed.');
	return { sync: all || kinds.includes('CustomSync'), async: kinds.includes('CustomAsync'), steps };
}

function principals(platform: Platform, user: string, headers: Record<string, string>): Session {
	const caller = userRow(platform, user);
	const byId = headers.mscrmcallerid;
	const byObject = headers.callerobjectid;
	if (!byId && !byObject) return { user: caller, caller: null };
	if (!platform.privileges.holds(caller, 'prvActOnBehalfOfAnotherUser')) {
		throw new DataverseError(403, '0x80040220', `Principal user (Id=${caller}) is missing prvActOnBehalfOfAnotherUser privilege.`);
	}
	const text = (byObject ?? byId)!.toLowerCase();
	const ids = byObject ? platform.db.store('systemuser').having('azureactivedirectoryobjectid', text) : new Set([text]);
	const target = [...ids][0];
	if (!target || !platform.db.row('systemuser', target)) {
		throw new DataverseError(403, '0x80048306', `The user to impersonate (${text}) does not exist in the organization.`);
	}
	return target === caller ? { user: caller, caller: null } : { user: target, caller };
}

function userRow(platform: Platform, user: string): string {
	const id = user.toLowerCase();
	const row = platform.db.row('systemuser', id) ?? application(platform, id);
	if (!row) throw new DataverseError(403, '0x80072560', 'The user is not a member of the organization.');
	if (row.isdisabled === true) throw new DataverseError(403, '0x80040225', `The specified user(Id = ${String(row.systemuserid)}) is disabled. Consider enabling this user.`); // prettier-ignore
	return String(row.systemuserid);
}

function application(platform: Platform, id: string) {
	const [found] = platform.db.store('systemuser').having('applicationid', id);
	return found === undefined ? undefined : platform.db.row('systemuser', found);
}
